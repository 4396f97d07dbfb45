// Any bytes in any field: what is encoded is JSON that an independent parser reads, with all fields in table order, and
// every string comes back as the oracle of the unit tests says: whole, or cut at its limit, with U+FFFD for what was no
// UTF-8.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "src/entry/entry_encoder.h"
#include "src/entry/field_table.h"
#include "testing/entry_oracle.h"

namespace {

using namespace logs_sdk;

// Cuts the input into three parts, so that different fields get different bytes.
struct Parts {
  explicit Parts(std::string_view text)
      : first(text.substr(0, text.size() / 3)),
        second(text.substr(text.size() / 3, text.size() / 3)),
        third(text.substr(text.size() / 3 * 2)) {}
  std::string_view first, second, third;
};

constexpr std::size_t kMaxInputBytes = 2048;  // the oracle is slow on purpose
const EntryLimits kLimits{.max_body_bytes = 64, .max_stack_bytes = 64};
const ProcessIdentity kIdentity{"project", "", "", "host", "1"};

void check_strings(const nlohmann::ordered_json& object, const EntryView& entry) {
  for (const auto& [field, expected] : oracle::expected_strings(entry, {kLimits, kIdentity})) {
    if (object[std::string(info(field).name)].get<std::string>() != expected) std::abort();
  }
}

void check(const std::string& json, const EntryView& entry) {
  const auto object = nlohmann::ordered_json::parse(json);  // throws for what is not JSON in UTF-8
  if (object.size() != kFieldCount) std::abort();
  std::size_t index = 0;
  for (const auto& member : object.items())
    if (member.key() != kFieldTable[index++].name) std::abort();
  for (const char* name : {"request_headers", "response_headers"})
    if (!nlohmann::json::parse(object[name].get<std::string>()).is_object()) std::abort();
  check_strings(object, entry);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInputBytes) return 0;
  static const EntryEncoder encoder(kLimits, kIdentity);
  const Parts parts({reinterpret_cast<const char*>(data), size});

  const HeaderView headers[] = {{parts.first, parts.second}, {parts.second, parts.third}, {parts.first, parts.third}};
  TagView tag;
  tag.name = parts.first;
  tag.text = parts.third;
  EntryView entry;
  entry.path = entry.full_url = entry.user_agent = parts.first;
  entry.method = entry.error_message = entry.error_stack = parts.second;
  entry.request_headers.pairs = headers;
  entry.response_headers.pairs = {headers, 1};
  entry.request_body = {parts.third, false};
  entry.response_body = {parts.second, true};
  entry.tags = {&tag, 1};

  std::string json;
  encoder.encode(entry, json);
  check(json, entry);
  return 0;
}
