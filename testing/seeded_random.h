// SeededRandom: randomness that a failing test can repeat. It prints its seed; LOGS_SDK_TEST_SEED=<number> sets it.
//
// Thread-safety: none; one per thread.
#ifndef LOGS_SDK_TESTING_SEEDED_RANDOM_H_
#define LOGS_SDK_TESTING_SEEDED_RANDOM_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "src/base/random.h"

namespace logs_sdk::inline v1 {

class SeededRandom final : public Random {
 public:
  SeededRandom() : SeededRandom(choose_seed()) {}
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {
    std::printf("seed: LOGS_SDK_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  }

  std::uint64_t next() noexcept override { return engine_(); }
  // Uniform enough for tests, in [0, bound); `bound` > 0.
  std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }
  bool one_in(std::uint64_t n) noexcept { return below(n) == 0; }

 private:
  static std::uint64_t choose_seed() {
    const char* given = std::getenv("LOGS_SDK_TEST_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  }

  std::mt19937_64 engine_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_SEEDED_RANDOM_H_
