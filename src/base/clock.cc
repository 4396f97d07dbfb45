#include "src/base/clock.h"

namespace logs_sdk::inline v1 {
namespace {

class SystemClock final : public Clock {
 public:
  WallTime wall() const noexcept override {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
  SteadyTime steady() const noexcept override { return std::chrono::steady_clock::now(); }
  void wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                  SteadyTime deadline) override {
    condition.wait_until(lock, deadline);
  }
};

}  // namespace

Clock& system_clock() noexcept {
  // Never destroyed: threads may still read it while the process ends.
  static SystemClock* const clock = new SystemClock;
  return *clock;
}

}  // namespace logs_sdk::inline v1
