// Randomness: 64-bit words for identifiers and for jitter. Not for keys (the server's keys come from libsodium).
//
// Each thread has a generator of its own, seeded by the kernel, seeded anew after fork and at least once a second, with
// the time-stamp counter mixed in, so that a forked child or a clone of a virtual machine does not repeat its sibling.
#ifndef LOGS_SDK_BASE_RANDOM_H_
#define LOGS_SDK_BASE_RANDOM_H_

#include <cstdint>

namespace logs_sdk::inline v1 {

// Source of randomness where a test has to decide: jitter, instance names.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() noexcept = 0;
  // Uniform in [0, 1).
  double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
};

// This process's randomness; safe from any thread. Lives as long as the process.
Random& system_random() noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_RANDOM_H_
