// HeaderId: the request headers whose meaning capture knows. A name is looked at once, when the header is copied.
#ifndef LOGS_SDK_CAPTURE_HEADER_ID_H_
#define LOGS_SDK_CAPTURE_HEADER_ID_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/masking/header_kind.h"

namespace logs_sdk::inline v1 {

enum class HeaderId : std::uint8_t {
  kHost,
  kOrigin,
  kReferer,
  kForwarded,
  kUserId,
  kUserAgent,
  kAppName,
  kTraceId,
  kTraceparent,
  kAppScene,
  kContentType,
  kRequestId,
  kSessionId,
  kAppVersion,
  kClientType,
  kSecFetchSite,
  kForwardedFor,
  kRequestStart,
  kCallerService,
  kCallerVersion,
  kForwardedHost,
  kParentSpanId,
  kForwardedProto,
  kMiniProgramPath,
  kMiniProgramAppId,
  kContentEncoding,
  kOther,
};
inline constexpr std::size_t kHeaderIdCount = static_cast<std::size_t>(HeaderId::kOther);
inline constexpr std::size_t kMaxHeaderIdBytes = 20;  // of the longest of their names

// `lower_name` in lower case; kOther for a name without meaning here.
HeaderId header_id(std::string_view lower_name) noexcept;

// What the masker knows of the header.
HeaderKind kind_of(HeaderId id) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_HEADER_ID_H_
