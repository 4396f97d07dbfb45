// How the work of a function grows with its input: CPU time of this thread for n, 2n, 4n and 8n bytes.
//
// No limit of time stands in it, only ratios: each doubling of the input doubles linear work and quadruples quadratic
// work, on any machine and under any sanitizer. The least of several runs counts, and what looks too steep is measured
// again: a neighbour can make one run slow, but never a quadratic one fast. One of the three doublings may cost more,
// where the input leaves a cache or what the processor remembers of its branches.
#ifndef LOGS_SDK_TESTING_WORK_GROWTH_H_
#define LOGS_SDK_TESTING_WORK_GROWTH_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ctime>
#include <limits>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

inline double thread_cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// `unit`, again and again, up to about `bytes`; always an even number of times: an odd number of quotes leaves one
// open, and two inputs that mean different things tell nothing about growth.
inline std::string repeated(std::string_view unit, std::size_t bytes) {
  std::string text;
  while (text.size() + 2 * unit.size() <= bytes) text.append(unit).append(unit);
  return text;
}

// `make(bytes)` gives an input of about that size, `work(input)` is what is measured.
template <typename Make, typename Work>
testing::AssertionResult grows_linearly(const Make& make, const Work& work, std::size_t smallest_bytes = 8192) {
  constexpr double kMaxRatio = 3;
  constexpr int kMaxAttempts = 8;
  std::array<double, 4> us;
  us.fill(std::numeric_limits<double>::infinity());
  std::array<std::string, 4> inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = make(smallest_bytes << i);
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const double begin = thread_cpu_us();
      work(inputs[i]);
      us[i] = std::min(us[i], thread_cpu_us() - begin);
    }
    std::array<double, 3> doublings{us[1] / us[0], us[2] / us[1], us[3] / us[2]};
    std::sort(doublings.begin(), doublings.end());
    if (doublings[1] <= kMaxRatio) return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << smallest_bytes << " bytes and the double of each: " << us[0] << ", " << us[1]
                                     << ", " << us[2] << ", " << us[3] << " us";
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_WORK_GROWTH_H_
