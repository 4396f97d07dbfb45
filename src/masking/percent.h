// Percent-encoding (RFC 3986, 2.1; the form variant writes a space as '+').
#ifndef LOGS_SDK_MASKING_PERCENT_H_
#define LOGS_SDK_MASKING_PERCENT_H_

#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

// Whether decoding would change anything.
bool is_encoded(std::string_view text) noexcept;
// Appends the decoded text; a '%' without two digits stays as it is.
void percent_decode(std::string_view text, std::string& out);
// Appends `text` with everything but unreserved characters and '*' encoded.
void percent_encode(std::string_view text, std::string& out);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_PERCENT_H_
