// Any bytes in any field: what is encoded is JSON that an independent parser reads, with all fields in table order.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "src/entry/entry_encoder.h"
#include "src/entry/field_table.h"

namespace {

using logs_sdk::EntryEncoder;
using logs_sdk::EntryView;
using logs_sdk::HeaderView;
using logs_sdk::TagView;

// Cuts the input into three parts, so that different fields get different bytes.
struct Parts {
  explicit Parts(std::string_view text)
      : first(text.substr(0, text.size() / 3)),
        second(text.substr(text.size() / 3, text.size() / 3)),
        third(text.substr(text.size() / 3 * 2)) {}
  std::string_view first, second, third;
};

void check(const std::string& json) {
  const auto object = nlohmann::ordered_json::parse(json);  // throws for what is not JSON in UTF-8
  if (object.size() != logs_sdk::kFieldCount) std::abort();
  std::size_t index = 0;
  for (const auto& member : object.items())
    if (member.key() != logs_sdk::kFieldTable[index++].name) std::abort();
  for (const char* name : {"request_headers", "response_headers"})
    if (!nlohmann::json::parse(object[name].get<std::string>()).is_object()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const EntryEncoder encoder({.max_body_bytes = 64, .max_stack_bytes = 64}, {"project", "", "", "host", "1"});
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
  check(json);
  return 0;
}
