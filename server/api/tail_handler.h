// GET /api/v1/logs/tail: entries as they arrive, as Server-Sent Events, for whoever may read.
//
//   q, project      as of GET /api/v1/logs
//   cursor          the id of the last event seen; without it, from now on
//   Last-Event-ID   the same as a header, which a browser sends when it connects again; it wins
//
//   event: entry    an entry, whole; an interrupted one that was completed comes again
//   event: dropped  {"dropped":n}: so many entries arrived that were passed over, whether they match or not, because
//   the
//                   reader was too slow or its cursor too old
//   event: end      {"reason":"draining"|"unauthorized"}: the server ends, or the reader's session or token has
//
// Every event has an id; a comment comes when there was nothing for 15 s. 429 when there are too many tails, of all or
// of one reader.
#ifndef LOGS_SERVER_API_TAIL_HANDLER_H_
#define LOGS_SERVER_API_TAIL_HANDLER_H_

#include "server/http/router.h"

namespace logs_server {

class TailFeed;

// `feed` outlives the router. `reader` is asked again while a tail lasts.
void add_tail_route(Router& router, TailFeed& feed, const Guard& reader);

}  // namespace logs_server

#endif  // LOGS_SERVER_API_TAIL_HANDLER_H_
