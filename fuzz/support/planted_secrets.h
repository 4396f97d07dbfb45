// Secrets that a fuzzer plants: kCanary under a secret name, in front of what the input brings, in every form in which
// masking promises to see it. And what else inputs of lines have in common.
#ifndef LOGS_SDK_FUZZ_SUPPORT_PLANTED_SECRETS_H_
#define LOGS_SDK_FUZZ_SUPPORT_PLANTED_SECRETS_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "fuzz/support/input_lines.h"
#include "fuzz/support/promise.h"
#include "logs_sdk/entry.h"

namespace logs_sdk::fuzz {

// Whether secrets are planted into this input: into three of four, by its bytes, so that what begins as the input does
// is reached as well.
inline bool plants(const std::uint8_t* data, std::size_t size) {
  std::size_t sum = size;
  for (std::size_t i = 0; i < size; ++i) sum += data[i];
  return sum % 4 != 0;
}

// As the first member of the object that `text` is, or may be.
inline std::string object_with_secret(std::string_view text) {
  const std::string member = "\"password\":\"" + std::string(kCanary) + "\"";
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '{') return "{" + member + "," + std::string(text);
  const std::string_view rest = text.substr(first + 1);
  const std::size_t next = rest.find_first_not_of(" \t\r\n");
  const bool empty = next != std::string_view::npos && rest[next] == '}';
  return std::string(text.substr(0, first + 1)) + member + (empty ? "" : ",") + std::string(rest);
}

inline std::string text_with_secret(std::string_view text) {
  return "password=" + std::string(kCanary) + " " + std::string(text);
}

inline std::string query_with_secret(std::string_view query) {
  return "access_token=" + std::string(kCanary) + "&" + std::string(query);
}

inline std::string url_with_secret(std::string_view url) {
  return "https://user:" + std::string(kCanary) + "@host/path?" + query_with_secret(url);
}

// The value of a line `tag[.kind] name = value`; none of any other line.
inline std::optional<TagValue> tag_value(const InputLine& line) {
  if (line.name == "tag") return TagValue(line.value);
  if (line.name == "tag.integer") return TagValue(number_in(line.value));
  if (line.name == "tag.real") return TagValue(std::strtod(line.value.c_str(), nullptr));
  if (line.name == "tag.boolean") return TagValue(line.value == "true");
  return std::nullopt;
}

}  // namespace logs_sdk::fuzz

#endif  // LOGS_SDK_FUZZ_SUPPORT_PLANTED_SECRETS_H_
