#include "fuzz/support/entry_check.h"

#include <vector>

#include "fuzz/support/json_value.h"
#include "fuzz/support/promise.h"
#include "src/entry/field_table.h"
#include "src/entry/infra_field_table.h"

namespace logs_sdk::fuzz {
namespace {

using rapidjson::Value;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Every escape of a surrogate by one of U+FFFD, for the parser has no character for it; and of a number neither digits
// nor exponent that it has no value for.
std::string within_the_parser(std::string_view json) {
  constexpr std::size_t kDigits = 15;
  std::string out;
  bool in_string = false;
  std::size_t digits = 0;  // of the run that `i` stands in
  bool in_exponent = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    digits = !in_string && is_digit(c) ? digits + 1 : 0;
    if (digits == 1) in_exponent = i > 0 && std::string_view("eE+").find(json[i - 1]) != std::string_view::npos;
    if (digits > (in_exponent ? 1 : kDigits)) continue;
    out += c;
    if (c == '"') in_string = !in_string;
    if (c != '\\' || !in_string || i + 1 == json.size()) continue;
    out += json[++i];
    const std::string_view code = json.substr(i + 1, 2);
    const bool surrogate = code.size() == 2 && (code[0] | 32) == 'd' &&
                           std::string_view("89abcdefABCDEF").find(code[1]) != std::string_view::npos;
    if (json[i] == 'u' && surrogate && json.size() - i > 4) {
      out += "ff";
      i += 2;
    }
  }
  return out;
}

bool parses(std::string_view text, bool as_object) {
  const rapidjson::Document document = parse_json(within_the_parser(text), Numbers::kAsText);
  return !document.HasParseError() && (!as_object || document.IsObject());
}

std::vector<FieldInfo> fields_of(EntryKind kind) {
  if (kind == EntryKind::kEntry) return {kFieldTable.begin(), kFieldTable.end()};
  std::vector<FieldInfo> fields(kInfraFieldTable.begin(), kInfraFieldTable.end());
  if (kind == EntryKind::kStoredInfra) {
    fields.insert(fields.begin() + 1, {info(Field::kUid), {"kind", FieldKind::kString, FieldLimit::kString, ""}});
    fields.push_back(info(Field::kTags));
  }
  return fields;
}

// As bytes of the text, without the mark of a cut.
std::size_t most_bytes(const FieldInfo& field, const EntryLimits& limits) {
  switch (field.limit) {
    case FieldLimit::kString:
      return kMaxStringBytes;
    case FieldLimit::kUrl:
      return kMaxUrlBytes;
    case FieldLimit::kHeaders:  // counted before they are escaped, which makes a byte six at most
      return 6 * kMaxHeadersBytes + kMaxHeaders * (2 * kTruncated.size() + 8);
    case FieldLimit::kBody:
      return limits.max_body_bytes;
    case FieldLimit::kUserAgent:
      return kMaxUserAgentBytes;
    case FieldLimit::kErrorMessage:
      return kMaxErrorMessageBytes;
    case FieldLimit::kStack:
      return limits.max_stack_bytes;
    default:
      return 0;
  }
}

bool within(std::string_view text, std::size_t limit) {
  if (text.ends_with(kTruncated)) text.remove_suffix(kTruncated.size());
  return text.size() <= limit;
}

void check_tags(const Value& tags, std::string_view line) {
  promise(tags.MemberCount() <= kMaxTags, "an entry has at most 64 tags", line);
  each_member(tags, [line](std::string_view name, const Value& value) {
    const bool fits = !value.IsString() || within(text_of(value), kMaxTagValueBytes);
    promise(within(name, kMaxTagNameBytes) && fits, "tags are within their limits", line);
    promise(value.IsString() || value.IsNumber() || value.IsBool(), "tags are plain values", line);
  });
}

void check_value(const FieldInfo& field, const Value& value, const EntryLimits& limits, std::string_view line) {
  switch (field.kind) {
    case FieldKind::kInteger:
      return promise(value.IsInt64() || value.IsUint64(), "a number is an integer", line);
    case FieldKind::kBoolean:
      return promise(value.IsBool(), "is_error is true or false", line);
    case FieldKind::kObject:
      promise(value.IsObject(), "tags are an object", line);
      return check_tags(value, line);
    case FieldKind::kString:
    case FieldKind::kJsonText:
      break;
  }
  promise(value.IsString(), "a text is a string", line);
  promise(within(text_of(value), most_bytes(field, limits)), "a text is within its limit", line);
  if (field.kind == FieldKind::kJsonText) {
    promise(is_json_object(text_of(value)), "JSON as text is an object", text_of(value));
  }
}

}  // namespace

bool is_json(std::string_view text) { return parses(text, false); }
bool is_json_object(std::string_view text) { return parses(text, true); }

std::string check_entry(std::string_view line, EntryKind kind, const EntryLimits& limits) {
  promise(line.find_first_of(std::string_view("\0\n\r", 3)) == std::string_view::npos, "an entry is one line", line);
  const rapidjson::Document document = parse_json(line);
  promise(!document.HasParseError() && document.IsObject(), "an entry is a JSON object in UTF-8", line);
  const std::vector<FieldInfo> fields = fields_of(kind);
  promise(document.MemberCount() == fields.size(), "an entry has every field of its kind, once", line);
  std::size_t next = 0;
  each_member(document, [&](std::string_view name, const Value& value) {
    promise(name == fields[next].name, "the fields stand in the order of their table", line);
    check_value(fields[next++], value, limits, line);
  });
  return std::string(text_of(document["uuid"]));
}

}  // namespace logs_sdk::fuzz
