// Masking of stacks: text like any other, but for the lines that are frames of compiled code.
//
// `auth::password::verify(Card const&) at password.cc:7` holds no password: scopes and line numbers are no values of
// names. Values that show themselves (tokens, keys, cards) are masked in frames as everywhere, and a line that is not
// certainly a frame is text.
#ifndef LOGS_SDK_MASKING_STACK_TEXT_H_
#define LOGS_SDK_MASKING_STACK_TEXT_H_

#include <string>
#include <string_view>

#include "src/masking/masker.h"

namespace logs_sdk::inline v1 {

// For error_stack and panic_location. As Masker::mask_text: true when something was masked, and `out` got the result.
bool mask_stack(const Masker& masker, std::string_view stack, std::string& out, Extent extent = Extent::kWhole);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_STACK_TEXT_H_
