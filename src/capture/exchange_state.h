// ExchangeState: what one exchange has told so far, as bounded copies in one growing arena.
//
// Ownership: taken from an ExchangePool by LogSDK::begin, owned by an Exchange until finish, then by the sink, which
// gives it back. Used again and again: reset() keeps the memory. Thread-safety: one owner at a time. Every copy has a
// named limit, so that no request can take unbounded memory; what is left out is counted or flagged.
#ifndef LOGS_SDK_CAPTURE_EXCHANGE_STATE_H_
#define LOGS_SDK_CAPTURE_EXCHANGE_STATE_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "logs_sdk/exchange.h"
#include "src/base/clock.h"
#include "src/base/uuid7.h"
#include "src/capture/exchange_sink.h"
#include "src/capture/header_id.h"
#include "src/masking/header_kind.h"

namespace logs_sdk::inline v1 {

// Larger than the limits of an entry (src/entry/limits.h): masking has to see a value to its end before it is cut.
inline constexpr std::size_t kMaxCopiedTargetBytes = 16384;
inline constexpr std::size_t kMaxCopiedHeaders = 256;  // per side; more than any server accepts by default
inline constexpr std::size_t kMaxCopiedHeaderNameBytes = 256;
inline constexpr std::size_t kMaxCopiedHeaderBytes = 65536;  // names and values of one side
inline constexpr std::size_t kMaxCopiedTextBytes = 16384;    // an error message, a tag's value
inline constexpr std::size_t kMaxCopiedStackBytes = 131072;  // twice the largest max_stack_size
inline constexpr std::size_t kMaxCopiedStringBytes = 1024;   // anything else
inline constexpr std::size_t kMaxCopiedTags = 64;
// All copies but the bodies. It binds only where a caller sets the same thing again and again.
inline constexpr std::size_t kMaxArenaBytes = 1 << 20;
// A copied body goes a little beyond max_body_size, so that a secret that straddles the cut is recognised.
inline constexpr std::size_t kBodyLookaheadBytes = 64;

// What an exchange begins with; everything stays as it is until reset.
struct ExchangeStart {
  ExchangeSink* sink = nullptr;
  Uuid uuid;
  WallTime wall;
  SteadyTime steady;
  std::size_t max_body_bytes = 0;  // 0: bodies are counted, not copied
};

struct ExchangeState {
  // A piece of the arena; `cut`: the original went on.
  struct Slice {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
    bool cut = false;
  };
  struct Header {
    Slice name;  // lower case
    Slice value;
    HeaderId id = HeaderId::kOther;
    HeaderKind kind = HeaderKind::kOther;
  };
  struct Headers {
    std::vector<Header> list;
    std::size_t bytes = 0;
    std::size_t left_out = 0;
    // Index into `list` of the first header of each id; kNone where there is none.
    static constexpr std::uint16_t kNone = 0xFFFF;
    std::array<std::uint16_t, kHeaderIdCount> first;
    // Bit i: of HeaderId i there is more than one header; one was left out or is cut.
    std::uint32_t repeated_ids = 0, lost_ids = 0;
    static_assert(kHeaderIdCount <= 32);
    bool has(HeaderId id) const noexcept { return first[static_cast<std::size_t>(id)] != kNone; }
    bool repeated(HeaderId id) const noexcept { return (repeated_ids >> static_cast<unsigned>(id) & 1u) != 0; }
    bool lost(HeaderId id) const noexcept { return (lost_ids >> static_cast<unsigned>(id) & 1u) != 0; }
  };
  struct Body {
    std::string copy;            // the first of the bytes that were shown
    std::uint64_t shown = 0;     // how many there were
    std::uint64_t told = 0;      // its size, where the framework said one
    std::size_t copy_limit = 0;  // 0: as long as max_body_copy_bytes were enough
    BodyKind kind = BodyKind::kNone;
  };
  struct Tag {
    Slice name;
    std::uint8_t kind = 0;  // index of TagValue
    Slice text;
    std::int64_t integer = 0;
    double real = 0;
    bool boolean = false;
  };
  static constexpr std::size_t kMarkCount = 5;

  ExchangeState();  // throws std::bad_alloc
  ExchangeState(const ExchangeState&) = delete;
  ExchangeState& operator=(const ExchangeState&) = delete;

  void begin(const ExchangeStart& start) noexcept;
  // Forgets everything and keeps the memory, unless an absurd exchange has made it large.
  void reset() noexcept;

  std::string_view text(Slice slice) const noexcept { return {arena.data() + slice.offset, slice.size}; }
  Slice copy(std::string_view text, std::size_t max_bytes);
  // `path` is decoded: it is percent-encoded again, so that the target is what the client may have sent.
  void set_decoded_target(std::string_view path, std::string_view query);
  void add_header(Headers& headers, std::string_view name, std::string_view value);
  // "Name: value\r\n" lines; a line that begins with a space or tab goes on with the value before it (RFC 9112, 5.2).
  void add_header_block(Headers& headers, std::string_view block);
  // `headers`: those of the same side.
  void add_body(Body& body, const Headers& headers, std::string_view chunk, BodyKind kind);
  void add_tag(std::string_view name, const TagValue& value);
  // Value of the first request header of that id; empty when there is none.
  std::string_view request_header(HeaderId id) const noexcept { return header(request_headers, id); }
  // Value of the last one, which the proxy nearest to us has written; empty as well where it may have been lost.
  std::string_view last_request_header(HeaderId id) const noexcept;
  std::string_view header(const Headers& headers, HeaderId id) const noexcept {
    const std::uint16_t index = headers.first[static_cast<std::size_t>(id)];
    return index == Headers::kNone ? std::string_view() : text(headers.list[index].value);
  }

  ExchangeSink* sink = nullptr;
  std::uint32_t generation = 0;  // of the process that began it (src/base/fork_generation.h)
  bool damaged = false;          // memory ran out: something is missing, so the entry must not be made

  // -- Start
  WallTime started_wall;
  SteadyTime started;
  std::size_t max_body_copy_bytes = 0;  // of text; a charset that needs more bytes for it gets them

  // -- Identity: views of these are handed out, so they stand outside the arena, which moves as it grows
  // ----------------
  std::array<char, 32> uuid_hex;
  std::array<char, 32> trace_id;
  std::array<char, 16> span_id;
  std::array<char, 16> parent_span_id;
  bool has_parent_span = false;
  bool identity_settled = false;
  bool peer_trusted = false;  // known once identity_settled
  std::string request_id;

  // -- Copies
  std::string arena;
  Slice method, target, protocol, scheme, peer, tls_version, tls_cipher, route;
  int peer_port = 0;
  Headers request_headers, response_headers;
  Body request_body, response_body;
  int status = 0;
  int upstream_status = 0;

  bool has_exception = false;
  Slice exception_type, exception_message, exception_stack, exception_location;
  bool business_error = false;
  Slice business_message;
  Slice user, session;
  std::vector<Tag> tags;

  std::array<SteadyTime, kMarkCount> marks;
  std::uint8_t marked = 0;  // bit i: marks[i] is set

 private:
  bool has_room(const Headers& headers, std::size_t name_bytes) const noexcept;
  std::size_t copy_limit(const Body& body, const Headers& headers) const noexcept;
  static void leave_out(Headers& headers, std::string_view name) noexcept;
  // Adds the header of which `name` and `value` are copies already.
  void note_header(Headers& headers, Slice name, Slice value);
  void add_header_lines(Headers& headers, std::string_view block);
  // A piece of what lies in the arena.
  Slice slice_of(std::string_view piece) const noexcept;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_EXCHANGE_STATE_H_
