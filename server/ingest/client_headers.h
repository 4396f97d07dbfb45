// What the headers of a post say of the client that sent it: X-Logs-Instance, X-Logs-Ledger and X-SDK-*.
#ifndef LOGS_SERVER_INGEST_CLIENT_HEADERS_H_
#define LOGS_SERVER_INGEST_CLIENT_HEADERS_H_

#include <optional>
#include <string_view>

#include "server/http/request.h"
#include "server/store/client_record.h"

namespace logs_server {

struct ClientHeaders {
  // None without an instance: the older clients, and other members of their family, name none.
  std::optional<ClientPost> post;
  // A header that is there and cannot be read. What it would have said is left out, the entries are taken all the same.
  bool malformed = false;
};

// Project and peer are those of the request; time and entries are for the caller to fill in.
ClientHeaders read_client_headers(const Request& request);

// "captured=5, delivered=3, duplicate=0, rejected=0, dropped=1": each of the five once, in any order; others are
// skipped. None: anything else, or a number above 2^53, which JSON readers would no longer show exactly.
std::optional<ClientLedger> parse_ledger(std::string_view text);

// The host an entry names; empty when it names none.
std::string_view host_of(std::string_view document);

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_CLIENT_HEADERS_H_
