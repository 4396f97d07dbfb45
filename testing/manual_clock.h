// ManualClock: time that stands still until the test advances it.
//
// Thread-safety: every call from any thread. advance() must not be called while holding a mutex with which a thread
// waits here: it returns only when each thread whose deadline has passed has woken.
#ifndef LOGS_SDK_TESTING_MANUAL_CLOCK_H_
#define LOGS_SDK_TESTING_MANUAL_CLOCK_H_

#include <algorithm>
#include <cstddef>
#include <list>
#include <thread>

#include "src/base/clock.h"

namespace logs_sdk::inline v1 {

class ManualClock final : public Clock {
 public:
  // Starts at 2026-01-02T03:04:05Z unless told otherwise.
  explicit ManualClock(WallTime start = WallTime{std::chrono::seconds(1'767'323'045)}) : wall_(start) {}

  WallTime wall() const noexcept override {
    const std::lock_guard guard(mutex_);
    return wall_;
  }
  SteadyTime steady() const noexcept override {
    const std::lock_guard guard(mutex_);
    return steady_;
  }

  // Moves both clocks on and wakes every thread whose deadline has passed.
  void advance(std::chrono::microseconds by) {
    {
      const std::lock_guard guard(mutex_);
      wall_ += by;
      steady_ += by;
    }
    while (notify_expired()) std::this_thread::yield();
  }
  // Steps the wall clock alone, either way, as an administrator or NTP would.
  void step_wall(std::chrono::microseconds by) {
    const std::lock_guard guard(mutex_);
    wall_ += by;
  }

  // Blocks until `count` threads wait on this clock: then advancing it is not too early.
  void await_waiters(std::size_t count) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return waiters_.size() >= count; });
  }

  void wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                  SteadyTime deadline) override {
    std::list<Waiter>::iterator self;
    {
      const std::lock_guard guard(mutex_);
      if (steady_ >= deadline) return;
      self = waiters_.insert(waiters_.end(), Waiter{&condition, deadline});
      arrived_.notify_all();
    }
    condition.wait(lock);
    const std::lock_guard guard(mutex_);
    waiters_.erase(self);
  }

 private:
  struct Waiter {
    std::condition_variable* condition;
    SteadyTime deadline;
  };

  // True while there is one. Repeated by advance(), because a thread may be listed and not yet asleep.
  bool notify_expired() {
    const std::lock_guard guard(mutex_);  // a listed condition lives: its thread cannot leave the list without the lock
    bool any = false;
    for (const Waiter& waiter : waiters_) {
      if (waiter.deadline > steady_) continue;
      waiter.condition->notify_all();
      any = true;
    }
    return any;
  }

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  WallTime wall_;                             // guarded by mutex_
  SteadyTime steady_{std::chrono::hours(1)};  // guarded by mutex_
  std::list<Waiter> waiters_;                 // guarded by mutex_
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_MANUAL_CLOCK_H_
