// Payment card numbers: issuer prefix, length, usual grouping and Luhn's check digit must all agree, so that order
// numbers, times and hashes pass.
#ifndef LOGS_SDK_MASKING_CARD_NUMBER_H_
#define LOGS_SDK_MASKING_CARD_NUMBER_H_

#include <cstddef>
#include <string_view>

#include "src/masking/characters.h"
#include "src/masking/span.h"

namespace logs_sdk::inline v1 {

// A card number begins with a group of four digits, or stands in one of thirteen at least.
inline constexpr std::size_t kCardGroupDigits = 4, kMinCardDigits = 13;

inline std::size_t end_of_digits(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// Whether a look at the digits from `begin` to `end` is worth while; hardly ever.
inline bool may_begin_card(std::string_view text, std::size_t begin, std::size_t end, bool cut) noexcept {
  if (cut && end + 1 >= text.size()) return true;
  if (end - begin != kCardGroupDigits) return end - begin >= kMinCardDigits;
  return end + 1 < text.size() && (text[end] == ' ' || text[end] == '-') && is_digit(text[end + 1]);
}

// A card number that begins at `at`, the first digit of a group. `cut`: the text goes on, so a number that may have
// begun counts as one. Looks at no more than a few dozen characters.
Span find_card(std::string_view text, std::size_t at, bool cut) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_CARD_NUMBER_H_
