#include "src/entry/json_text.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "src/base/hex.h"
#include "src/entry/json_escape.h"
#include "src/entry/utf8.h"

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

std::optional<std::size_t> first_json_error(std::string_view text) {
  JsonChecker<UnboundedNesting, JsonBytes::kUtf8> checker(text);
  if (checker.document()) return std::nullopt;
  return checker.offset();
}

JsonType json_type(std::string_view token) {
  assert(!token.empty());
  switch (token.front()) {
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

StringForm decode_json_string(std::string_view token, std::string& out) {
  return decode_json_escapes(token.substr(1, token.size() - 2), out);
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
  if (token.size() < 2 || token.back() != '"') return false;
  for (std::size_t at = token.find('\\'); at != std::string_view::npos; at = token.find('\\', at)) {
    if (at + 2 >= token.size()) return false;  // it is the closing quote that is escaped
    const char c = token[at + 1];
    if (c != 'u' && !short_escape(c)) return false;
    if (c == 'u' && !hex4(token.substr(at + 2))) return false;
    at += 2;
  }
  return true;
}

JsonMembers::JsonMembers(std::string_view text)
    : rest_(text.substr(1, text.size() - 2)), in_object_(text.front() == '{') {}

bool JsonMembers::next(std::string_view& name, std::string_view& value) {
  skip_spaces();
  if (rest_.empty()) return false;
  if (rest_.front() == ',') {
    rest_.remove_prefix(1);
    skip_spaces();
  }
  name = {};
  if (in_object_) {
    name = take_value();
    skip_spaces();
    rest_.remove_prefix(1);  // ':'
    skip_spaces();
  }
  value = take_value();
  return true;
}

// The text of the value at the front, which it removes.
std::string_view JsonMembers::take_value() {
  std::size_t depth = 0;
  std::size_t at = 0;
  do {
    const char c = rest_[at];
    if (c == '"') {
      for (++at; rest_[at] != '"'; ++at) {
        if (rest_[at] == '\\') ++at;
      }
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (depth == 0) {
      at = std::min(rest_.find_first_of(",]} \t\r\n", at), rest_.size()) - 1;
    }
    ++at;
  } while (depth > 0);
  const std::string_view value = rest_.substr(0, at);
  rest_.remove_prefix(at);
  return value;
}

void JsonMembers::skip_spaces() {
  const auto* const first = std::find_if_not(rest_.begin(), rest_.end(), is_json_space);
  rest_.remove_prefix(static_cast<std::size_t>(first - rest_.begin()));
}

}  // namespace logs_sdk::inline v1
