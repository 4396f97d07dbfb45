#include "src/entry/entry_encoder.h"

#include <cmath>
#include <string_view>

#include "src/entry/field_table.h"
#include "src/entry/header_json.h"
#include "src/entry/json_writer.h"
#include "src/entry/utf8.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr bool is_quoted(Field field) {
  return info(field).kind == FieldKind::kString || info(field).kind == FieldKind::kJsonText;
}

constexpr std::size_t prefix_size(Field field) { return info(field).name.size() + (is_quoted(field) ? 5 : 4); }

// `,"name":`, with the quote that opens the value where it is a string; '{' in place of ',' before the first.
template <Field kField>
constexpr auto kPrefix = [] {
  std::array<char, prefix_size(kField)> prefix;
  std::size_t size = 0;
  prefix[size++] = kField == Field::kUuid ? '{' : ',';
  prefix[size++] = '"';
  for (const char c : info(kField).name) prefix[size++] = c;
  prefix[size++] = '"';
  prefix[size++] = ':';
  if (is_quoted(kField)) prefix[size++] = '"';
  return prefix;
}();

// JsonWriter's rule: all fields together, each an integer, or the words of is_error and tags, stay within the headroom.
static_assert([] {
  std::size_t size = 0;
  for (std::size_t i = 0; i < kFieldCount; ++i) size += prefix_size(static_cast<Field>(i)) + 24;
  return size;
}() < JsonWriter::kHeadroomBytes);

constexpr std::size_t limit_of(Field field) {
  switch (info(field).limit) {
    case FieldLimit::kString:
      return kMaxStringBytes;
    case FieldLimit::kUrl:
      return kMaxUrlBytes;
    case FieldLimit::kHeaders:
      return kMaxHeadersBytes;
    case FieldLimit::kUserAgent:
      return kMaxUserAgentBytes;
    case FieldLimit::kErrorMessage:
      return kMaxErrorMessageBytes;
    default:  // none, or the configuration's
      return 0;
  }
}

template <Field kField>
void put(JsonWriter& json, std::string_view text) {
  static_assert(info(kField).kind == FieldKind::kString && limit_of(kField) > 0);
  json.raw(kPrefix<kField>);
  json.text(text, limit_of(kField));
  json.raw("\"");
}

template <Field kField, std::integral Integer>
void put(JsonWriter& json, Integer value) noexcept {
  static_assert(info(kField).kind == FieldKind::kInteger);
  json.raw(kPrefix<kField>);
  json.number(value);
}

template <Field kField>
void put_boolean(JsonWriter& json, bool value) noexcept {
  static_assert(info(kField).kind == FieldKind::kBoolean);
  json.raw(kPrefix<kField>);
  value ? json.raw("true") : json.raw("false");
}

// JSON as text cannot be cut: it would be JSON no more. Too long, it is left out as a whole, which its one name tells.
template <Field kField>
void put_json_text(JsonWriter& json, std::string_view text) {
  static_assert(info(kField).kind == FieldKind::kJsonText);
  json.raw(kPrefix<kField>);
  const std::size_t before = json.position();
  TextBudget budget{limit_of(kField)};
  json.piece(text.empty() ? std::string_view("{}") : text, budget);
  if (budget.cut) {
    json.rewind(before);
    write_omission(json);
  }
  json.raw("\"");
}

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

template <Field kField>
void put_stack(JsonWriter& json, std::string_view stack, std::size_t limit) {
  static_assert(info(kField).limit == FieldLimit::kStack);
  json.raw(kPrefix<kField>);
  json.text(stack, limit);
  json.raw("\"");
}

// JSON has no word for what is not finite.
void put_real(JsonWriter& json, double value) noexcept {
  if (std::isfinite(value)) {
    json.number(value);
  } else if (std::isnan(value)) {
    json.raw("\"NaN\"");
  } else {
    value > 0 ? json.raw("\"Infinity\"") : json.raw("\"-Infinity\"");
  }
}

void put_tag(JsonWriter& json, const TagView& tag) {
  json.make_room();
  json.raw("\"");
  json.text(tag.name, kMaxTagNameBytes);
  json.raw("\":");
  switch (tag.kind) {
    case TagView::Kind::kText:
      json.raw("\"");
      json.text(tag.text, kMaxTagValueBytes);
      json.raw("\"");
      break;
    case TagView::Kind::kInteger:
      json.number(tag.integer);
      break;
    case TagView::Kind::kReal:
      put_real(json, tag.real);
      break;
    case TagView::Kind::kBoolean:
      tag.boolean ? json.raw("true") : json.raw("false");
      break;
  }
}

void put_tags(JsonWriter& json, std::span<const TagView> tags) {
  json.raw(kPrefix<Field::kTags>);
  json.raw("{");
  for (std::size_t i = 0; i < tags.size() && i < kMaxTags; ++i) {
    if (i > 0) json.raw(",");
    put_tag(json, tags[i]);
  }
  json.raw("}");
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
  put_stack<Field::kErrorStack>(json, entry.error_stack, limits_.max_stack_bytes);
  put<Field::kPanicLocation>(json, entry.panic_location);
  put_tags(json, entry.tags);
  json.raw("}");
  json.finish();
}

void EntryEncoder::encode(const EntryView& entry, std::string& out) const {
  ByteBuffer buffer;
  encode(entry, buffer);
  out.append(buffer.view());
}

}  // namespace logs_sdk::inline v1
