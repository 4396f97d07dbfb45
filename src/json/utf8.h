// UTF-8 (Unicode 15, table 3-7): what is well-formed, where it may be cut, and how what is not is repaired.
//
// Thread-safety: free functions without state.
#ifndef LOGS_SDK_JSON_UTF8_H_
#define LOGS_SDK_JSON_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// What stands at the beginning of a text: a character, or else a maximal ill-formed part (Unicode 3.9, "Substitution of
// Maximal Subparts"), which one U+FFFD replaces.
struct Utf8Part {
  std::size_t size;  // 1 to 4
  bool well_formed;
  bool incomplete;  // ill-formed only because the text ends there
};

// `text` is not empty.
Utf8Part next_utf8(std::string_view text) noexcept;

// Bytes before the first ill-formed one; all when there is none.
std::size_t valid_utf8_prefix(std::string_view text) noexcept;

inline bool is_valid_utf8(std::string_view text) noexcept { return valid_utf8_prefix(text) == text.size(); }

// The last character boundary of a well-formed `text` at or before `max`.
std::size_t utf8_boundary(std::string_view text, std::size_t max) noexcept;

// `text` without the beginning of a character at its very end, of which the rest is missing.
std::string_view without_torn_end(std::string_view text) noexcept;

// Appends the character `code`, a Unicode scalar value.
void append_utf8(std::uint32_t code, std::string& out);

// Appends `text`, each maximal ill-formed part replaced by U+FFFD.
void append_repaired(std::string_view text, std::string& out);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_JSON_UTF8_H_
