// An Exchange is one HTTP exchange in flight: what an adapter tells about a request and its response, as it happens.
//
// Ownership: the adapter owns it and keeps it wherever the framework keeps per-request state. Move-only and one pointer
// wide. An empty one (default-constructed, moved from, finished, or begun while the library is closed) is inert: every
// call does nothing.
// Thread-safety: one owner at a time. It may move between threads when the framework orders the hand-over.
// Copies: every argument is copied, bounded, before the call returns; nothing of the framework is referenced later.
// Errors: no call throws, blocks on the network or changes what the client receives. What cannot be kept is counted.
// End: finish() makes the entry; the destructor finishes as kAbandoned. After fork an exchange begun before belongs to
// the parent: in the child it is inert.
#ifndef LOGS_SDK_EXCHANGE_H_
#define LOGS_SDK_EXCHANGE_H_

#include <chrono>
#include <cstdint>
#include <exception>
#include <string_view>

#include "logs_sdk/entry.h"
#include "logs_sdk/export.h"

namespace logs_sdk {
inline namespace v1 {

struct ExchangeState;

// How a body was seen. kUnseen differs from an empty body: the framework did not show it.
enum class BodyKind : std::uint8_t { kNone, kBuffered, kStreamed, kFile, kUpgraded, kUnseen };

enum class Outcome : std::uint8_t {
  kComplete,   // the response was written, as far as the framework shows it
  kAborted,    // the client went away first: status 499 unless a status had been sent
  kUpgraded,   // the connection became something else (WebSocket)
  kRejected,   // the framework refused the request without a handler
  kTimeout,    // the framework gave the handler up
  kAbandoned,  // nobody finished the exchange
};

// Moments for latency_breakdown, each measured on the steady clock. The first call of each wins; an unmarked moment is
// left out. The start is the call of LogSDK::begin, the end is that of finish or kLastByte.
enum class Mark : std::uint8_t { kRequestBodyRead, kHandlerStart, kHandlerEnd, kFirstByte, kLastByte };

class LOGS_SDK_EXPORT Exchange {
 public:
  Exchange() noexcept = default;
  explicit Exchange(ExchangeState* state) noexcept : state_(state) {}  // for LogSDK::begin
  Exchange(Exchange&& other) noexcept : state_(other.state_) { other.state_ = nullptr; }
  Exchange& operator=(Exchange&& other) noexcept;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange();

  explicit operator bool() const noexcept { return state_ != nullptr; }

  // -- Request
  // `target` as received (origin form "/a?b=1", absolute form or "*"); `protocol` as "HTTP/1.1".
  void request_line(std::string_view method, std::string_view target, std::string_view protocol) noexcept;
  // For frameworks that show a decoded path only: it is percent-encoded again. `query` without '?'.
  void request_line_decoded(std::string_view method, std::string_view path, std::string_view query,
                            std::string_view protocol) noexcept;
  void scheme(std::string_view scheme) noexcept;  // "http" or "https" as the connection shows it
  // Address text of the socket's peer, IPv4 or IPv6 without brackets, or "unix"; port 0 when unknown.
  void peer(std::string_view address, int port) noexcept;
  void tls(std::string_view version, std::string_view cipher) noexcept;  // "1.3", IANA cipher name
  void route(std::string_view pattern) noexcept;                         // kept as tags.route
  void request_header(std::string_view name, std::string_view value) noexcept;
  // Header lines as on the wire, each "Name: value\r\n" (a bare "\n" is accepted), without the request or status line.
  void request_header_block(std::string_view block) noexcept;
  // The next bytes of the body, after transfer decoding. At most max_body_size bytes are kept, all are counted.
  void request_body(std::string_view chunk, BodyKind kind = BodyKind::kBuffered) noexcept;
  // Size of a body whose bytes the framework does not show, or shows only after it has undone its content coding.
  void request_body_size(std::uint64_t size_bytes, BodyKind kind) noexcept;

  // -- Response
  void status(int code) noexcept;  // the last call wins
  void response_header(std::string_view name, std::string_view value) noexcept;
  void response_header_block(std::string_view block) noexcept;
  void response_body(std::string_view chunk, BodyKind kind = BodyKind::kBuffered) noexcept;
  void response_body_size(std::uint64_t size_bytes, BodyKind kind) noexcept;

  // -- Failure
  // What the handler threw: type, what() and nested causes are read at once. The first call wins.
  void exception(const std::exception_ptr& exception) noexcept;
  // The same as text, for other languages. `stack`: newest frame last; `location`: function, file and line of the
  // throw.
  void exception(std::string_view type, std::string_view message, std::string_view stack,
                 std::string_view location) noexcept;

  // -- What the application knows
  void set_user(std::string_view id) noexcept;
  void set_session(std::string_view id) noexcept;
  void add_tag(std::string_view name, const TagValue& value) noexcept;  // a name again: the last value wins
  void mark_business_error(std::string_view message) noexcept;
  void upstream_status(int code) noexcept;

  // Identity of this exchange; empty when inert. Views live as long as the exchange; safe to call at any time, but the
  // trace is settled by the first call, so call after the request's headers were given.
  std::string_view uuid() const noexcept;     // 32 hex digits
  std::string_view trace_id() noexcept;       // 32 hex digits
  std::string_view span_id() const noexcept;  // 16 hex digits
  std::string_view request_id() noexcept;

  // -- Course
  void mark(Mark mark, std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now()) noexcept;
  // Makes the entry and hands it over; when it returns, the entry survives the death of the process. Idempotent.
  void finish(Outcome outcome = Outcome::kComplete) noexcept;

 private:
  ExchangeState* state_ = nullptr;
};

}  // namespace v1
}  // namespace logs_sdk

#endif  // LOGS_SDK_EXCHANGE_H_
