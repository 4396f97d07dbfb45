// The field lines of a header block, "Name: value\r\n" each (RFC 9112, 5). A bare "\n" ends a line as well.
#ifndef LOGS_SDK_CAPTURE_FIELD_LINES_H_
#define LOGS_SDK_CAPTURE_FIELD_LINES_H_

#include <cstddef>
#include <string_view>

#include "src/base/ascii.h"

namespace logs_sdk::inline v1 {

// `text` without the blanks around it, and without the "\r" of its line's end.
inline std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// Calls take(name, value, folded) for each field of a block; counts lines that are none. `folded`: the value goes on
// over line ends, which it still holds.
template <typename Take>
void for_each_field(std::string_view block, std::size_t& malformed, const Take& take) {
  while (!block.empty()) {
    // A line and those that continue it.
    std::size_t end = block.find('\n');
    bool folded = false;
    for (; end != std::string_view::npos && end + 1 < block.size() && is_blank(block[end + 1]); folded = true)
      end = block.find('\n', end + 1);
    const std::string_view line = block.substr(0, end);
    block.remove_prefix(end == std::string_view::npos ? block.size() : end + 1);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos)
      take(trimmed(line.substr(0, colon)), line.substr(colon + 1), folded);
    else if (!trimmed(line).empty())
      ++malformed;
  }
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_FIELD_LINES_H_
