// A whole InfraLogEntry as an application hands it to LogSDK::upload_infra_log(), within an exchange and without.
// Promised: what log_entry_fuzz.cc promises of an entry, of 13 fields. Input: lines `field = value`, as in
// testing/golden/infra.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/support/input_lines.h"
#include "fuzz/support/json_mutator.h"
#include "fuzz/support/planted_secrets.h"
#include "fuzz/support/whole_library.h"
#include "src/entry/infra_field_table.h"

namespace {

using namespace logs_sdk;

// None: not a text.
std::string* text_field(InfraLogEntry& entry, InfraField field) {
  // Indexed by InfraField.
  std::string* const fields[kInfraFieldCount] = {&entry.uuid,        &entry.timestamp,        &entry.project_slug,
                                                 &entry.source_type, &entry.source_name,      &entry.host,
                                                 &entry.level,       &entry.message,          &entry.metadata,
                                                 &entry.trace_id,    &entry.related_api_uuid, nullptr,
                                                 &entry.error_detail};
  return fields[static_cast<std::size_t>(field)];
}

void plant(InfraLogEntry& entry) {
  entry.metadata = fuzz::object_with_secret(entry.metadata);
  for (std::string* text : {&entry.message, &entry.error_detail, &entry.source_name}) {
    *text = fuzz::text_with_secret(*text);
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
  return fuzz::mutate_input(fuzz::Layout::kLines, data, size, max, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::Libraries libraries;
  InfraLogEntry entry;
  std::int64_t max_body_bytes = 4096;
  for (const fuzz::InputLine& line : fuzz::read_lines({reinterpret_cast<const char*>(data), size})) {
    if (fuzz::holds_canary(line.value)) return 0;
    if (line.name == "limits.body") max_body_bytes = fuzz::number_in(line.value);
    const auto field = find_infra_field(line.name);
    if (field == InfraField::kIsError) entry.is_error = line.value == "true";
    if (std::string* const text = field ? text_field(entry, *field) : nullptr) *text = line.value;
  }
  if (fuzz::plants(data, size)) plant(entry);
  fuzz::WholeLibrary& library = libraries.with_bodies_of(max_body_bytes);
  const bool named = !entry.uuid.empty();
  for (const bool within : {false, true}) {
    Exchange exchange = within ? library.begin() : Exchange();
    const auto record = library.upload(entry, exchange);
    exchange.finish();
    if (within) static_cast<void>(library.finished());
    if (!record) continue;
    fuzz::promise_no_secret(*record);
    fuzz::promise(named || Uuid::parse(record->substr(9, 32)).has_value(), "an entry without a uuid gets one", *record);
  }
  return 0;
}
