// Destination: one URL that takes batches, and what is known of it: its backoff, the compression it takes, whether it
// gives verdicts. Destinations: one for each URL, found by stream.
//
// Thread-safety: none; the shipper's thread.
#ifndef LOGS_SDK_SHIPPER_DESTINATION_H_
#define LOGS_SDK_SHIPPER_DESTINATION_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/compression.h"
#include "src/shipper/backoff.h"
#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

// The stream of infrastructure entries. Every other stream goes to the endpoint as configured.
inline constexpr Stream kInfraStream = 1;

struct Destination {
  Destination(std::string address, int max_retries, Random& random)
      : url(std::move(address)), backoff(max_retries, random) {}

  const std::string url;
  Backoff backoff;
  Encoding encoding = Encoding::kIdentity;  // of the next batch: nothing is compressed before the platform offers it
  bool confirms = false;                    // it has given verdicts
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
