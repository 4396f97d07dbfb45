// Payment card numbers: issuer prefix, length, usual grouping and Luhn's check digit must all agree, so that order
// numbers, times and hashes pass.
#ifndef LOGS_SDK_MASKING_CARD_NUMBER_H_
#define LOGS_SDK_MASKING_CARD_NUMBER_H_

#include <cstddef>
#include <string_view>

#include "src/base/ascii.h"
#include "src/base/span.h"

namespace logs_sdk::inline v1 {

// A card number begins with a group of four digits, or stands in one of thirteen at least.
inline constexpr std::size_t kCardGroupDigits = 4, kMinCardDigits = 13;

inline std::size_t end_of_digits(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// Whether a look at the digits from `begin` to `end` is worth while; hardly ever. After a group of four, two more
// groups of four at least follow (4-4-4-4, 4-6-5, 4-6-4), unless the text is cut among them.
inline bool may_begin_card(std::string_view text, std::size_t begin, std::size_t end, bool cut) noexcept {
  if (end - begin != kCardGroupDigits) return end - begin >= kMinCardDigits || (cut && end + 1 >= text.size());
  for (int group = 0; group < 2; ++group) {
    if (end + 1 >= text.size()) return cut;
    if (text[end] != ' ' && text[end] != '-') return false;
    const std::size_t first = end + 1;
    end = end_of_digits(text, first);
    if (end - first < kCardGroupDigits) return cut && end + 1 >= text.size();
  }
  return true;
}

// A card number that begins at `at`, the first digit of a group. `cut`: the text goes on, so a number that may have
// begun counts as one. Looks at no more than a few dozen characters.
Span find_card(std::string_view text, std::size_t at, bool cut) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_CARD_NUMBER_H_
