#include "server/ingest/value_reader.h"

#include <cmath>
#include <optional>
#include <utility>

#include "src/base/whole_number.h"
#include "src/json/json_checker.h"
#include "src/json/json_text.h"

namespace logs_server {
namespace {

using logs_sdk::first_json_error;
using logs_sdk::json_string_value;
using logs_sdk::json_type;
using logs_sdk::JsonMembers;
using logs_sdk::JsonType;
using logs_sdk::parse_whole;

Problem instead_of(JsonType found, std::string_view expected) {
  return std::string(json_type_name(found)).append(" where ").append(expected).append(" is expected");
}

// Rounded to the nearest; none when `text` is not a number or one too large.
std::optional<std::int64_t> rounded_integer(std::string_view text) {
  if (const auto whole = parse_whole<std::int64_t>(text)) return whole;
  const std::optional<double> real = parse_whole<double>(text);
  if (!real) return std::nullopt;
  const double rounded = std::round(*real);
  if (!(std::abs(rounded) < 0x1p63)) return std::nullopt;  // nor when it is not a number
  return static_cast<std::int64_t>(rounded);
}

logs_sdk::TagValue number_value(std::string_view token) {
  if (const auto integer = parse_whole<std::int64_t>(token)) return *integer;
  const std::optional<double> real = parse_whole<double>(token);
  // An integer beyond 64 bits would lose digits as a double.
  if (!real || token.find_first_of(".eE") == std::string_view::npos) return std::string(token);
  return *real;
}

}  // namespace

Problem read_string(std::string_view token, std::string& out) {
  switch (const JsonType type = json_type(token)) {
    case JsonType::kNull:
      return {};
    case JsonType::kString:
      out = json_string_value(token);
      return {};
    case JsonType::kBoolean:
    case JsonType::kNumber:
      out = token;
      return {};
    default:
      return instead_of(type, "a string");
  }
}

Problem read_json_text(std::string_view token, std::string& out) {
  if (json_type(token) == JsonType::kObject) {
    out = token;
    return {};
  }
  return read_string(token, out);
}

Problem read_integer(std::string_view token, IntegerRange range, std::int64_t& out) {
  const JsonType type = json_type(token);
  if (type == JsonType::kNull) return {};
  if (type != JsonType::kString && type != JsonType::kNumber) return instead_of(type, "a number");
  std::string text;
  read_string(token, text);
  if (text.empty()) return {};
  const std::optional<std::int64_t> value = rounded_integer(text);
  if (!value) return type == JsonType::kString ? "a string that is not a number" : "a number out of range";
  if (*value < range.min || *value > range.max) return "a number out of range";
  out = *value;
  return {};
}

Problem read_boolean(std::string_view token, bool& out) {
  const JsonType type = json_type(token);
  if (type == JsonType::kObject || type == JsonType::kArray) return instead_of(type, "a boolean");
  std::string text;
  read_string(token, text);
  if (text.empty()) return {};
  if (text == "true" || text == "1" || text == "True") {
    out = true;
  } else if (text == "false" || text == "0" || text == "False") {
    out = false;
  } else {
    return std::string(json_type_name(type)).append(" that is neither true nor false");
  }
  return {};
}

void read_tag_value(std::string name, std::string_view token, Tags& out) {
  logs_sdk::TagValue value;
  switch (json_type(token)) {
    case JsonType::kNull:
      return;
    case JsonType::kBoolean:
      value = token == "true";
      break;
    case JsonType::kNumber:
      value = number_value(token);
      break;
    case JsonType::kString:
      value = json_string_value(token);
      break;
    case JsonType::kObject:
    case JsonType::kArray:
      value = std::string(token);
      break;
  }
  out.insert_or_assign(std::move(name), std::move(value));
}

Problem read_tags(std::string_view token, Tags& out) {
  std::string text(token);
  // The sisters encode tags once or twice before they encode the entry.
  for (int wrapped = 0; wrapped < 2 && json_type(text) == JsonType::kString; ++wrapped) {
    const std::string inner = json_string_value(text);
    if (inner.empty()) return {};
    if (first_json_error(inner)) return "a string that is not JSON where an object is expected";
    text = logs_sdk::trim_json_spaces(inner);
  }
  const JsonType type = json_type(text);
  if (type == JsonType::kNull) return {};
  if (type != JsonType::kObject) return instead_of(type, "an object");
  JsonMembers members(text);
  std::string_view name;
  std::string_view value;
  while (members.next(name, value)) read_tag_value(json_string_value(name), value, out);
  return {};
}

}  // namespace logs_server
