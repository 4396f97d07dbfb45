#include "logs_sdk/exchange.h"

#include <algorithm>
#include <new>

#include "src/base/fork_generation.h"
#include "src/capture/exception_text.h"
#include "src/capture/exchange_state.h"
#include "src/capture/thrown_stack.h"

namespace logs_sdk::inline v1 {
namespace {

bool alive(const ExchangeState* state) noexcept { return state != nullptr && state->generation == fork_generation(); }

// Runs `keep` on a state that is alive. Memory that runs out damages the exchange: finish() then counts it as lost,
// since an entry with something missing would claim what was not.
template <typename Keep>
void with(ExchangeState* state, Keep keep) noexcept {
  if (!alive(state)) return;
  try {
    keep(*state);
  } catch (...) {
    state->damaged = true;
  }
}

// The newest frames stand last, so the end is kept.
std::string_view newest_frames(std::string_view stack) noexcept {
  return stack.size() <= kMaxCopiedStackBytes ? stack : stack.substr(stack.size() - kMaxCopiedStackBytes);
}

void tell_size(ExchangeState::Body& body, std::uint64_t size_bytes, BodyKind kind) noexcept {
  body.told = size_bytes;
  body.kind = kind;
}

template <std::size_t N>
std::string_view view(const std::array<char, N>& text) noexcept {
  return {text.data(), N};
}

}  // namespace

Exchange& Exchange::operator=(Exchange&& other) noexcept {
  if (this == &other) return *this;
  finish(Outcome::kAbandoned);
  state_ = other.state_;
  other.state_ = nullptr;
  return *this;
}

Exchange::~Exchange() { finish(Outcome::kAbandoned); }

void Exchange::request_line(std::string_view method, std::string_view target, std::string_view protocol) noexcept {
  with(state_, [&](ExchangeState& state) {
    state.method = state.copy(method, kMaxCopiedStringBytes);
    state.target = state.copy(target, kMaxCopiedTargetBytes);
    state.protocol = state.copy(protocol, kMaxCopiedStringBytes);
  });
}

void Exchange::request_line_decoded(std::string_view method, std::string_view path, std::string_view query,
                                    std::string_view protocol) noexcept {
  with(state_, [&](ExchangeState& state) {
    state.method = state.copy(method, kMaxCopiedStringBytes);
    state.set_decoded_target(path, query);
    state.protocol = state.copy(protocol, kMaxCopiedStringBytes);
  });
}

void Exchange::scheme(std::string_view scheme) noexcept {
  with(state_, [&](ExchangeState& state) { state.scheme = state.copy(scheme, kMaxCopiedStringBytes); });
}

void Exchange::peer(std::string_view address, int port) noexcept {
  with(state_, [&](ExchangeState& state) {
    state.peer = state.copy(address, kMaxCopiedStringBytes);
    state.peer_port = port;
  });
}

void Exchange::tls(std::string_view version, std::string_view cipher) noexcept {
  with(state_, [&](ExchangeState& state) {
    state.tls_version = state.copy(version, kMaxCopiedStringBytes);
    state.tls_cipher = state.copy(cipher, kMaxCopiedStringBytes);
  });
}

void Exchange::route(std::string_view pattern) noexcept {
  with(state_, [&](ExchangeState& state) { state.route = state.copy(pattern, kMaxCopiedTextBytes); });
}

void Exchange::request_header(std::string_view name, std::string_view value) noexcept {
  with(state_, [&](ExchangeState& state) { state.add_header(state.request_headers, name, value); });
}

void Exchange::request_header_block(std::string_view block) noexcept {
  with(state_, [&](ExchangeState& state) { state.add_header_block(state.request_headers, block); });
}

void Exchange::request_body(std::string_view chunk, BodyKind kind) noexcept {
  with(state_, [&](ExchangeState& state) { state.add_body(state.request_body, state.request_headers, chunk, kind); });
}

void Exchange::request_body_size(std::uint64_t size_bytes, BodyKind kind) noexcept {
  with(state_, [&](ExchangeState& state) { tell_size(state.request_body, size_bytes, kind); });
}

void Exchange::status(int code) noexcept {
  with(state_, [&](ExchangeState& state) { state.status = code; });
}

void Exchange::response_header(std::string_view name, std::string_view value) noexcept {
  with(state_, [&](ExchangeState& state) { state.add_header(state.response_headers, name, value); });
}

void Exchange::response_header_block(std::string_view block) noexcept {
  with(state_, [&](ExchangeState& state) { state.add_header_block(state.response_headers, block); });
}

void Exchange::response_body(std::string_view chunk, BodyKind kind) noexcept {
  with(state_, [&](ExchangeState& state) { state.add_body(state.response_body, state.response_headers, chunk, kind); });
}

void Exchange::response_body_size(std::uint64_t size_bytes, BodyKind kind) noexcept {
  with(state_, [&](ExchangeState& state) { tell_size(state.response_body, size_bytes, kind); });
}

void Exchange::exception(const std::exception_ptr& exception) noexcept {
  with(state_, [&](ExchangeState& state) {
    if (exception == nullptr || state.has_exception) return;
    const ExceptionText text = exception_text(exception);
    const ThrownStack stack = thrown_stack(exception);
    state.exception_type = state.copy(text.type, kMaxCopiedStringBytes);
    state.exception_message = state.copy(text.message, kMaxCopiedTextBytes);
    state.exception_stack = state.copy(newest_frames(stack.frames), kMaxCopiedStackBytes);
    state.exception_location = state.copy(stack.location, kMaxCopiedStringBytes);
    state.has_exception = true;
  });
}

void Exchange::exception(std::string_view type, std::string_view message, std::string_view stack,
                         std::string_view location) noexcept {
  with(state_, [&](ExchangeState& state) {
    if (state.has_exception) return;
    state.exception_type = state.copy(type, kMaxCopiedStringBytes);
    state.exception_message = state.copy(message, kMaxCopiedTextBytes);
    state.exception_stack = state.copy(newest_frames(stack), kMaxCopiedStackBytes);
    state.exception_stack.cut = stack.size() > kMaxCopiedStackBytes;
    state.exception_location = state.copy(location, kMaxCopiedStringBytes);
    state.has_exception = true;
  });
}

void Exchange::set_user(std::string_view id) noexcept {
  with(state_, [&](ExchangeState& state) { state.user = state.copy(id, kMaxCopiedStringBytes); });
}

void Exchange::set_session(std::string_view id) noexcept {
  with(state_, [&](ExchangeState& state) { state.session = state.copy(id, kMaxCopiedStringBytes); });
}

void Exchange::add_tag(std::string_view name, const TagValue& value) noexcept {
  with(state_, [&](ExchangeState& state) { state.add_tag(name, value); });
}

void Exchange::mark_business_error(std::string_view message) noexcept {
  with(state_, [&](ExchangeState& state) {
    state.business_message = state.copy(message, kMaxCopiedTextBytes);
    state.business_error = true;
  });
}

void Exchange::upstream_status(int code) noexcept {
  with(state_, [&](ExchangeState& state) { state.upstream_status = code; });
}

std::string_view Exchange::uuid() const noexcept { return alive(state_) ? view(state_->uuid_hex) : std::string_view(); }

std::string_view Exchange::trace_id() noexcept {
  if (!alive(state_)) return {};
  state_->sink->settle_identity(*state_);
  return view(state_->trace_id);
}

std::string_view Exchange::span_id() const noexcept {
  return alive(state_) ? view(state_->span_id) : std::string_view();
}

std::string_view Exchange::request_id() noexcept {
  if (!alive(state_)) return {};
  state_->sink->settle_identity(*state_);
  return state_->request_id;
}

void Exchange::mark(Mark mark, std::chrono::steady_clock::time_point at) noexcept {
  with(state_, [&](ExchangeState& state) {
    const auto index = static_cast<std::size_t>(mark);
    const auto bit = static_cast<std::uint8_t>(1u << index);
    if (index >= ExchangeState::kMarkCount || (state.marked & bit) != 0) return;
    state.marks[index] = at;
    state.marked |= bit;
  });
}

void Exchange::finish(Outcome outcome) noexcept {
  ExchangeState* state = state_;
  state_ = nullptr;
  if (state == nullptr) return;
  if (alive(state))
    state->sink->finish(state, outcome);
  else
    delete state;  // the parent has its own; the pool's lock may be held by a thread that does not exist here
}

}  // namespace logs_sdk::inline v1
