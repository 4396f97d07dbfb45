// Any bytes as a posted batch: refused with an answer, or read into whole entries and refusals that name no value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "server/ingest/batch_parser.h"
#include "src/entry/field_table.h"

namespace {

void check(const logs_server::ParsedBatch& batch) {
  for (const logs_server::NewEntry& entry : batch.entries) {
    const auto document = nlohmann::json::parse(entry.document);  // throws for what is not JSON in UTF-8
    if (document.size() != logs_sdk::kFieldCount) std::abort();
    if (entry.project_slug != "project" || document["project_slug"] != "project") std::abort();
  }
  for (const logs_server::RejectedEntry& entry : batch.rejected)
    if (entry.reason.empty() || entry.index >= batch.entries.size() + batch.rejected.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static logs_server::BatchParser parser;
  static const logs_server::Receipt receipt{.project_slug = "project", .received_at_us = 1'790'000'000'000'000};
  std::string body(reinterpret_cast<const char*>(data), size);
  logs_server::ParsedBatch batch;
  const auto refusal = parser.parse(body, receipt, batch);
  if (refusal.has_value()) {
    if (refusal->status < 400) std::abort();
    return 0;
  }
  check(batch);
  return 0;
}
