#include "src/capture/capture.h"

#include <algorithm>
#include <utility>

#include "src/capture/capture_run.h"
#include "src/capture/request_target.h"
#include "src/capture/trace_context.h"

namespace logs_sdk::inline v1 {
namespace {

// Digits of the request id that is made here, from the random end of the uuid.
constexpr std::size_t kRequestIdDigits = 8;

bool matches(std::string_view pattern, std::string_view path) noexcept {
  if (!pattern.ends_with('*')) return path == pattern;
  return path.starts_with(pattern.substr(0, pattern.size() - 1));
}

template <std::size_t N>
void assign(std::array<char, N>& to, std::string_view from) noexcept {
  std::copy_n(from.begin(), N, to.begin());
}

void settle_trace(ExchangeState& state, bool peer_trusted) noexcept {
  state.trace_id = state.uuid_hex;
  if (!peer_trusted) return;
  // Two of them are none: who wrote which cannot be told.
  const bool once = !state.request_headers.repeated(HeaderId::kTraceparent);
  const auto parent = parse_traceparent(once ? state.last_request_header(HeaderId::kTraceparent) : std::string_view());
  if (parent) {
    assign(state.trace_id, parent->trace_id);
    assign(state.parent_span_id, parent->parent_id);
    state.has_parent_span = true;
  } else if (const auto id = parse_trace_id(state.last_request_header(HeaderId::kTraceId))) {
    state.trace_id = *id;
  }
}

}  // namespace

Capture::Capture(const Config& config, TrustedProxies trusted)
    : masker_(config.mask_extra, config.mask_allow),
      trusted_(std::move(trusted)),
      exclude_paths_(config.exclude_paths),
      max_body_bytes_(config.capture_bodies ? config.max_body_size : 0),
      max_stack_bytes_(config.max_stack_size) {}

bool Capture::excluded(const ExchangeState& state) const noexcept {
  if (exclude_paths_.empty()) return false;
  const std::string_view path = parse_target(state.text(state.method), state.text(state.target)).path;
  return std::any_of(exclude_paths_.begin(), exclude_paths_.end(),
                     [&](std::string_view pattern) { return matches(pattern, path); });
}

void Capture::settle_identity(ExchangeState& state) const noexcept {
  if (state.identity_settled) return;
  state.identity_settled = true;
  state.peer_trusted = trusted_.contains_peer(state.text(state.peer));
  settle_trace(state, state.peer_trusted);
  const std::string_view given =
      state.peer_trusted ? state.last_request_header(HeaderId::kRequestId) : std::string_view();
  try {
    if (given.empty())
      state.request_id.assign(state.uuid_hex.end() - kRequestIdDigits, state.uuid_hex.end());
    else
      masker_.text(given, state.request_id);
  } catch (...) {
    state.damaged = true;
  }
}

void Capture::capture(ExchangeState& state, Outcome outcome, SteadyTime end, CaptureScratch& scratch,
                      EntryView& entry) const {
  settle_identity(state);
  CaptureRun run(masker_, trusted_, state, scratch, entry);
  run.identity();
  run.client();
  run.request();
  run.headers();
  run.bodies(max_body_bytes_ > 0);
  run.verdict(outcome, max_stack_bytes_);
  run.timings(end);
  run.tags(outcome);
  run.finish();
}

}  // namespace logs_sdk::inline v1
