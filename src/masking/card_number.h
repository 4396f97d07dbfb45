// Payment card numbers: issuer prefix, length, usual grouping and Luhn's check digit must all agree, so that order
// numbers, times and hashes pass.
#ifndef LOGS_SDK_MASKING_CARD_NUMBER_H_
#define LOGS_SDK_MASKING_CARD_NUMBER_H_

#include <cstddef>
#include <string_view>

#include "src/masking/span.h"

namespace logs_sdk::inline v1 {

// A card number that begins at `at`, the first digit of a group. `cut`: the text goes on, so a number that may have
// begun counts as one. Looks at no more than a few dozen characters.
Span find_card(std::string_view text, std::size_t at, bool cut) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_CARD_NUMBER_H_
