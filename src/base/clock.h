// Clock: the two clocks the library reads, and the one way it waits. The test double stands in testing/manual_clock.h.
//
// Thread-safety: every call from any thread.
#ifndef LOGS_SDK_BASE_CLOCK_H_
#define LOGS_SDK_BASE_CLOCK_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace logs_sdk::inline v1 {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime wall() const noexcept = 0;      // may step either way
  virtual SteadyTime steady() const noexcept = 0;  // never steps; for durations and deadlines
  // Waits until `condition` is notified or `deadline` has passed on this clock; may wake for no reason.
  virtual void wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                          SteadyTime deadline) = 0;
};

// The machine's clocks. Lives as long as the process.
Clock& system_clock() noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_CLOCK_H_
