// Masking of what an exception says: text like any other, but for the name of its type.
//
// `shop::token::Expired: at noon` and `InvalidTokenError: signature` hold no token: a type's name in front of a message
// is no name of a value. So are the names of causes.
#ifndef LOGS_SDK_MASKING_ERROR_TEXT_H_
#define LOGS_SDK_MASKING_ERROR_TEXT_H_

#include <string>
#include <string_view>

#include "src/masking/masker.h"

namespace logs_sdk::inline v1 {

// What stands between an exception's message and its cause.
inline constexpr std::string_view kCausedBy = "; caused by ";

// For error_message: "type: message; caused by type: message". As Masker::mask_text: true when something was masked,
// and `out` got the result.
bool mask_error(const Masker& masker, std::string_view error, std::string& out, Extent extent = Extent::kWhole);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_ERROR_TEXT_H_
