// Backoff: when a destination may be tried again. One for each destination, not for each batch.
//
//   up -> retrying (max_retries attempts) -> down (one probe at a time) -> up
//   any -> parked (one probe at a time) -> up
//
// Full jitter: a delay is uniform in [0, step), so that a thousand clients that failed together do not return together.
#ifndef LOGS_SDK_SHIPPER_BACKOFF_H_
#define LOGS_SDK_SHIPPER_BACKOFF_H_

#include <chrono>
#include <optional>

#include "src/base/clock.h"
#include "src/base/random.h"

namespace logs_sdk::inline v1 {

class Backoff {
 public:
  enum class State {
    kUp,
    kRetrying,  // failed, and max_retries are not used up
    kDown,      // they are
    kParked,    // refused for a reason that retrying does not mend
  };
  static constexpr std::chrono::milliseconds kFirstRetry{500};   // step of the first retry; doubles
  static constexpr std::chrono::milliseconds kFirstProbe{1000};  // step of the first probe when down; doubles
  static constexpr std::chrono::milliseconds kMaxStep{60'000};   // of both, and the step of a parked one

  Backoff(int max_retries, Random& random) : max_retries_(max_retries), random_(&random) {}

  State state() const noexcept { return state_; }
  bool ready(SteadyTime now) const noexcept { return now >= ready_at_; }
  SteadyTime ready_at() const noexcept { return ready_at_; }

  void succeed() noexcept;
  // The next attempt comes after our own delay and not before `retry_after`.
  void fail(SteadyTime now, std::optional<std::chrono::seconds> retry_after) noexcept;
  void park(SteadyTime now, std::optional<std::chrono::seconds> retry_after) noexcept;
  // Lets one attempt through now: the last one before the process ends.
  void make_ready() noexcept { ready_at_ = SteadyTime::min(); }

 private:
  void wait(SteadyTime now, std::chrono::milliseconds step, std::optional<std::chrono::seconds> retry_after) noexcept;

  int max_retries_;
  Random* random_;
  State state_ = State::kUp;
  int failures_ = 0;  // in a row, within state_
  SteadyTime ready_at_ = SteadyTime::min();
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_BACKOFF_H_
