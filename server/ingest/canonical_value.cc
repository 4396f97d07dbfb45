#include "server/ingest/canonical_value.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>
#include <vector>

#include "server/ingest/document_reader.h"
#include "src/base/whole_number.h"
#include "src/entry/limits.h"
#include "src/json/json_checker.h"
#include "src/json/json_text.h"

namespace logs_server {
namespace {

using logs_sdk::FieldInfo;
using logs_sdk::FieldKind;
using logs_sdk::FieldLimit;
using logs_sdk::JsonType;
using logs_sdk::StringForm;

// Headers as JSON text: names and values are limited one by one before they are joined, and escaping doubles at most
// what is usual. Beyond this the encoder looks at them again.
constexpr std::size_t kMaxHeadersTextBytes = 4 * logs_sdk::kMaxHeadersBytes;

std::size_t limit_bytes(FieldLimit limit) {
  switch (limit) {
    case FieldLimit::kNone:
      return std::numeric_limits<std::size_t>::max();
    case FieldLimit::kString:
      return logs_sdk::kMaxStringBytes;
    case FieldLimit::kUrl:
      return logs_sdk::kMaxUrlBytes;
    case FieldLimit::kHeaders:
      return kMaxHeadersTextBytes;
    case FieldLimit::kBody:
      return kWidestLimits.max_body_bytes;
    case FieldLimit::kUserAgent:
      return logs_sdk::kMaxUserAgentBytes;
    case FieldLimit::kErrorMessage:
      return logs_sdk::kMaxErrorMessageBytes;
    case FieldLimit::kStack:
      return kWidestLimits.max_stack_bytes;
    case FieldLimit::kTags:
      return 0;
  }
  return 0;
}

bool within_limit(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return true;
  return text.size() <= limit + logs_sdk::kTruncated.size() && text.ends_with(logs_sdk::kTruncated);
}

// A text of one string token, not escaped or escaped canonically; in `storage` when it is escaped.
std::optional<std::string_view> canonical_string(std::string_view token, std::size_t limit, std::string& storage) {
  if (logs_sdk::json_type(token) != JsonType::kString) return std::nullopt;
  std::string_view text = logs_sdk::json_string_inside(token);
  if (text.find('\\') != std::string_view::npos) {
    storage.clear();
    const StringForm form = logs_sdk::decode_json_string(token, storage);
    if (!form.valid || !form.canonical) return std::nullopt;
    text = storage;
  }
  if (!within_limit(text, limit)) return std::nullopt;
  return text;
}

// As std::to_chars writes it.
template <typename Number>
bool is_written_so(std::string_view token, Number value) {
  char text[32];
  const auto written = std::to_chars(text, text + sizeof text, value);
  return token == std::string_view(text, static_cast<std::size_t>(written.ptr - text));
}

bool is_canonical_tag_value(std::string_view token, std::string& storage) {
  switch (logs_sdk::json_type(token)) {
    case JsonType::kBoolean:
      return true;
    case JsonType::kString:
      return canonical_string(token, logs_sdk::kMaxTagValueBytes, storage).has_value();
    case JsonType::kNumber: {
      if (token.find_first_of(".eE") == std::string_view::npos) return is_canonical_integer(token, {});
      const auto real = logs_sdk::parse_whole<double>(token);
      return real && is_written_so(token, *real);
    }
    default:
      return false;
  }
}

}  // namespace

bool is_canonical_integer(std::string_view token, IntegerRange range) {
  const auto value = logs_sdk::parse_whole<std::int64_t>(token);
  return value && *value >= range.min && *value <= range.max && is_written_so(token, *value);
}

std::optional<std::string_view> canonical_text(const FieldInfo& field, std::string_view token, std::string& storage) {
  const auto text = canonical_string(token, limit_bytes(field.limit), storage);
  const bool is_object =
      field.kind != FieldKind::kJsonText || (text && (*text == "{}" || logs_sdk::is_json_object(*text)));
  return is_object ? text : std::nullopt;
}

bool is_canonical_tags(std::string_view token) {
  if (logs_sdk::json_type(token) != JsonType::kObject) return false;
  std::vector<std::string_view> names;
  std::size_t joined_bytes = 1;  // each member with the ',' or '{' in front of it, and '}'
  std::string storage;
  logs_sdk::JsonMembers members(token);
  for (std::string_view name, value; members.next(name, value);) {
    if (names.size() == logs_sdk::kMaxTags || std::find(names.begin(), names.end(), name) != names.end()) return false;
    if (!canonical_string(name, logs_sdk::kMaxTagNameBytes, storage) || !is_canonical_tag_value(value, storage))
      return false;
    names.push_back(name);
    joined_bytes += 1 + name.size() + 1 + value.size();
  }
  return token.size() == std::max<std::size_t>(joined_bytes, 2);
}

}  // namespace logs_server
