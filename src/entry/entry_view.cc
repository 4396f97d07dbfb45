#include "src/entry/entry_view.h"

#include "src/entry/tag_json.h"
#include "src/json/json_checker.h"

namespace logs_sdk::inline v1 {
namespace {

// `text` when it is a JSON object; else "{}", and what the application wrote stays as tag `name`.
std::string_view object_or_tag(std::string_view text, std::string_view name, std::vector<TagView>& tags) {
  if (text.empty()) return "{}";
  if (is_json_object(text)) return text;
  TagView tag;
  tag.name = name;
  tag.text = text;
  tags.push_back(tag);
  return "{}";
}

}  // namespace

EntryView view_of(const LogEntry& entry, std::vector<TagView>& tags) {
  tags.clear();
  EntryView view;
  view.uuid = entry.uuid;
  view.uid = entry.uid;
  view.timestamp = entry.timestamp;
  view.duration_ms = entry.duration_ms;
  view.project_slug = entry.project_slug;
  view.environment = entry.environment;
  view.service_name = entry.service_name;
  view.host = entry.host;
  view.process_id = entry.process_id;
  view.method = entry.method;
  view.scheme = entry.scheme;
  view.host_header = entry.host_header;
  view.path = entry.path;
  view.query_string = entry.query_string;
  view.full_url = entry.full_url;
  view.origin = entry.origin;
  view.request_body_size = entry.request_body_size;
  view.response_body_size = entry.response_body_size;
  view.content_type = entry.content_type;
  view.status_code = entry.status_code;
  view.client_ip = entry.client_ip;
  view.client_ip_chain = entry.client_ip_chain;
  view.client_type = entry.client_type;
  view.client_port = entry.client_port;
  view.client_country = entry.client_country;
  view.client_province = entry.client_province;
  view.client_city = entry.client_city;
  view.client_isp = entry.client_isp;
  view.user_agent = entry.user_agent;
  view.referer = entry.referer;
  view.device_type = entry.device_type;
  view.browser = entry.browser;
  view.browser_version = entry.browser_version;
  view.os_name = entry.os_name;
  view.os_version = entry.os_version;
  view.tls_version = entry.tls_version;
  view.tls_cipher = entry.tls_cipher;
  view.proto = entry.proto;
  view.api_version = entry.api_version;
  view.upstream_status = entry.upstream_status;
  view.request_id = entry.request_id;
  view.trace_id = entry.trace_id;
  view.span_id = entry.span_id;
  view.parent_span_id = entry.parent_span_id;
  view.user_id = entry.user_id;
  view.session_id = entry.session_id;
  view.is_error = entry.is_error;
  view.error_type = entry.error_type;
  view.error_message = entry.error_message;
  view.error_stack = entry.error_stack;
  view.panic_location = entry.panic_location;
  view.request_headers.json_text = object_or_tag(entry.request_headers, "invalid.request_headers", tags);
  view.response_headers.json_text = object_or_tag(entry.response_headers, "invalid.response_headers", tags);
  view.latency_breakdown = object_or_tag(entry.latency_breakdown, "invalid.latency_breakdown", tags);
  view.request_body.text = entry.request_body;
  view.response_body.text = entry.response_body;
  for (const auto& [name, value] : entry.tags) tags.push_back(tag_view(name, value));
  view.tags = tags;
  return view;
}

}  // namespace logs_sdk::inline v1
