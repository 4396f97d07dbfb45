#include "src/entry/entry_encoder.h"

#include <string_view>

#include "src/entry/field_table.h"
#include "src/entry/field_writer.h"
#include "src/entry/header_json.h"
#include "src/entry/json_writer.h"
#include "src/entry/tag_json.h"
#include "src/json/utf8.h"

namespace logs_sdk::inline v1 {
namespace {

template <Field kField>
void put_headers(JsonWriter& json, const HeadersView& headers) {
  if (!headers.json_text.empty()) return put_json_text<kField>(json, headers.json_text);
  json.raw(kPrefix<kField>);
  write_headers(headers.pairs, json);
  json.raw("\"");
}

template <Field kField>
void put_body(JsonWriter& json, const BodyView& body, std::size_t limit) {
  static_assert(info(kField).limit == FieldLimit::kBody);
  json.raw(kPrefix<kField>);
  TextBudget budget{limit};
  json.piece(body.cut ? without_torn_end(body.text) : body.text, budget);
  if (budget.cut || body.cut) json.marker();
  json.raw("\"");
}

std::string_view either(std::string_view own, const std::string& otherwise) {
  return own.empty() ? std::string_view(otherwise) : own;
}

void put_identity(JsonWriter& json, const EntryView& entry, const ProcessIdentity& identity) {
  put<Field::kProjectSlug>(json, either(entry.project_slug, identity.project_slug));
  put<Field::kEnvironment>(json, either(entry.environment, identity.environment));
  put<Field::kServiceName>(json, either(entry.service_name, identity.service_name));
  put<Field::kHost>(json, either(entry.host, identity.host));
  put<Field::kProcessId>(json, either(entry.process_id, identity.process_id));
}

bool has_own_identity(const EntryView& entry) {
  return !(entry.project_slug.empty() && entry.environment.empty() && entry.service_name.empty() &&
           entry.host.empty() && entry.process_id.empty());
}

}  // namespace

EntryEncoder::EntryEncoder(const EntryLimits& limits, const ProcessIdentity& identity)
    : limits_(limits), identity_(identity) {
  ByteBuffer buffer;
  JsonWriter json(buffer);
  put_identity(json, EntryView{}, identity_);
  json.finish();
  identity_json_ = buffer.view();
}

void EntryEncoder::encode(const EntryView& entry, ByteBuffer& out) const {
  out.clear();
  JsonWriter json(out);
  put<Field::kUuid>(json, entry.uuid);
  put<Field::kUid>(json, entry.uid);
  put<Field::kTimestamp>(json, entry.timestamp);
  put<Field::kDurationMs>(json, entry.duration_ms);
  has_own_identity(entry) ? put_identity(json, entry, identity_) : json.json(identity_json_);
  put<Field::kMethod>(json, entry.method);
  put<Field::kScheme>(json, entry.scheme);
  put<Field::kHostHeader>(json, entry.host_header);
  put<Field::kPath>(json, entry.path);
  put<Field::kQueryString>(json, entry.query_string);
  put<Field::kFullUrl>(json, entry.full_url);
  put<Field::kOrigin>(json, entry.origin);
  put_headers<Field::kRequestHeaders>(json, entry.request_headers);
  put_headers<Field::kResponseHeaders>(json, entry.response_headers);
  put_body<Field::kRequestBody>(json, entry.request_body, limits_.max_body_bytes);
  put_body<Field::kResponseBody>(json, entry.response_body, limits_.max_body_bytes);
  put<Field::kRequestBodySize>(json, entry.request_body_size);
  put<Field::kResponseBodySize>(json, entry.response_body_size);
  put<Field::kContentType>(json, entry.content_type);
  put<Field::kStatusCode>(json, entry.status_code);
  put<Field::kClientIp>(json, entry.client_ip);
  put<Field::kClientIpChain>(json, entry.client_ip_chain);
  put<Field::kClientType>(json, entry.client_type);
  put<Field::kClientPort>(json, entry.client_port);
  put<Field::kClientCountry>(json, entry.client_country);
  put<Field::kClientProvince>(json, entry.client_province);
  put<Field::kClientCity>(json, entry.client_city);
  put<Field::kClientIsp>(json, entry.client_isp);
  put<Field::kUserAgent>(json, entry.user_agent);
  put<Field::kReferer>(json, entry.referer);
  put<Field::kDeviceType>(json, entry.device_type);
  put<Field::kBrowser>(json, entry.browser);
  put<Field::kBrowserVersion>(json, entry.browser_version);
  put<Field::kOsName>(json, entry.os_name);
  put<Field::kOsVersion>(json, entry.os_version);
  put<Field::kTlsVersion>(json, entry.tls_version);
  put<Field::kTlsCipher>(json, entry.tls_cipher);
  put<Field::kProto>(json, entry.proto);
  put<Field::kApiVersion>(json, entry.api_version);
  put<Field::kUpstreamStatus>(json, entry.upstream_status);
  put_json_text<Field::kLatencyBreakdown>(json, entry.latency_breakdown);
  put<Field::kRequestId>(json, entry.request_id);
  put<Field::kTraceId>(json, entry.trace_id);
  put<Field::kSpanId>(json, entry.span_id);
  put<Field::kParentSpanId>(json, entry.parent_span_id);
  put<Field::kUserId>(json, entry.user_id);
  put<Field::kSessionId>(json, entry.session_id);
  put_boolean<Field::kIsError>(json, entry.is_error);
  put<Field::kErrorType>(json, entry.error_type);
  put<Field::kErrorMessage>(json, entry.error_message);
  put<Field::kErrorStack>(json, entry.error_stack, limits_.max_stack_bytes);
  put<Field::kPanicLocation>(json, entry.panic_location);
  json.raw(kPrefix<Field::kTags>);
  write_tags(entry.tags, json);
  json.raw("}");
  json.finish();
}

void EntryEncoder::encode(const EntryView& entry, std::string& out) const {
  ByteBuffer buffer;
  encode(entry, buffer);
  out.append(buffer.view());
}

}  // namespace logs_sdk::inline v1
