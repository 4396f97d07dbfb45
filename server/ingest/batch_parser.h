// BatchParser: the body of `POST ingest/logs` and `ingest/infra-logs` as entries for the store and a verdict for each
// that is refused.
//
// Thread-safety: one thread at a time (it keeps the index of its last body); one per thread is cheap.
#ifndef LOGS_SERVER_INGEST_BATCH_PARSER_H_
#define LOGS_SERVER_INGEST_BATCH_PARSER_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/http/response.h"
#include "server/ingest/receipt.h"
#include "server/store/stored_entry.h"

namespace logs_server {

inline constexpr std::size_t kMaxBatchBytes = std::size_t{8} << 20;  // decoded
inline constexpr std::size_t kMaxBatchEntries = 10'000;

struct RejectedEntry {
  std::size_t index = 0;  // in the batch
  std::string uuid;       // as sent, 32 hex; empty when it has none that can be read
  std::string reason;     // names field and type, never a value
};

struct ParsedBatch {
  std::vector<NewEntry> entries;  // in the order sent
  std::vector<RejectedEntry> rejected;
  std::size_t masked = 0;  // of the entries: those in which there was something to mask
};

class BatchParser {
 public:
  BatchParser();
  ~BatchParser();
  BatchParser(const BatchParser&) = delete;
  BatchParser& operator=(const BatchParser&) = delete;

  // Replaces `out`. Grows the capacity of `body` by what the parser reads beyond its end; its bytes stay. Returns the
  // answer that refuses the whole batch, or none: 400 with the offset when it is not JSON, or not {"logs":[…]}; 413
  // over kMaxBatchEntries.
  std::optional<Response> parse(std::string& body, const Receipt& receipt, ParsedBatch& out);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_BATCH_PARSER_H_
