// MultipartPart: one part of a multipart body: what its headers say of it, and what it holds.
#ifndef LOGS_SDK_MASKING_MULTIPART_PART_H_
#define LOGS_SDK_MASKING_MULTIPART_PART_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

struct MultipartPart {
  std::optional<std::string> name, file_name;
  std::string type;         // without parameters; empty when there is none that may be shown
  std::string size;         // of its content in bytes; "20480+" when the end is missing
  bool torn = false;        // its text goes on after what is shown
  bool torn_names = false;  // so do its headers
  std::string other_names;  // a part may give itself several names: the others, for the masker, separated by '/'
  std::optional<std::string_view> text;  // nothing for what is no text
};

// Whether a type may be shown: of the characters that names of types have (RFC 6838, 4.2), and not longer than two.
// Nothing may be shown as well.
bool is_media_type(std::string_view type) noexcept;

// Reads what stands between two boundaries: headers, an empty line, content. Throws std::bad_alloc only.
MultipartPart read_part(std::string_view bytes, bool torn);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_MULTIPART_PART_H_
