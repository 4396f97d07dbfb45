// A ResponseTap reads the responses of a connection as they are written to the wire, and tells an exchange what it
// sees: for adapters of frameworks that show bytes instead of a response. Status, headers and body without transfer
// coding reach the exchange; interim responses (1xx), chunk extensions and trailers are passed over.
//
// Ownership: one per connection, owned by the adapter. The exchange is given with each call and not kept.
// Thread-safety: one caller at a time, the one that owns the exchange.
// Memory: a head that comes in pieces is kept until it is whole, at most kMaxHeadBytes; bodies are passed on, not kept.
// Errors: no call throws. Bytes that are no HTTP/1 response, or a head without end, make it lost: it takes what follows
// and says nothing more. The bytes themselves are the adapter's: nothing here changes or delays them.
#ifndef LOGS_SDK_RESPONSE_TAP_H_
#define LOGS_SDK_RESPONSE_TAP_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "logs_sdk/exchange.h"
#include "logs_sdk/export.h"

namespace logs_sdk {
inline namespace v1 {

class LOGS_SDK_EXPORT ResponseTap {
 public:
  static constexpr std::size_t kMaxHeadBytes = 65536;  // what an exchange keeps of headers (kMaxCopiedHeaderBytes)

  enum class State : std::uint8_t {
    kHead,      // nothing of the final response has come, or a part of its head
    kBody,      // its head has come, its end has not
    kDone,      // it has ended; what follows belongs to the next
    kUpgraded,  // the connection speaks another protocol now (101, or 2xx to CONNECT)
    kLost,      // this is no HTTP/1
  };

  // Begins the next response. `method` is that of its request: the answer to HEAD has no body.
  void begin(std::string_view method) noexcept;

  // Takes the next bytes that were written. Returns how many of them belong to this response: fewer than given only
  // when it has ended. Marks the first byte and the last.
  std::size_t write(Exchange& exchange, std::string_view bytes) noexcept;

  State state() const noexcept;
  // What became of the response if the connection ends now: a body may end with the connection.
  Outcome outcome_at_end() const noexcept;

 private:
  enum class Part : std::uint8_t {
    kHead,
    kFixedBody,
    kBodyUntilEnd,
    kChunkSize,
    kChunkExtension,
    kChunkData,
    kChunkEnd,
    kTrailer,
    kDone,
    kUpgraded,
    kLost,
  };

  std::size_t step(Exchange& exchange, std::string_view bytes);
  std::size_t take_head(Exchange& exchange, std::string_view bytes);
  void read_head(Exchange& exchange, std::string_view head);
  void begin_body(std::string_view fields, int status) noexcept;
  BodyKind body_kind() const noexcept;
  std::size_t take_body(Exchange& exchange, std::string_view bytes) noexcept;
  void take_chunk_size(char c) noexcept;
  void take_line_end_of_chunk(char c) noexcept;
  void take_trailer(char c) noexcept;

  Part part_ = Part::kHead;
  bool to_head_ = false, to_connect_ = false;  // the method of the request
  bool has_digit_ = false;                     // of a chunk's size
  bool line_empty_ = true;                     // of the trailer, so far
  std::uint64_t left_ = 0;                     // bytes of the body or the chunk that are to come
  std::string head_;                           // the part of a head that has come
};

}  // namespace v1
}  // namespace logs_sdk

#endif  // LOGS_SDK_RESPONSE_TAP_H_
