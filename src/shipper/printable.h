// Text from outside on its way into a message: bounded, on one line, without control characters.
#ifndef LOGS_SDK_SHIPPER_PRINTABLE_H_
#define LOGS_SDK_SHIPPER_PRINTABLE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

inline constexpr std::size_t kMaxReasonBytes = 256;

// At most `max_bytes` of `text`, cut at a UTF-8 boundary. Control characters (C0, DEL, C1) become spaces, bytes that
// are not UTF-8 become '?'.
std::string printable(std::string_view text, std::size_t max_bytes = kMaxReasonBytes);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_PRINTABLE_H_
