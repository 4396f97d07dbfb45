// A whole LogEntry as an application hands it to LogSDK::send(): all 57 fields, tags of every type. Promised: the
// record in the spool is one line of JSON with all fields within their limits, holds no secret that stands under a
// secret name, and an audit of it finds nothing more to mask. Input: lines `field = value`, as in
// testing/golden/entries.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "fuzz/support/input_lines.h"
#include "fuzz/support/json_mutator.h"
#include "fuzz/support/planted_secrets.h"
#include "fuzz/support/whole_library.h"
#include "src/entry/entry_members.h"

namespace {

using namespace logs_sdk;

void set_field(LogEntry& entry, Field field, const std::string& value) {
  const auto set = [&](auto member) {
    auto& to = entry.*member;
    using Value = std::remove_reference_t<decltype(to)>;
    if constexpr (std::is_same_v<Value, std::string>) {
      to = value;
    } else if constexpr (std::is_same_v<Value, bool>) {
      to = value == "true";
    } else if constexpr (!std::is_same_v<Value, Tags>) {
      to = static_cast<Value>(fuzz::number_in(value));
    }
  };
  std::visit(set, kEntryMembers[static_cast<std::size_t>(field)]);
}

void plant(LogEntry& entry) {
  for (std::string* object : {&entry.request_headers, &entry.response_headers, &entry.latency_breakdown}) {
    *object = fuzz::object_with_secret(*object);
  }
  for (std::string* body : {&entry.request_body, &entry.response_body}) *body = fuzz::object_with_secret(*body);
  for (std::string* text : {&entry.user_agent, &entry.error_message, &entry.error_stack, &entry.user_id}) {
    *text = fuzz::text_with_secret(*text);
  }
  entry.query_string = fuzz::query_with_secret(entry.query_string);
  for (std::string* url : {&entry.full_url, &entry.referer}) *url = fuzz::url_with_secret(*url);
  entry.tags["password"] = std::string(fuzz::kCanary);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
  return fuzz::mutate_input(fuzz::Layout::kLines, data, size, max, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::Libraries libraries;
  LogEntry entry;
  std::int64_t max_body_bytes = 4096;
  for (const fuzz::InputLine& line : fuzz::read_lines({reinterpret_cast<const char*>(data), size})) {
    if (fuzz::holds_canary(line.value) || fuzz::holds_canary(line.argument)) return 0;
    if (line.name == "limits.body") max_body_bytes = fuzz::number_in(line.value);
    if (const auto field = find_field(line.name)) set_field(entry, *field, line.value);
    if (const auto value = fuzz::tag_value(line)) entry.tags[line.argument] = *value;
  }
  if (fuzz::plants(data, size)) plant(entry);
  const bool named = !entry.uuid.empty();
  const auto record = libraries.with_bodies_of(max_body_bytes).send(entry);
  if (!record) return 0;
  fuzz::promise_no_secret(*record);
  fuzz::promise(named || Uuid::parse(record->substr(9, 32)).has_value(), "an entry without a uuid gets one", *record);
  return 0;
}
