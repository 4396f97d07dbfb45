// POST /api/v1/ingest/logs and /api/v1/ingest/infra-logs: a batch in, durable before the answer, a verdict for each
// entry.
//
// Thread-safety: every call from any thread.
#ifndef LOGS_SERVER_INGEST_INGEST_HANDLER_H_
#define LOGS_SERVER_INGEST_INGEST_HANDLER_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "server/enrich/enricher.h"
#include "server/http/router.h"
#include "server/ingest/commit_queue.h"
#include "server/ingest/rejection_counts.h"
#include "server/store/stored_entry.h"
#include "src/base/clock.h"

namespace logs_server {

class IngestHandler {
 public:
  // All of them outlive the handler and every request it took. Without an enricher fields stay as they come.
  IngestHandler(CommitQueue& queue, const logs_sdk::Clock& clock, const Enricher* enricher = nullptr)
      : queue_(queue), clock_(clock), enricher_(enricher) {}

  // Adds both routes. `guard` refuses whoever shows no ingest key, and names the key's project as principal.
  void add_to(Router& router, const Guard& guard);

  const RejectionCounts& rejections() const { return rejections_; }
  // Posts whose headers on their client could not be read, since the start.
  std::uint64_t malformed_client_headers() const { return malformed_client_headers_; }
  // Entries in which there was something to mask, since the start: their clients had not.
  std::uint64_t masked_entries() const { return masked_entries_; }

 private:
  void add(Router& router, std::string pattern, EntryKind kind, const Guard& guard);
  void ingest(EntryKind kind, Request& request, const Responder& responder);

  CommitQueue& queue_;
  const logs_sdk::Clock& clock_;
  const Enricher* const enricher_;
  RejectionCounts rejections_;
  std::atomic<std::uint64_t> malformed_client_headers_ = 0;
  std::atomic<std::uint64_t> masked_entries_ = 0;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_INGEST_HANDLER_H_
