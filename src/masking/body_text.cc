#include "src/masking/body_text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>

#include "src/masking/characters.h"

namespace logs_sdk::inline v1 {
namespace {

// Where `word`, in lower case, stands in `text`; npos when nowhere.
std::size_t find_word(std::string_view text, std::string_view word) noexcept {
  const auto at = std::search(text.begin(), text.end(), word.begin(), word.end(),
                              [](char a, char expected) { return to_lower(a) == expected; });
  return at == text.end() ? std::string_view::npos : static_cast<std::size_t>(at - text.begin());
}

bool contains(std::string_view text, std::string_view word) noexcept {
  return find_word(text, word) != std::string_view::npos;
}

bool is_text_type(std::string_view type) noexcept {
  constexpr std::string_view kWords[] = {"json", "xml", "x-www-form-urlencoded", "javascript", "graphql",
                                         "yaml", "csv"};
  if (type.empty() || find_word(type, "text/") == 0) return true;
  if (contains(type, "image/") && !contains(type, "xml")) return false;
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) { return contains(type, word); });
}

bool contains_ascii(std::string_view content_type) noexcept {
  const std::size_t charset = find_word(content_type, "charset=");
  if (charset == std::string_view::npos) return true;
  constexpr std::string_view kOthers[] = {"utf-16", "utf16",  "utf-32", "utf32", "utf-7",
                                          "ucs-",   "ebcdic", "ibm",    "cp037"};
  const std::string_view name = content_type.substr(charset);
  return std::none_of(std::begin(kOthers), std::end(kOthers),
                      [&](std::string_view word) { return contains(name, word); });
}

std::string_view without_parameters(std::string_view content_type) noexcept {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  return type;
}

// Whether it may be shown: of the characters that names of types have (RFC 6838, 4.2), and no longer than two names.
bool is_media_type(std::string_view type) noexcept {
  constexpr std::size_t kMaxTypeBytes = 127 + 1 + 127;
  return !type.empty() && type.size() <= kMaxTypeBytes && std::all_of(type.begin(), type.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("!#$&-^_.+/").find(c) != std::string_view::npos;
  });
}

}  // namespace

bool is_text_body(std::string_view content_type, std::string_view content_encoding, std::string_view copy) noexcept {
  if (!content_encoding.empty() && !contains(content_encoding, "identity")) return false;
  if (!is_text_type(without_parameters(content_type)) || !contains_ascii(content_type)) return false;
  return copy.find('\0') == std::string_view::npos;
}

void append_binary_body(std::string_view content_type, std::uint64_t size_bytes, std::string& out) {
  const std::string_view type = without_parameters(content_type);
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, size_bytes);
  out.append("[binary ").append(is_media_type(type) ? type : "application/octet-stream").append(" ");
  out.append(digits, end).append(" bytes]");
}

}  // namespace logs_sdk::inline v1
