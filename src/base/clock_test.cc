#include "src/base/clock.h"

#include <atomic>
#include <thread>

#include "gtest/gtest.h"
#include "testing/manual_clock.h"

namespace logs_sdk {
namespace {

using std::chrono::seconds;

TEST(SystemClock, steady_never_steps_back_and_a_passed_deadline_does_not_wait) {
  Clock& clock = system_clock();
  const SteadyTime before = clock.steady();
  std::mutex mutex;
  std::condition_variable condition;
  std::unique_lock lock(mutex);
  clock.wait_until(condition, lock, before - seconds(1));
  EXPECT_TRUE(lock.owns_lock());
  EXPECT_GE(clock.steady(), before);
  EXPECT_GT(clock.wall().time_since_epoch(), std::chrono::hours(24 * 365 * 50));
}

TEST(ManualClock, stands_still_until_advanced_and_the_wall_steps_alone) {
  ManualClock clock;
  const WallTime wall = clock.wall();
  const SteadyTime steady = clock.steady();
  clock.advance(seconds(3));
  EXPECT_EQ(clock.wall() - wall, seconds(3));
  EXPECT_EQ(clock.steady() - steady, seconds(3));
  clock.step_wall(seconds(-10));
  EXPECT_EQ(clock.wall() - wall, seconds(-7));
  EXPECT_EQ(clock.steady() - steady, seconds(3));
}

TEST(ManualClock, a_waiter_wakes_when_its_deadline_is_reached_and_not_before) {
  ManualClock clock;
  std::mutex mutex;
  std::condition_variable condition;
  std::atomic<bool> woken = false;
  std::thread waiter([&] {
    std::unique_lock lock(mutex);
    const SteadyTime deadline = clock.steady() + seconds(5);
    while (clock.steady() < deadline) clock.wait_until(condition, lock, deadline);
    woken = true;
  });
  clock.await_waiters(1);
  clock.advance(seconds(4));
  EXPECT_FALSE(woken);
  clock.advance(seconds(1));
  waiter.join();
  EXPECT_TRUE(woken);
}

TEST(ManualClock, a_waiter_wakes_when_its_condition_is_notified) {
  ManualClock clock;
  std::mutex mutex;
  std::condition_variable condition;
  bool ready = false;
  std::thread waiter([&] {
    std::unique_lock lock(mutex);
    while (!ready) clock.wait_until(condition, lock, clock.steady() + seconds(5));
  });
  clock.await_waiters(1);
  {
    const std::lock_guard guard(mutex);
    ready = true;
  }
  condition.notify_all();
  waiter.join();
}

}  // namespace
}  // namespace logs_sdk
