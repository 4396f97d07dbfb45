// The 57 fields of an entry, in the order of the wire. The one table from which encoder, server and documentation take
// names, kinds and limits.
#ifndef LOGS_SDK_ENTRY_FIELD_TABLE_H_
#define LOGS_SDK_ENTRY_FIELD_TABLE_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace logs_sdk::inline v1 {

enum class Field : unsigned char {
  kUuid, kUid, kTimestamp, kDurationMs, kProjectSlug, kEnvironment, kServiceName, kHost, kProcessId, kMethod, kScheme,
  kHostHeader, kPath, kQueryString, kFullUrl, kOrigin, kRequestHeaders, kResponseHeaders, kRequestBody, kResponseBody,
  kRequestBodySize, kResponseBodySize, kContentType, kStatusCode, kClientIp, kClientIpChain, kClientType, kClientPort,
  kClientCountry, kClientProvince, kClientCity, kClientIsp, kUserAgent, kReferer, kDeviceType, kBrowser, kBrowserVersion,
  kOsName, kOsVersion, kTlsVersion, kTlsCipher, kProto, kApiVersion, kUpstreamStatus, kLatencyBreakdown, kRequestId,
  kTraceId, kSpanId, kParentSpanId, kUserId, kSessionId, kIsError, kErrorType, kErrorMessage, kErrorStack,
  kPanicLocation, kTags,
};
inline constexpr std::size_t kFieldCount = 57;

enum class FieldKind : unsigned char { kString, kJsonText, kInteger, kBoolean, kObject };

// Which bound of contract "limits" applies; bodies and stack take theirs from the configuration.
enum class FieldLimit : unsigned char { kNone, kString, kUrl, kHeaders, kBody, kUserAgent, kErrorMessage, kStack, kTags };

struct FieldInfo {
  std::string_view name;  // also the name in JSON, in queries and of the member of LogEntry
  FieldKind kind;
  FieldLimit limit;
  std::string_view default_text;  // of string kinds, as LogEntry has it
};

// Indexed by Field.
extern const std::array<FieldInfo, kFieldCount> kFieldTable;

inline const FieldInfo& info(Field field) noexcept { return kFieldTable[static_cast<std::size_t>(field)]; }
std::optional<Field> find_field(std::string_view name) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_FIELD_TABLE_H_
