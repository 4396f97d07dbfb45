// Whether a text is one JSON object (RFC 8259). For the fields that hold JSON as text, when an application made it.
#ifndef LOGS_SDK_ENTRY_JSON_OBJECT_H_
#define LOGS_SDK_ENTRY_JSON_OBJECT_H_

#include <string_view>

namespace logs_sdk::inline v1 {

// Deeper than this is refused: readers have limits too, and a stack must not end on hostile input.
inline constexpr int kMaxJsonDepth = 64;

// Bytes from 0x80 are accepted within strings, well-formed or not: the encoder repairs them.
bool is_json_object(std::string_view text) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_JSON_OBJECT_H_
