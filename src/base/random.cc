#include "src/base/random.h"

#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <bit>
#include <cstddef>

#include "src/base/fork_generation.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace logs_sdk::inline v1 {
namespace {

// Ticks of the cheapest clock. On x86-64 the time-stamp counter, which runs at 1 GHz or more on everything since 2005.
std::uint64_t ticks() noexcept {
#if defined(__x86_64__)
  return __rdtsc();
#else
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(now.tv_nsec);
#endif
}

// At 1 GHz 0.54 s, on faster machines less: one getrandom() of 0.3 us in that time is not felt.
constexpr std::uint64_t kReseedTicks = std::uint64_t{1} << 29;

// Finaliser of SplitMix64: every bit of the input changes half of the output.
std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// xoshiro256++ (Blackman and Vigna, 2019), its output combined with the time-stamp counter.
struct Generator {
  std::uint64_t state[4];
  std::uint64_t seeded_at;
  std::uint32_t generation;  // 0: never seeded

  void seed(std::uint64_t now) noexcept {
    std::uint64_t fresh[4];
    if (getrandom(fresh, sizeof fresh, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof fresh)) {
      // Only before the kernel's pool is ready, or under a filter of system calls. Weaker, still different per process.
      timespec wall{};
      clock_gettime(CLOCK_REALTIME, &wall);
      const std::uint64_t base = mix(static_cast<std::uint64_t>(wall.tv_nsec)) ^ mix(now) ^
                                 (static_cast<std::uint64_t>(getpid()) << 32) ^ static_cast<std::uint64_t>(wall.tv_sec);
      for (std::uint64_t i = 0; i < 4; ++i) fresh[i] = mix(base + (i + 1) * 0x9E3779B97F4A7C15u);
    }
    // The old state stays part of the new one: a reseeding never knows less than was known before.
    for (std::size_t i = 0; i < 4; ++i) state[i] = mix(state[i] + i) ^ fresh[i];
    state[0] |= 1;  // all zeros is the one state that xoshiro never leaves
    seeded_at = now;
    generation = fork_generation();
  }

  std::uint64_t next() noexcept {
    const std::uint64_t now = ticks();
    if (generation != fork_generation() || now - seeded_at > kReseedTicks) seed(now);
    const std::uint64_t result = std::rotl(state[0] + state[3], 23) + state[0];
    const std::uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = std::rotl(state[3], 45);
    return mix(result ^ now);
  }
};

class SystemRandom final : public Random {
 public:
  std::uint64_t next() noexcept override {
    static thread_local constinit Generator generator{};
    return generator.next();
  }
};

}  // namespace

Random& system_random() noexcept {
  static SystemRandom random;  // trivial destructor: usable while the process ends
  return random;
}

}  // namespace logs_sdk::inline v1
