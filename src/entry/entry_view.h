// EntryView: the 57 fields as views of what others own. The encoder's only input: capture fills it from an exchange,
// view_of() from a LogEntry. Values are masked already; limits are applied by the encoder.
#ifndef LOGS_SDK_ENTRY_ENTRY_VIEW_H_
#define LOGS_SDK_ENTRY_ENTRY_VIEW_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "logs_sdk/entry.h"

namespace logs_sdk::inline v1 {

struct HeaderView {
  std::string_view name;  // lower case
  std::string_view value;
};

// Headers of one side: either the pairs in the order received (the encoder joins repeated names), or ready JSON text.
struct HeadersView {
  std::span<const HeaderView> pairs;
  std::string_view json_text;  // used when not empty
};

// A copy of a body. `cut`: the body went on after the copy.
struct BodyView {
  std::string_view text;
  bool cut = false;
};

struct TagView {
  std::string_view name;
  // One of the four kinds of TagValue; text views a string.
  enum class Kind : std::uint8_t { kText, kInteger, kReal, kBoolean } kind = Kind::kText;
  std::string_view text;
  std::int64_t integer = 0;
  double real = 0;
  bool boolean = false;
};

struct EntryView {
  std::string_view uuid;
  std::uint64_t uid = 0;
  std::string_view timestamp;
  std::int64_t duration_ms = 0;
  std::string_view project_slug, environment, service_name, host, process_id;
  std::string_view method, scheme, host_header, path, query_string, full_url;
  std::string_view origin = "unknown";
  HeadersView request_headers, response_headers;
  BodyView request_body, response_body;
  std::uint64_t request_body_size = 0, response_body_size = 0;
  std::string_view content_type;
  std::int64_t status_code = 0;
  std::string_view client_ip, client_ip_chain;
  std::string_view client_type = "other";
  std::int64_t client_port = 0;
  std::string_view client_country, client_province, client_city, client_isp;
  std::string_view user_agent, referer;
  std::string_view device_type, browser, browser_version, os_name, os_version;
  std::string_view tls_version, tls_cipher, proto, api_version;
  std::int64_t upstream_status = 0;
  std::string_view latency_breakdown = "{}";
  std::string_view request_id, trace_id, span_id, parent_span_id, user_id, session_id;
  bool is_error = false;
  std::string_view error_type, error_message, error_stack, panic_location;
  std::span<const TagView> tags;
};

// Views of `entry`, which must outlive the result; `tags` receives the storage of its tags.
EntryView view_of(const LogEntry& entry, std::vector<TagView>& tags);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_ENTRY_VIEW_H_
