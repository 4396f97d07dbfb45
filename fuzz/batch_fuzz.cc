// Any bytes as a posted batch of either kind: refused with an answer, or read into whole entries and refusals that name
// no value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "server/ingest/batch_parser.h"
#include "src/entry/field_table.h"
#include "src/entry/infra_field_table.h"

namespace {

using logs_server::EntryKind;

// uid, kind and tags are added to an entry of the infrastructure.
std::size_t field_count(EntryKind kind) {
  return kind == EntryKind::kInfra ? logs_sdk::kInfraFieldCount + 3 : logs_sdk::kFieldCount;
}

void check(const logs_server::ParsedBatch& batch, EntryKind kind) {
  for (const logs_server::NewEntry& entry : batch.entries) {
    const auto document = nlohmann::json::parse(entry.document);  // throws for what is not JSON in UTF-8
    if (entry.kind != kind || document.size() != field_count(kind)) std::abort();
    if (entry.project_slug != "project" || document["project_slug"] != "project") std::abort();
  }
  for (const logs_server::RejectedEntry& entry : batch.rejected)
    if (entry.reason.empty() || entry.index >= batch.entries.size() + batch.rejected.size()) std::abort();
}

void parse(std::string body, EntryKind kind) {
  static logs_server::BatchParser parser;
  const logs_server::Receipt receipt{.project_slug = "project", .received_at_us = 1'790'000'000'000'000, .kind = kind};
  logs_server::ParsedBatch batch;
  const auto refusal = parser.parse(body, receipt, batch);
  if (!refusal.has_value()) return check(batch, kind);
  if (refusal->status < 400) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  parse(body, EntryKind::kEntry);
  parse(body, EntryKind::kInfra);
  return 0;
}
