#include "src/capture/capture_run.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "src/base/ascii.h"
#include "src/base/rfc3339.h"
#include "src/base/sha256.h"
#include "src/capture/failure.h"
#include "src/capture/request_target.h"
#include "src/capture/timings.h"
#include "src/capture/trace_context.h"
#include "src/entry/limits.h"
#include "src/entry/newest_lines.h"
#include "src/masking/body_text.h"
#include "src/masking/error_text.h"
#include "src/masking/stack_text.h"

namespace logs_sdk::inline v1 {
namespace {

// Hex digits of a session's hash that are kept.
constexpr std::size_t kSessionDigits = 16;

Extent extent_of(bool cut) noexcept { return cut ? Extent::kCut : Extent::kWhole; }

// Schemes are compared without case and written in lower case (RFC 3986, 3.1); empty for none that a server is asked
// by.
std::string_view scheme_named(std::string_view text) noexcept {
  for (const std::string_view scheme : {"http", "https", "ws", "wss"}) {
    if (std::equal(text.begin(), text.end(), scheme.begin(), scheme.end(),
                   [](char a, char b) { return to_lower(a) == b; }))
      return scheme;
  }
  return {};
}

// "ip_rule", "route", "x_trace_id" and "stream_ended_by".
constexpr std::size_t kOwnTags = 4;

// Who ended a response that came piece by piece: the server, when all of it was written.
std::string_view stream_ended_by(const ExchangeState& state, Outcome outcome) noexcept {
  if (state.has_exception) return "handler";
  switch (outcome) {
    case Outcome::kAborted:
      return "client";
    case Outcome::kAbandoned:
    case Outcome::kTimeout:
      return "handler";
    case Outcome::kComplete:
    case Outcome::kUpgraded:
    case Outcome::kRejected:
      break;
  }
  return "server";
}

// Room for any number as text (17 significant digits, sign, exponent).
constexpr std::size_t kMaxNumberBytes = 32;

template <typename Number>
std::string_view number_text(Number number, char (&out)[kMaxNumberBytes]) noexcept {
  const auto [end, error] = std::to_chars(out, out + kMaxNumberBytes, number);
  return {out, static_cast<std::size_t>(end - out)};
}

}  // namespace

CaptureRun::CaptureRun(const Masker& masker, const TrustedProxies& trusted, const ExchangeState& state,
                       CaptureScratch& scratch, EntryView& entry)
    : masker_(masker),
      trusted_(trusted),
      state_(state),
      scratch_(scratch),
      entry_(entry),
      peer_trusted_(state.peer_trusted) {
  scratch_.reset();
  scratch_.triggers.assign(state_.arena);
  entry_ = EntryView();
}

std::string_view CaptureRun::trusted_header(HeaderId id) const noexcept {
  return peer_trusted_ ? state_.last_request_header(id) : std::string_view();
}

std::string_view CaptureRun::forwarded_header(HeaderId id) const noexcept {
  return peer_trusted_ ? element_at_hop(state_, id, client_address_.hops) : std::string_view();
}

template <typename Mask>
void CaptureRun::set_masked(std::string_view& field, std::string_view text, Mask mask) {
  const std::size_t begin = scratch_.text().size();
  if (!text.empty() && mask(text, scratch_.text()))
    scratch_.assign(field, begin);
  else
    field = text;
}

void CaptureRun::set_masked_text(std::string_view& field, Slice slice) {
  field = text(slice);
  if (!scratch_.triggers.any(slice.offset, slice.size)) return;  // nowhere could anything to mask show itself
  set_masked(field, text(slice), [&](std::string_view value, std::string& out) {
    return masker_.mask_text(value, out, extent_of(slice.cut));
  });
}

void CaptureRun::identity() {
  entry_.uuid = {state_.uuid_hex.data(), state_.uuid_hex.size()};
  entry_.trace_id = {state_.trace_id.data(), state_.trace_id.size()};
  entry_.span_id = {state_.span_id.data(), state_.span_id.size()};
  auto mask_text = [&](std::string_view value, std::string& out) { return masker_.mask_text(value, out); };
  entry_.request_id = state_.request_id;
  if (!trusted_header(HeaderId::kRequestId).empty()) set_masked(entry_.request_id, state_.request_id, mask_text);
  if (state_.has_parent_span)
    entry_.parent_span_id = {state_.parent_span_id.data(), state_.parent_span_id.size()};
  else
    set_masked(entry_.parent_span_id, trusted_header(HeaderId::kParentSpanId), mask_text);

  std::string& out = scratch_.text();
  std::size_t begin = out.size();
  out.append(view(rfc3339(state_.started_wall)));
  scratch_.assign(entry_.timestamp, begin);

  set_masked_text(entry_.user_id, state_.user);
  if (state_.user.size == 0) set_masked(entry_.user_id, trusted_header(HeaderId::kUserId), mask_text);
  set_masked_text(entry_.session_id, state_.session);
  const std::string_view session = trusted_header(HeaderId::kSessionId);
  if (state_.session.size > 0 || session.empty()) return;
  begin = out.size();
  char digits[kSessionDigits];
  sha256_hex(session, kSessionDigits, digits);
  out.append("sha256:").append(digits, kSessionDigits);
  scratch_.assign(entry_.session_id, begin);
}

void CaptureRun::request() {
  set_masked_text(entry_.method, state_.method);
  set_masked_text(entry_.proto, state_.protocol);
  set_masked_text(entry_.tls_version, state_.tls_version);
  set_masked_text(entry_.tls_cipher, state_.tls_cipher);
  entry_.upstream_status = state_.upstream_status;

  const RequestTarget target = parse_target(text(state_.method), text(state_.target));
  entry_.scheme = scheme_named(forwarded_header(HeaderId::kForwardedProto));
  if (entry_.scheme.empty()) entry_.scheme = text(state_.scheme);
  if (entry_.scheme.empty()) entry_.scheme = scheme_named(target.scheme);
  std::string_view host = forwarded_header(HeaderId::kForwardedHost);
  if (host.empty()) host = state_.request_header(HeaderId::kHost);
  if (host.empty()) host = target.authority;
  host.remove_prefix(host.rfind('@') + 1);
  entry_.api_version = target.is_path ? api_version(target.path) : std::string_view();
  urls(target, host);
}

// One text holds all four: host, path and query are pieces of full_url.
void CaptureRun::urls(const RequestTarget& target, std::string_view host) {
  std::string& out = scratch_.text();
  const std::size_t url_begin = out.size();
  if (!host.empty() && !entry_.scheme.empty()) out.append(entry_.scheme).append("://");
  const std::size_t host_begin = out.size();
  masker_.text(host, out);
  scratch_.assign(entry_.host_header, host_begin);
  if (!target.is_path) {
    scratch_.assign(entry_.full_url, url_begin);
    set_masked(entry_.path, target.path, [&](std::string_view path, std::string& to) {
      return masker_.mask_text(path, to, extent_of(state_.target.cut));
    });
    return;
  }
  const std::size_t path_begin = out.size();
  const bool has_query = !target.query.empty();
  if (!masker_.mask_url(target.path, out, extent_of(state_.target.cut && !has_query))) out.append(target.path);
  scratch_.assign(entry_.path, path_begin);
  if (has_query) {
    out.push_back('?');
    const std::size_t query_begin = out.size();
    masker_.query(target.query, out, extent_of(state_.target.cut));
    scratch_.assign(entry_.query_string, query_begin);
  }
  scratch_.assign(entry_.full_url, url_begin);
}

void CaptureRun::client() {
  client_address_ = client_address(state_, trusted_, peer_trusted_);
  client_ip();
  client_ip_chain();
  entry_.client_port = state_.peer_port;
  entry_.client_type = client_type_name(client_type(state_));
}

void CaptureRun::client_ip() {
  entry_.client_ip = text(state_.peer);
  if (!client_address_.address) return;
  const std::size_t begin = scratch_.text().size();
  char digits[IpAddress::kMaxTextBytes];
  scratch_.text().append(client_address_.address->text(digits));
  scratch_.assign(entry_.client_ip, begin);
}

// As received: several headers are one list (RFC 9110, 5.3).
void CaptureRun::client_ip_chain() {
  std::string& out = scratch_.text();
  const std::size_t begin = out.size();
  const auto& headers = state_.request_headers;
  const std::uint16_t first = headers.first[static_cast<std::size_t>(HeaderId::kForwardedFor)];
  for (std::size_t i = first; i < headers.list.size(); ++i) {
    if (headers.list[i].id != HeaderId::kForwardedFor) continue;
    if (i != first) out.append(", ");
    const Slice value = headers.list[i].value;
    if (scratch_.triggers.any(value.offset, value.size))
      masker_.text(text(value), out, extent_of(value.cut));
    else
      out.append(text(value));
  }
  scratch_.assign(entry_.client_ip_chain, begin);
}

void CaptureRun::headers() {
  side(state_.request_headers, scratch_.request_headers);
  side(state_.response_headers, scratch_.response_headers);
  entry_.request_headers.pairs = scratch_.request_headers;
  entry_.response_headers.pairs = scratch_.response_headers;
  origin();
}

void CaptureRun::side(const ExchangeState::Headers& headers, std::vector<HeaderView>& pairs) {
  pairs.resize(headers.list.size() + (headers.left_out > 0 ? 1 : 0));  // views of values are noted, so no growth later
  for (std::size_t i = 0; i < headers.list.size(); ++i) {
    const ExchangeState::Header& header = headers.list[i];
    pairs[i].name = text(header.name);
    // Most values have no place where anything to mask could show itself.
    if (masker_.masks_as_text(header.kind) && !scratch_.triggers.any(header.value.offset, header.value.size)) {
      pairs[i].value = text(header.value);
      continue;
    }
    set_masked(pairs[i].value, text(header.value), [&](std::string_view value, std::string& out) {
      return masker_.mask_header(header.kind, pairs[i].name, value, out, extent_of(header.value.cut));
    });
  }
  if (headers.left_out > 0) pairs.back() = {"...", kTruncated};
}

void CaptureRun::origin() {
  std::string& out = scratch_.text();
  const std::size_t begin = out.size();
  if (entry_.client_type == client_type_name(ClientType::kMiniProgram)) {
    out.append("miniprogram:");
    append_origin_part(HeaderId::kMiniProgramAppId);
    append_origin_part(HeaderId::kMiniProgramPath);
  } else if (entry_.client_type == client_type_name(ClientType::kApp)) {
    out.append("app:");
    append_origin_part(HeaderId::kAppName);
    out.push_back('/');
    append_origin_part(HeaderId::kAppVersion);
    out.push_back('/');
    append_origin_part(HeaderId::kAppScene);
  } else if (entry_.client_type == client_type_name(ClientType::kServer)) {
    out.append("server:");
    append_origin_part(HeaderId::kCallerService);
    out.push_back('/');
    append_origin_part(HeaderId::kCallerVersion);
  } else {
    return;  // web is a header's value, which finish() knows; other stays "unknown"
  }
  scratch_.assign(entry_.origin, begin);
}

void CaptureRun::append_origin_part(HeaderId id) { masker_.text(state_.request_header(id), scratch_.text()); }

void CaptureRun::bodies(bool copied) {
  body(state_.request_body, state_.request_headers, entry_.request_body_size, entry_.request_body, copied);
  body(state_.response_body, state_.response_headers, entry_.response_body_size, entry_.response_body, copied);
}

void CaptureRun::body(const ExchangeState::Body& body, const ExchangeState::Headers& headers, std::uint64_t& size_field,
                      BodyView& field, bool copied) {
  std::string storage;
  const std::string_view coding = content_encoding(headers, storage);
  // Of a coded body that the framework shows decoded, what it says is the size of its content.
  const bool told_coded = body.told > 0 && !coding.empty();
  size_field = told_coded ? body.told : std::max(body.told, body.shown);
  if (!copied || body.copy.empty()) return;
  const std::string_view type = state_.header(headers, HeaderId::kContentType);
  const bool cut = body.shown > body.copy.size() || (!told_coded && body.told > body.shown);
  const BodyText read = scratch_.body_decoder.decode({body.copy, cut, type, coding, state_.max_body_copy_bytes});
  std::string& out = scratch_.text();
  const std::size_t begin = out.size();
  field.cut = read.readable && read.cut;
  if (!read.readable) {
    append_binary_body(masker_, type, body.copy, size_field, out);
  } else if (!masker_.mask_body(type, read.text, extent_of(read.cut), out)) {
    if (read.is_of_copy) {
      field.text = read.text;
      return;
    }
    out.append(read.text);
  }
  scratch_.assign(field.text, begin);
}

std::string_view CaptureRun::content_encoding(const ExchangeState::Headers& headers, std::string& storage) const {
  const std::uint16_t first = headers.first[static_cast<std::size_t>(HeaderId::kContentEncoding)];
  if (first == ExchangeState::Headers::kNone) return {};
  std::string_view list = text(headers.list[first].value);
  for (std::size_t i = first + std::size_t{1}; i < headers.list.size(); ++i) {
    if (headers.list[i].id != HeaderId::kContentEncoding) continue;
    storage = std::string(list) + "," + std::string(text(headers.list[i].value));
    list = storage;
  }
  return list;
}

void CaptureRun::verdict(Outcome outcome, std::size_t max_stack_bytes) {
  const Failure failure = judge(state_, outcome);
  entry_.status_code = failure.status;
  entry_.is_error = failure.is_error;
  entry_.error_type = failure.type;
  if (state_.has_exception) {
    exception_message();
    error_stack(max_stack_bytes);
    set_masked(entry_.panic_location, text(state_.exception_location), [&](std::string_view value, std::string& out) {
      return mask_stack(masker_, value, out, extent_of(state_.exception_location.cut));
    });
  } else if (state_.business_error) {
    set_masked_text(entry_.error_message, state_.business_message);
  }
}

void CaptureRun::exception_message() {
  std::string error(text(state_.exception_type));
  if (state_.exception_type.size > 0 && state_.exception_message.size > 0) error.append(": ");
  error.append(text(state_.exception_message));
  std::string& out = scratch_.text();
  const std::size_t begin = out.size();
  if (!mask_error(masker_, error, out, extent_of(state_.exception_message.cut))) out.append(error);
  scratch_.assign(entry_.error_message, begin);
}

void CaptureRun::error_stack(std::size_t max_bytes) {
  std::string masked;
  if (!mask_stack(masker_, text(state_.exception_stack), masked)) masked = text(state_.exception_stack);
  const std::size_t begin = scratch_.text().size();
  append_newest_lines(masked, state_.exception_stack.cut, max_bytes, scratch_.text());
  scratch_.assign(entry_.error_stack, begin);
}

void CaptureRun::timings(SteadyTime end) {
  entry_.duration_ms = duration_ms(state_, end);
  const std::size_t begin = scratch_.text().size();
  append_breakdown(state_, end, trusted_header(HeaderId::kRequestStart), scratch_.text());
  scratch_.assign(entry_.latency_breakdown, begin);
}

void CaptureRun::tags(Outcome outcome) {
  scratch_.tags.reserve(kMaxCopiedTags + kOwnTags);  // views of values are noted, so no growth later
  for (const ExchangeState::Tag& each : state_.tags) tag(each);
  if (TagView* const rule = own_tag("ip_rule")) rule->text = ip_rule_name(client_address_.rule);
  if (state_.route.size > 0) own_tag("route", text(state_.route));
  const std::string_view trace_id = trusted_header(HeaderId::kTraceId);
  if (!trace_id.empty() && !parse_trace_id(trace_id)) own_tag("x_trace_id", trace_id);
  if (state_.response_body.kind == BodyKind::kStreamed) {
    if (TagView* const end = own_tag("stream_ended_by")) end->text = stream_ended_by(state_, outcome);
  }
  entry_.tags = scratch_.tags;
}

TagView* CaptureRun::own_tag(std::string_view name) {
  const auto same_name = [&](const TagView& tag) { return tag.name == name; };
  if (std::any_of(scratch_.tags.begin(), scratch_.tags.end(), same_name)) return nullptr;
  TagView& view = scratch_.tags.emplace_back();
  view.name = name;
  return &view;
}

void CaptureRun::own_tag(std::string_view name, std::string_view value) {
  TagView* const view = own_tag(name);
  if (view == nullptr) return;
  set_masked(view->text, value, [&](std::string_view in, std::string& out) { return masker_.mask_text(in, out); });
}

void CaptureRun::tag(const ExchangeState::Tag& tag) {
  const std::string_view name = text(tag.name);
  TagView& view = scratch_.tags.emplace_back();
  view.kind = static_cast<TagView::Kind>(tag.kind);
  view.integer = tag.integer;
  view.real = tag.real;
  view.boolean = tag.boolean;
  set_masked_text(view.name, tag.name);
  std::string_view value = text(tag.text);
  char digits[kMaxNumberBytes];
  if (view.kind == TagView::Kind::kInteger) value = number_text(tag.integer, digits);
  if (view.kind == TagView::Kind::kReal) value = number_text(tag.real, digits);
  if (view.kind == TagView::Kind::kBoolean) value = tag.boolean ? "true" : "false";
  const std::size_t begin = scratch_.text().size();
  const bool masked = masker_.mask_value(name, value, scratch_.text(), extent_of(tag.text.cut));
  if (masked) {
    view.kind = TagView::Kind::kText;
    scratch_.assign(view.text, begin);
  } else if (view.kind == TagView::Kind::kText) {
    view.text = value;
  }
}

void CaptureRun::finish() {
  scratch_.resolve();
  entry_.content_type = masked_header(HeaderId::kContentType);
  entry_.user_agent = masked_header(HeaderId::kUserAgent);
  entry_.referer = masked_header(HeaderId::kReferer);
  if (entry_.client_type == client_type_name(ClientType::kWeb)) {
    entry_.origin = entry_.referer.empty() ? masked_header(HeaderId::kOrigin) : entry_.referer;
    if (entry_.origin.empty()) entry_.origin = "unknown";  // X-Client-Type said web
  }
  // The response says why it failed, where nothing better does.
  if (entry_.error_message.empty() && entry_.status_code >= 400) entry_.error_message = entry_.response_body.text;
}

std::string_view CaptureRun::masked_header(HeaderId id) const noexcept {
  const std::uint16_t index = state_.request_headers.first[static_cast<std::size_t>(id)];
  return index == ExchangeState::Headers::kNone ? std::string_view() : scratch_.request_headers[index].value;
}

}  // namespace logs_sdk::inline v1
