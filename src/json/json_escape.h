// Escaping for JSON strings, once, or twice for JSON that travels as a string within JSON.
//
// '"' and '\' and the control characters U+0000 to U+001F are escaped, by the short form where RFC 8259 has one, else
// as \u00xx; every other byte stays. Bytes are not checked to be UTF-8.
#ifndef LOGS_SDK_JSON_JSON_ESCAPE_H_
#define LOGS_SDK_JSON_JSON_ESCAPE_H_

#include <cstddef>
#include <string_view>

namespace logs_sdk::inline v1 {

enum class Escape : unsigned char { kOnce, kTwice };

// The most that one byte becomes: \u0001, and with its backslash escaped again.
constexpr std::size_t max_escaped(Escape escape) noexcept { return escape == Escape::kOnce ? 6 : 7; }

// Stores are wide: so many bytes behind the end of what is written may be overwritten.
inline constexpr std::size_t kEscapeSlack = 16;

struct Escaped {
  char* end;
  bool ascii;  // no byte had its high bit set
};

// Writes `text` escaped at `out`, where max_escaped() * text.size() + kEscapeSlack bytes are free.
template <Escape kEscape>
Escaped escape_json(std::string_view text, char* out) noexcept;

// The same by words of eight bytes, for machines without SSE2; apart so that it is tested everywhere.
template <Escape kEscape>
Escaped escape_json_by_words(std::string_view text, char* out) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_JSON_JSON_ESCAPE_H_
