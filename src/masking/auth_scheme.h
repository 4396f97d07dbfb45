// Authentication schemes (RFC 9110, 11.1): the word before credentials, which may stay readable.
#ifndef LOGS_SDK_MASKING_AUTH_SCHEME_H_
#define LOGS_SDK_MASKING_AUTH_SCHEME_H_

#include <cstddef>
#include <string_view>

namespace logs_sdk::inline v1 {

// Length of the known scheme, in any case, that `text` begins with, when a blank follows it; else 0.
std::size_t auth_scheme_bytes(std::string_view text) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_AUTH_SCHEME_H_
