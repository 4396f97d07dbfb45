// GET /api/v1/logs and GET /api/v1/logs/{uuid}: what is stored, for whoever may read.
//
//   from, to   RFC 3339 or Unix milliseconds; `to` is not included. Missing: no bound
//   q          the query language of docs/query.md
//   project    one project's entries only
//   limit      entries of a page, 1 to 1000, 100 when missing
//   cursor     next_cursor of the page before; the other parameters stay as they were
//
// A page: {"logs":[…],"next_cursor":"…"|null,"scanned":n,"damaged":n,"complete":true}. Entries are whole documents,
// newest first. next_cursor is null when the range is at its end. `complete` is false when time or room ran out before
// the page was full: the page holds what was found so far, and next_cursor goes on behind it. `damaged`: scanned
// entries that the store can no longer read, which are left out. Errors: {"error":"…"}, with "position" (in characters
// of q, from 0) when the query is at fault.
#ifndef LOGS_SERVER_API_LOGS_HANDLER_H_
#define LOGS_SERVER_API_LOGS_HANDLER_H_

#include <chrono>
#include <cstddef>
#include <functional>

#include "server/http/router.h"
#include "server/store/store.h"
#include "src/base/clock.h"

namespace logs_server {

struct LogsOptions {
  // A scan that finds nothing reads on for so long; more lets one reader occupy a worker longer.
  std::chrono::milliseconds scan_time = std::chrono::seconds(1);
  // A page ends when its documents reach this; it always holds one.
  std::size_t max_page_bytes = std::size_t{16} << 20;
  // Called when one scan has met more entries that the store can no longer read than any before; may be empty. For the
  // server's log: whoever asked was told, but may not be who can mend it.
  std::function<void(std::size_t damaged)> on_damaged = {};
};

// `store` and `clock` outlive the router; `reader` guards both routes.
void add_logs_routes(Router& router, Store& store, const logs_sdk::Clock& clock, const Guard& reader,
                     LogsOptions options = {});

}  // namespace logs_server

#endif  // LOGS_SERVER_API_LOGS_HANDLER_H_
