// What the masker knows of the usual headers without looking at the list of secret names.
#ifndef LOGS_SDK_MASKING_HEADER_KIND_H_
#define LOGS_SDK_MASKING_HEADER_KIND_H_

#include <cstdint>
#include <string_view>

namespace logs_sdk::inline v1 {

enum class HeaderKind : std::uint8_t {
  kOther,   // ask the list
  kOpen,    // a usual header whose name is not secret by the built-in list
  kUrl,     // the same, and its value is a URL
  kSecret,  // credentials, by the built-in list
};

// `name` in any case.
HeaderKind header_kind(std::string_view name) noexcept;
HeaderKind header_kind_of_lower(std::string_view lower_name) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_HEADER_KIND_H_
