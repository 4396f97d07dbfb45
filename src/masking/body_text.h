// Whether the copy of a body can be shown, and masked, as text.
#ifndef LOGS_SDK_MASKING_BODY_TEXT_H_
#define LOGS_SDK_MASKING_BODY_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

// False for types that are no text, for multipart, for compressed content, for charsets that do not contain ASCII
// (masking would not recognise a name in them), and for bytes that no text has.
bool is_text_body(std::string_view content_type, std::string_view content_encoding, std::string_view copy) noexcept;

// Appends "[binary <type> <n> bytes]"; the type without parameters, "application/octet-stream" when there is none that
// has the form of one.
void append_binary_body(std::string_view content_type, std::uint64_t size_bytes, std::string& out);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_BODY_TEXT_H_
