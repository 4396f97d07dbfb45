#include "src/json/json_text.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "src/base/hex.h"
#include "src/json/json_checker.h"
#include "src/json/json_escape.h"
#include "src/json/utf8.h"

namespace logs_sdk::inline v1 {
namespace {

// The four digits of "\uXXXX" at `digits`; none when they are not.
std::optional<std::uint32_t> hex4(std::string_view digits) {
  if (digits.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const int digit = hex_value(digits[i]);
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<std::uint32_t>(digit);
  }
  return value;
}

// The character of a short escape; none for any other.
std::optional<char> short_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return std::nullopt;
  }
}

// Control characters without a short form.
bool needs_unicode_escape(std::uint32_t code) {
  return code < 0x20 && std::string_view("\b\f\n\r\t").find(static_cast<char>(code)) == std::string_view::npos;
}

// Decodes "\uXXXX", and the low half that follows a high one. Returns how many bytes of `text` it took, 0: malformed.
std::size_t decode_unicode_escape(std::string_view text, std::string& out, StringForm& form) {
  const std::optional<std::uint32_t> code = hex4(text.substr(2));
  if (!code) return 0;
  if (!needs_unicode_escape(*code) || text.substr(2, 4).find_first_of("ABCDEF") != std::string_view::npos) {
    form.canonical = false;
  }
  if (*code >= 0xd800 && *code <= 0xdbff && text.size() >= 12 && text[6] == '\\' && text[7] == 'u') {
    const std::optional<std::uint32_t> low = hex4(text.substr(8));
    if (low && *low >= 0xdc00 && *low <= 0xdfff) {
      append_utf8(0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00), out);
      return 12;
    }
  }
  const bool lone_surrogate = *code >= 0xd800 && *code <= 0xdfff;
  append_utf8(lone_surrogate ? 0xfffd : *code, out);
  return 6;
}

}  // namespace

std::string_view trim_json_spaces(std::string_view text) noexcept {
  while (!text.empty() && is_json_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_json_space(text.back())) text.remove_suffix(1);
  return text;
}

JsonType json_type(std::string_view token) noexcept {
  switch (JsonCursor(token).peek()) {
    case '"':
      return JsonType::kString;
    case '{':
      return JsonType::kObject;
    case '[':
      return JsonType::kArray;
    case 't':
    case 'f':
      return JsonType::kBoolean;
    case 'n':
      return JsonType::kNull;
    default:
      return JsonType::kNumber;
  }
}

std::string_view json_type_name(JsonType type) {
  switch (type) {
    case JsonType::kString:
      return "a string";
    case JsonType::kNumber:
      return "a number";
    case JsonType::kBoolean:
      return "a boolean";
    case JsonType::kNull:
      return "null";
    case JsonType::kObject:
      return "an object";
    case JsonType::kArray:
      return "an array";
  }
  return "";
}

std::string_view json_string_inside(std::string_view token) noexcept {
  return JsonCursor(token).view({1, std::max<std::size_t>(token.size(), 1) - 1});
}

StringForm decode_json_string(std::string_view token, std::string& out) {
  return decode_json_escapes(json_string_inside(token), out);
}

std::string json_string_value(std::string_view token) {
  std::string value;
  decode_json_string(token, value);
  return value;
}

std::string_view json_string_view(std::string_view token, std::string& storage) {
  const std::string_view inside = json_string_inside(token);
  if (inside.find('\\') == std::string_view::npos) return inside;
  storage.clear();
  decode_json_escapes(inside, storage);
  return storage;
}

StringForm decode_json_escapes(std::string_view rest, std::string& out) {
  StringForm form;
  while (!rest.empty()) {
    const std::size_t plain = std::min(rest.find('\\'), rest.size());
    out.append(rest.substr(0, plain));
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    std::size_t taken = 0;
    if (rest.size() >= 2 && rest[1] == 'u') {
      taken = decode_unicode_escape(rest, out, form);
    } else if (const auto c = rest.size() >= 2 ? short_escape(rest[1]) : std::nullopt) {
      out += *c;
      form.canonical = form.canonical && *c != '/';
      taken = 2;
    }
    if (taken == 0) return {.valid = false, .canonical = false};
    rest.remove_prefix(taken);
  }
  return form;
}

void append_json_string(std::string_view value, std::string& out) {
  out += '"';
  const std::size_t begin = out.size();
  out.resize(begin + max_escaped(Escape::kOnce) * value.size() + kEscapeSlack);
  const Escaped escaped = escape_json<Escape::kOnce>(value, out.data() + begin);
  out.resize(static_cast<std::size_t>(escaped.end - out.data()));
  out += '"';
}

bool is_json_value(std::string_view token) {
  if (token.empty() || is_json_space(token.front()) || is_json_space(token.back())) return false;
  if (token.front() != '"') return !first_json_error(token);
  JsonCursor cursor(token);
  const JsonString string = cursor.take_string();
  if (!string.closed || !cursor.at_end()) return false;
  return !string.escaped || !first_string_error(cursor.view(string.inside), JsonBytes::kAny);
}

JsonMembers::JsonMembers(std::string_view text) noexcept : cursor_(text) {
  cursor_.skip_spaces();
  closing_ = cursor_.take('{') ? '}' : cursor_.take('[') ? ']' : '\0';
}

bool JsonMembers::next(std::string_view& name, std::string_view& value) noexcept {
  if (closing_ == '\0') return false;
  name = {};
  cursor_.skip_spaces();
  const bool more = !cursor_.take(closing_) && (std::exchange(first_, false) || cursor_.take(',')) &&
                    (closing_ == ']' || take_name(name)) && take_token(value);
  if (!more) closing_ = '\0';
  return more;
}

// With the ':' behind it.
bool JsonMembers::take_name(std::string_view& name) noexcept {
  cursor_.skip_spaces();
  if (cursor_.peek() != '"' || !take_token(name)) return false;
  cursor_.skip_spaces();
  return cursor_.take(':');
}

bool JsonMembers::take_token(std::string_view& token) noexcept {
  cursor_.skip_spaces();
  token = cursor_.view(cursor_.take_value());
  return !token.empty();
}

}  // namespace logs_sdk::inline v1
