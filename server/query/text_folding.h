// Case folding as the query language has it: ASCII letters only, byte by byte, so that lengths stay.
#ifndef LOGS_SERVER_QUERY_TEXT_FOLDING_H_
#define LOGS_SERVER_QUERY_TEXT_FOLDING_H_

#include <algorithm>
#include <string>
#include <string_view>

namespace logs_server {

constexpr char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

inline void append_folded(std::string_view text, std::string& to) {
  const std::size_t begin = to.size();
  to.append(text);
  std::transform(to.begin() + static_cast<std::ptrdiff_t>(begin), to.end(),
                 to.begin() + static_cast<std::ptrdiff_t>(begin), fold);
}

inline std::string folded(std::string_view text) {
  std::string result;
  append_folded(text, result);
  return result;
}

// `folded_text` is folded already.
inline bool equals_folded(std::string_view text, std::string_view folded_text) {
  return std::equal(text.begin(), text.end(), folded_text.begin(), folded_text.end(),
                    [](char left, char right) { return fold(left) == right; });
}

}  // namespace logs_server

#endif  // LOGS_SERVER_QUERY_TEXT_FOLDING_H_
