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
  kUuid,
  kUid,
  kTimestamp,
  kDurationMs,
  kProjectSlug,
  kEnvironment,
  kServiceName,
  kHost,
  kProcessId,
  kMethod,
  kScheme,
  kHostHeader,
  kPath,
  kQueryString,
  kFullUrl,
  kOrigin,
  kRequestHeaders,
  kResponseHeaders,
  kRequestBody,
  kResponseBody,
  kRequestBodySize,
  kResponseBodySize,
  kContentType,
  kStatusCode,
  kClientIp,
  kClientIpChain,
  kClientType,
  kClientPort,
  kClientCountry,
  kClientProvince,
  kClientCity,
  kClientIsp,
  kUserAgent,
  kReferer,
  kDeviceType,
  kBrowser,
  kBrowserVersion,
  kOsName,
  kOsVersion,
  kTlsVersion,
  kTlsCipher,
  kProto,
  kApiVersion,
  kUpstreamStatus,
  kLatencyBreakdown,
  kRequestId,
  kTraceId,
  kSpanId,
  kParentSpanId,
  kUserId,
  kSessionId,
  kIsError,
  kErrorType,
  kErrorMessage,
  kErrorStack,
  kPanicLocation,
  kTags,
};
inline constexpr std::size_t kFieldCount = 57;

enum class FieldKind : unsigned char { kString, kJsonText, kInteger, kBoolean, kObject };

// Which bound of contract "limits" applies; bodies and stack take theirs from the configuration.
enum class FieldLimit : unsigned char {
  kNone,
  kString,
  kUrl,
  kHeaders,
  kBody,
  kUserAgent,
  kErrorMessage,
  kStack,
  kTags
};

struct FieldInfo {
  std::string_view name;  // also the name in JSON, in queries and of the member of LogEntry
  FieldKind kind;
  FieldLimit limit;
  std::string_view default_text;  // of string kinds, as LogEntry has it
};

// Indexed by Field.
inline constexpr std::array<FieldInfo, kFieldCount> kFieldTable{{
    {"uuid", FieldKind::kString, FieldLimit::kString, ""},
    {"uid", FieldKind::kInteger, FieldLimit::kNone, ""},
    {"timestamp", FieldKind::kString, FieldLimit::kString, ""},
    {"duration_ms", FieldKind::kInteger, FieldLimit::kNone, ""},
    {"project_slug", FieldKind::kString, FieldLimit::kString, ""},
    {"environment", FieldKind::kString, FieldLimit::kString, ""},
    {"service_name", FieldKind::kString, FieldLimit::kString, ""},
    {"host", FieldKind::kString, FieldLimit::kString, ""},
    {"process_id", FieldKind::kString, FieldLimit::kString, ""},
    {"method", FieldKind::kString, FieldLimit::kString, ""},
    {"scheme", FieldKind::kString, FieldLimit::kString, ""},
    {"host_header", FieldKind::kString, FieldLimit::kString, ""},
    {"path", FieldKind::kString, FieldLimit::kUrl, ""},
    {"query_string", FieldKind::kString, FieldLimit::kUrl, ""},
    {"full_url", FieldKind::kString, FieldLimit::kUrl, ""},
    {"origin", FieldKind::kString, FieldLimit::kString, "unknown"},
    {"request_headers", FieldKind::kJsonText, FieldLimit::kHeaders, "{}"},
    {"response_headers", FieldKind::kJsonText, FieldLimit::kHeaders, "{}"},
    {"request_body", FieldKind::kString, FieldLimit::kBody, ""},
    {"response_body", FieldKind::kString, FieldLimit::kBody, ""},
    {"request_body_size", FieldKind::kInteger, FieldLimit::kNone, ""},
    {"response_body_size", FieldKind::kInteger, FieldLimit::kNone, ""},
    {"content_type", FieldKind::kString, FieldLimit::kString, ""},
    {"status_code", FieldKind::kInteger, FieldLimit::kNone, ""},
    {"client_ip", FieldKind::kString, FieldLimit::kString, ""},
    {"client_ip_chain", FieldKind::kString, FieldLimit::kString, ""},
    {"client_type", FieldKind::kString, FieldLimit::kString, "other"},
    {"client_port", FieldKind::kInteger, FieldLimit::kNone, ""},
    {"client_country", FieldKind::kString, FieldLimit::kString, ""},
    {"client_province", FieldKind::kString, FieldLimit::kString, ""},
    {"client_city", FieldKind::kString, FieldLimit::kString, ""},
    {"client_isp", FieldKind::kString, FieldLimit::kString, ""},
    {"user_agent", FieldKind::kString, FieldLimit::kUserAgent, ""},
    {"referer", FieldKind::kString, FieldLimit::kUrl, ""},
    {"device_type", FieldKind::kString, FieldLimit::kString, ""},
    {"browser", FieldKind::kString, FieldLimit::kString, ""},
    {"browser_version", FieldKind::kString, FieldLimit::kString, ""},
    {"os_name", FieldKind::kString, FieldLimit::kString, ""},
    {"os_version", FieldKind::kString, FieldLimit::kString, ""},
    {"tls_version", FieldKind::kString, FieldLimit::kString, ""},
    {"tls_cipher", FieldKind::kString, FieldLimit::kString, ""},
    {"proto", FieldKind::kString, FieldLimit::kString, ""},
    {"api_version", FieldKind::kString, FieldLimit::kString, ""},
    {"upstream_status", FieldKind::kInteger, FieldLimit::kNone, ""},
    {"latency_breakdown", FieldKind::kJsonText, FieldLimit::kString, "{}"},
    {"request_id", FieldKind::kString, FieldLimit::kString, ""},
    {"trace_id", FieldKind::kString, FieldLimit::kString, ""},
    {"span_id", FieldKind::kString, FieldLimit::kString, ""},
    {"parent_span_id", FieldKind::kString, FieldLimit::kString, ""},
    {"user_id", FieldKind::kString, FieldLimit::kString, ""},
    {"session_id", FieldKind::kString, FieldLimit::kString, ""},
    {"is_error", FieldKind::kBoolean, FieldLimit::kNone, ""},
    {"error_type", FieldKind::kString, FieldLimit::kString, ""},
    {"error_message", FieldKind::kString, FieldLimit::kErrorMessage, ""},
    {"error_stack", FieldKind::kString, FieldLimit::kStack, ""},
    {"panic_location", FieldKind::kString, FieldLimit::kString, ""},
    {"tags", FieldKind::kObject, FieldLimit::kTags, ""},
}};

constexpr const FieldInfo& info(Field field) noexcept { return kFieldTable[static_cast<std::size_t>(field)]; }
std::optional<Field> find_field(std::string_view name) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_FIELD_TABLE_H_
