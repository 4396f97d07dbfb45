// Limits of an entry, in bytes of UTF-8 before JSON escaping. A longer text is cut at a character boundary and followed
// by kTruncated, which is not counted.
#ifndef LOGS_SDK_ENTRY_LIMITS_H_
#define LOGS_SDK_ENTRY_LIMITS_H_

#include <cstddef>
#include <string_view>

namespace logs_sdk::inline v1 {

inline constexpr std::string_view kTruncated = "...[truncated]";
inline constexpr std::size_t kMaxStringBytes = 512;
inline constexpr std::size_t kMaxUrlBytes = 4096;  // full_url, path, query_string, referer
inline constexpr std::size_t kMaxHeaderValueBytes = 4096;
inline constexpr std::size_t kMaxHeadersBytes = 16384;  // names and values of one side; later ones are left out
inline constexpr std::size_t kMaxHeaders = 512;  // of one side, empty ones too: finding repeated names is quadratic
inline constexpr std::size_t kMaxUserAgentBytes = 1024;
inline constexpr std::size_t kMaxErrorMessageBytes = 4096;
inline constexpr std::size_t kMaxTags = 64;
inline constexpr std::size_t kMaxTagNameBytes = 64;
inline constexpr std::size_t kMaxTagValueBytes = 1024;

// The limits that the configuration decides.
struct EntryLimits {
  std::size_t max_body_bytes = 4096;
  std::size_t max_stack_bytes = 8192;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_LIMITS_H_
