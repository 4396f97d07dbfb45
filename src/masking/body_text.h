// Whether a body can be shown, and masked, as text: by its type, and where that says nothing, or lies, by its bytes.
#ifndef LOGS_SDK_MASKING_BODY_TEXT_H_
#define LOGS_SDK_MASKING_BODY_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

class Masker;

enum class BodyType : std::uint8_t {
  kText,       // also of a body without a type
  kMultipart,  // of which the masker makes a summary in text, whatever its parts are
  kUnknown,    // application/octet-stream and the like: the bytes tell
  kBinary,
};

// By the media type in a Content-Type; its parameters do not matter.
BodyType body_type(std::string_view content_type) noexcept;

// Whether `text`, which is UTF-8 or meant to be, can be shown: without NUL, and without more control characters than a
// text has. Of an unknown type it has to be well-formed text altogether, but for a character torn at its end.
bool is_text(BodyType type, std::string_view text) noexcept;

inline bool is_text_body(std::string_view content_type, std::string_view text) noexcept {
  return is_text(body_type(content_type), text);
}

// Appends "[binary <type> <n> bytes]". The type is without parameters; where there is none that has the form of one, or
// it says nothing, it is what `bytes`, the beginning of the body, show themselves to be, else
// "application/octet-stream". Masked as text.
void append_binary_body(const Masker& masker, std::string_view content_type, std::string_view bytes,
                        std::uint64_t size_bytes, std::string& out);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_BODY_TEXT_H_
