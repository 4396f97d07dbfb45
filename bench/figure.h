// What every benchmark here shares: a clock that costs little, medians, and the one line that bench/figures reads.
#ifndef LOGS_SDK_BENCH_FIGURE_H_
#define LOGS_SDK_BENCH_FIGURE_H_

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

// Nanoseconds of a clock; the thread's CPU clock leaves out what other processes of a shared machine took.
inline double now_ns(clockid_t clock) {
  timespec at{};
  clock_gettime(clock, &at);
  return static_cast<double>(at.tv_sec) * 1e9 + static_cast<double>(at.tv_nsec);
}
inline double thread_cpu_ns() { return now_ns(CLOCK_THREAD_CPUTIME_ID); }

// CPU of another process, by its id.
inline double process_cpu_ns(int pid) {
  clockid_t clock{};
  return clock_getcpuclockid(pid, &clock) == 0 ? now_ns(clock) : 0;
}

// Ticks for single calls of about 100 ns, where reading a kernel clock would be a third of what is measured.
#if defined(__x86_64__)
inline std::uint64_t ticks() {
  unsigned aux = 0;
  return __builtin_ia32_rdtscp(&aux);
}
#else
inline std::uint64_t ticks() { return static_cast<std::uint64_t>(now_ns(CLOCK_MONOTONIC)); }
#endif

// Nanoseconds per tick, measured once over 50 ms.
inline double ns_per_tick() {
  static const double value = [] {
    const double start_ns = now_ns(CLOCK_MONOTONIC);
    const std::uint64_t start = ticks();
    while (now_ns(CLOCK_MONOTONIC) - start_ns < 50e6) {
    }
    return (now_ns(CLOCK_MONOTONIC) - start_ns) / static_cast<double>(ticks() - start);
  }();
  return value;
}

// Keeps this thread, and the threads and processes that it starts, on one core for as long as it lives. A caller on one
// core and everything in the background on another: how a machine with cores to spare runs, and without the scheduler's
// choice in the result.
class OnCore {
 public:
  explicit OnCore(std::size_t core) {
    sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(core, &only);
    sched_setaffinity(0, sizeof only, &only);  // fails where there is no such core; then nothing changes
  }
  ~OnCore() { sched_setaffinity(0, sizeof before_, &before_); }
  OnCore(const OnCore&) = delete;
  OnCore& operator=(const OnCore&) = delete;

 private:
  cpu_set_t before_;
};
inline constexpr std::size_t kCallerCore = 0;
inline constexpr std::size_t kBackgroundCore = 1;

inline double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  const auto nth = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + nth, values.end());
  return values[static_cast<std::size_t>(nth)];
}
inline double median(const std::vector<double>& values) { return quantile(values, 0.5); }

// One figure, one line: bench/figures compares `measured` with `limit` and prints the rest as it is.
// A limit of 0 means that the figure is for the reader only.
inline void print_figure(std::string_view name, double measured, double limit, std::string_view unit,
                         std::string_view detail) {
  std::printf("FIGURE\t%.*s\t%.4g\t%.4g\t%.*s\t%.*s\n", static_cast<int>(name.size()), name.data(), measured, limit,
              static_cast<int>(unit.size()), unit.data(), static_cast<int>(detail.size()), detail.data());
  std::fflush(stdout);
}

}  // namespace bench

#endif  // LOGS_SDK_BENCH_FIGURE_H_
