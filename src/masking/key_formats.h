// Values that tell by their form that they are secrets: JSON web tokens, PEM blocks, keys of clouds and vendors.
//
// Each function is asked at a character that every value of its form holds and that is rare elsewhere; it looks back a
// bounded way and forward only over what it then reports, so that scanning a text stays linear. `cut`: the text goes
// on, so a value that may have begun counts as one.
#ifndef LOGS_SDK_MASKING_KEY_FORMATS_H_
#define LOGS_SDK_MASKING_KEY_FORMATS_H_

#include <cstddef>
#include <string_view>

#include "src/base/span.h"

namespace logs_sdk::inline v1 {

// At the 'J' of "eyJ" (base64 of `{"`). `no_token_before`: in and out; no token begins in front of it.
Span find_jwt(std::string_view text, std::size_t at, bool cut, std::size_t& no_token_before) noexcept;

// At the first '-' of "-----BEGIN": to the end of the block, or of the text when the block does not end.
Span find_pem(std::string_view text, std::size_t at) noexcept;

// Whether a vendor's prefix may end at `at`: by its last three characters, at the price of two look-ups.
bool may_end_key_prefix(std::string_view text, std::size_t at) noexcept;

// At the '_', '-' or '.' that ends a vendor's prefix ("ghp_", "xoxb-", "SG.").
Span find_prefixed_key(std::string_view text, std::size_t at, bool cut) noexcept;

// At the second character of an access key identifier that begins with four capital letters ("AKIA…", "AIza…").
Span find_access_key(std::string_view text, std::size_t at, bool cut) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_KEY_FORMATS_H_
