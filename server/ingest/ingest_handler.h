// POST /api/v1/ingest/logs: a batch in, durable before the answer, a verdict for each entry.
//
// Thread-safety: every call from any thread.
#ifndef LOGS_SERVER_INGEST_INGEST_HANDLER_H_
#define LOGS_SERVER_INGEST_INGEST_HANDLER_H_

#include "server/http/router.h"
#include "server/ingest/commit_queue.h"
#include "src/base/clock.h"

namespace logs_server {

class IngestHandler {
 public:
  // Both outlive the handler and every request it took.
  IngestHandler(CommitQueue& queue, const logs_sdk::Clock& clock) : queue_(queue), clock_(clock) {}

  // Adds the route. `guard` refuses whoever shows no ingest key, and names the key's project as principal.
  void add_to(Router& router, Guard guard);

 private:
  void ingest(Request& request, const Responder& responder);

  CommitQueue& queue_;
  const logs_sdk::Clock& clock_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_INGEST_HANDLER_H_
