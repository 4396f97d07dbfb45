// Destination: one URL that takes batches, and what is known of it: its backoff, the compression and the size it takes,
// whether it gives verdicts. Destinations: one for each URL, found by stream.
//
// Thread-safety: none; the shipper's thread.
#ifndef LOGS_SDK_SHIPPER_DESTINATION_H_
#define LOGS_SDK_SHIPPER_DESTINATION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "src/base/compression.h"
#include "src/shipper/backoff.h"
#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

// The stream of infrastructure entries. Every other stream goes to the endpoint as configured.
inline constexpr Stream kInfraStream = 1;

class Destination {
 public:
  // Takes the records of `taken`.
  Destination(std::string address, StreamSet taken, int max_retries, Random& random)
      : url(std::move(address)), streams(taken), backoff(max_retries, random) {}

  const std::string url;
  const StreamSet streams;
  Backoff backoff;
  bool confirms = false;  // it has given verdicts

  // Of the next batch. Nothing is compressed before the platform offers it, nor ever after it has refused it once.
  Encoding encoding() const noexcept { return encoding_; }
  void offers(Encoding encoding) noexcept;
  void refuses_encoding() noexcept;

  // What a body may have before compression. Halved when the platform finds one too large; since that may have been
  // meant for the moment, or for one entry, it grows again by a step with each body that is taken.
  static constexpr std::size_t kUnlimited = SIZE_MAX;
  static constexpr std::size_t kGrowthBytes = 16 << 10;
  static constexpr std::size_t kEnoughBytes = 2 << 20;  // more than any batch has: the limit is forgotten
  std::size_t max_body_bytes() const noexcept { return max_body_bytes_; }
  void finds_too_large(std::size_t body_bytes) noexcept { max_body_bytes_ = body_bytes / 2; }
  void takes_body() noexcept;

  // True when nothing was said about `state` since the destination last took a batch: each is worth one message.
  bool first_since_up(Backoff::State state) noexcept;
  // The destination has taken a batch. True when something was said since it last did.
  bool back_up() noexcept { return std::exchange(said_, 0U) != 0; }

 private:
  Encoding encoding_ = Encoding::kIdentity;
  bool plain_only_ = false;
  std::size_t max_body_bytes_ = kUnlimited;
  unsigned said_ = 0;  // a bit for each state
};

class Destinations {
 public:
  // `endpoint` takes every stream but kInfraStream, whose URL has the last path segment replaced by `infra-logs`.
  Destinations(const std::string& endpoint, int max_retries, Random& random);

  Destination& of(Stream stream) noexcept { return stream == kInfraStream ? infra_ : logs_; }
  void make_ready() noexcept;
  bool any(Backoff::State state) const noexcept;

 private:
  Destination logs_;
  Destination infra_;
};

// `url` with its last path segment replaced; origin and query stay.
std::string with_last_segment(std::string_view url, std::string_view segment);

// `url` for a message: without user, password, query and fragment.
std::string display_url(std::string_view url);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_DESTINATION_H_
