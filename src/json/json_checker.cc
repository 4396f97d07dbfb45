#include "src/json/json_checker.h"

#include "src/base/hex.h"
#include "src/json/utf8.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kUnicodeDigits = 4;

// What is wrong with the escape at the front of `text`, as first_string_error() tells it; its size else in `size`.
std::optional<std::size_t> escape_error(std::string_view text, std::size_t& size) noexcept {
  size = 2;
  if (text.size() < size || std::string_view("\"\\/bfnrtu").find(text[1]) == std::string_view::npos) return 1;
  if (text[1] != 'u') return std::nullopt;
  for (; size < 2 + kUnicodeDigits; ++size) {
    if (size == text.size() || hex_value(text[size]) < 0) return size;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> first_string_error(std::string_view inside, JsonBytes bytes) noexcept {
  for (std::size_t at = 0; at < inside.size();) {
    const auto byte = static_cast<unsigned char>(inside[at]);
    if (byte < 0x20) return at;
    std::size_t size = 1;
    if (byte == '\\') {
      if (const auto error = escape_error(inside.substr(at), size)) return at + *error;
    } else if (byte >= 0x80 && bytes == JsonBytes::kUtf8) {
      const Utf8Part part = next_utf8(inside.substr(at));
      if (!part.well_formed) return at;
      size = part.size;
    }
    at += size;
  }
  return std::nullopt;
}

bool is_json_object(std::string_view text) noexcept {
  JsonCursor cursor(text);
  cursor.skip_spaces();
  return cursor.peek() == '{' && JsonChecker<BoundedNesting<kMaxJsonDepth>, JsonBytes::kAny>(text).document();
}

std::optional<std::size_t> first_json_error(std::string_view text) {
  JsonChecker<UnboundedNesting, JsonBytes::kUtf8> checker(text);
  if (checker.document()) return std::nullopt;
  return checker.offset();
}

}  // namespace logs_sdk::inline v1
