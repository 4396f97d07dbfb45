// LogEntry: one log entry as owning values, all 57 fields. For LogSDK::send; exchanges are captured without it.
//
// The order, the names and the defaults are those of the wire; docs/formats/entry.md has the meaning of each field.
#ifndef LOGS_SDK_ENTRY_H_
#define LOGS_SDK_ENTRY_H_

#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "logs_sdk/export.h"

namespace logs_sdk {
inline namespace v1 {

// Value of a tag. Not-a-number and infinities travel as the strings "NaN", "Infinity" and "-Infinity".
using TagValue = std::variant<std::string, std::int64_t, double, bool>;
using Tags = std::map<std::string, TagValue>;

struct LogEntry {
  // Left empty, LogSDK::send fills: uuid, timestamp (now), project_slug, environment, service_name, host, process_id,
  // trace_id, span_id, request_id. A value that you set stays.
  std::string uuid;  // 32 lower-case hex digits
  std::uint64_t uid = 0;
  std::string timestamp;  // RFC 3339, UTC
  std::int64_t duration_ms = 0;
  std::string project_slug;
  std::string environment;
  std::string service_name;
  std::string host;
  std::string process_id;
  std::string method;
  std::string scheme;
  std::string host_header;
  std::string path;
  std::string query_string;
  std::string full_url;
  std::string origin = "unknown";
  std::string request_headers = "{}";   // a JSON object as text
  std::string response_headers = "{}";  // a JSON object as text
  std::string request_body;
  std::string response_body;
  std::uint64_t request_body_size = 0;
  std::uint64_t response_body_size = 0;
  std::string content_type;
  int status_code = 0;
  std::string client_ip;
  std::string client_ip_chain;
  std::string client_type = "other";
  int client_port = 0;
  std::string client_country;
  std::string client_province;
  std::string client_city;
  std::string client_isp;
  std::string user_agent;
  std::string referer;
  std::string device_type;
  std::string browser;
  std::string browser_version;
  std::string os_name;
  std::string os_version;
  std::string tls_version;
  std::string tls_cipher;
  std::string proto;
  std::string api_version;
  int upstream_status = 0;
  std::string latency_breakdown = "{}";  // a JSON object as text
  std::string request_id;
  std::string trace_id;
  std::string span_id;
  std::string parent_span_id;
  std::string user_id;
  std::string session_id;
  bool is_error = false;
  std::string error_type;
  std::string error_message;
  std::string error_stack;
  std::string panic_location;
  Tags tags;
};

}  // namespace v1
}  // namespace logs_sdk

#endif  // LOGS_SDK_ENTRY_H_
