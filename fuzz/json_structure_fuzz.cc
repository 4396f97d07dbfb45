// Any JSON document in every place that takes JSON as text, along the whole way: into an entry and an infrastructure
// entry of the library, from their bytes through ingest, and under an audit. Promised: what each stage makes of it is
// an entry as entry_check.h has it; the server finds nothing to mask in what the library has masked, and takes it as it
// is; a secret under a secret name is gone at the first stage. Input: one document, mutated by its structure.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/support/entry_check.h"
#include "fuzz/support/json_mutator.h"
#include "fuzz/support/planted_secrets.h"
#include "fuzz/support/whole_library.h"
#include "server/ingest/batch_parser.h"

namespace {

using namespace logs_sdk;
using fuzz::promise;

// The entry as the server stores it.
std::string ingested(const std::string& record, logs_server::EntryKind kind) {
  static logs_server::BatchParser parser;
  const logs_server::Receipt receipt{
      .project_slug = "shop", .received_at_us = 1'767'323'045'000'000, .kind = kind, .cut_texts = Extent::kWhole};
  std::string body = "{\"logs\":[" + record + "]}";
  logs_server::ParsedBatch batch;
  promise(!parser.parse(body, receipt, batch), "the server can read what the library sends", record);
  promise(batch.entries.size() == 1 && batch.rejected.empty(), "the server takes what the library sends", record);
  promise(batch.masked == 0 || !fuzz::is_as_masked(record),
          "the server finds nothing to mask in what the library has masked", record);
  return batch.entries.front().document;
}

void check_entry_of(fuzz::WholeLibrary& library, const std::string& json, bool planted) {
  LogEntry entry;
  entry.request_headers = entry.response_headers = entry.latency_breakdown = json;
  entry.content_type = "application/json";
  entry.request_body = entry.response_body = json;
  entry.tags["json"] = json;
  entry.uuid = "019b7c8f101270008e23ed79c6655dfc";
  const auto record = library.send(entry);
  if (!record) return;
  if (planted) fuzz::promise_no_secret(*record);
  const std::string document = ingested(*record, logs_server::EntryKind::kEntry);
  fuzz::check_entry(document, fuzz::EntryKind::kEntry, {.max_body_bytes = 65'536, .max_stack_bytes = 65'536});
  promise(document == *record || !fuzz::is_as_masked(*record),
          "the server stores what the library sends, byte for byte", document);
}

void check_infra_entry_of(fuzz::WholeLibrary& library, const std::string& json, bool planted) {
  InfraLogEntry entry;
  entry.metadata = entry.message = json;
  Exchange nowhere;
  const auto record = library.upload(entry, nowhere);
  if (!record) return;
  if (planted) fuzz::promise_no_secret(*record);
  fuzz::check_entry(ingested(*record, logs_server::EntryKind::kInfra), fuzz::EntryKind::kStoredInfra,
                    {.max_body_bytes = 65'536, .max_stack_bytes = 65'536});
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
  return fuzz::mutate_input(fuzz::Layout::kJson, data, size, max, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::Libraries libraries;
  const std::string input(reinterpret_cast<const char*>(data), size);
  if (fuzz::holds_canary(input)) return 0;
  const bool planted = fuzz::plants(data, size);
  const std::string json = planted ? fuzz::object_with_secret(input) : input;
  fuzz::WholeLibrary& library = libraries.with_bodies_of(4096);
  check_entry_of(library, json, planted);
  check_infra_entry_of(library, json, planted);
  return 0;
}
