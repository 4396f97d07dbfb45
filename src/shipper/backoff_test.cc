#include "src/shipper/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

using std::chrono::duration;
using std::chrono::seconds;

// Always the same share of a step.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(double share) : word_(static_cast<std::uint64_t>(share * 0x1.0p53) << 11) {}
  std::uint64_t next() noexcept override { return word_; }

 private:
  std::uint64_t word_;
};

constexpr SteadyTime kNow{seconds(1000)};

double delay_s(const Backoff& backoff) { return duration<double>(backoff.ready_at() - kNow).count(); }

std::vector<double> delays(Backoff& backoff, int count) {
  std::vector<double> out;
  for (int i = 0; i < count; ++i) {
    backoff.fail(kNow, std::nullopt);
    out.push_back(delay_s(backoff));
  }
  return out;
}

TEST(Backoff, is_ready_at_first) {
  SeededRandom random;
  EXPECT_TRUE(Backoff(3, random).ready(SteadyTime{}));
}

TEST(Backoff, steps_double_within_the_retries_and_begin_again_when_down) {
  FixedRandom half(0.5);
  Backoff backoff(3, half);
  EXPECT_EQ(delays(backoff, 12), (std::vector<double>{0.25, 0.5, 1, 0.5, 1, 2, 4, 8, 16, 30, 30, 30}));
}

TEST(Backoff, is_down_when_the_retries_are_used_up) {
  FixedRandom half(0.5);
  Backoff backoff(2, half);
  delays(backoff, 2);
  EXPECT_EQ(backoff.state(), Backoff::State::kRetrying);
  delays(backoff, 1);
  EXPECT_EQ(backoff.state(), Backoff::State::kDown);
}

TEST(Backoff, without_retries_the_first_failure_is_down) {
  FixedRandom half(0.5);
  Backoff backoff(0, half);
  EXPECT_EQ(delays(backoff, 2), (std::vector<double>{0.5, 1}));
  EXPECT_EQ(backoff.state(), Backoff::State::kDown);
}

TEST(Backoff, twenty_retries_never_step_over_a_minute) {
  FixedRandom most(0.999);
  Backoff backoff(20, most);
  for (const double delay : delays(backoff, 40)) EXPECT_LE(delay, 60);
}

TEST(Backoff, one_success_makes_it_new) {
  FixedRandom half(0.5);
  Backoff backoff(1, half);
  delays(backoff, 5);
  backoff.succeed();
  EXPECT_EQ(backoff.state(), Backoff::State::kUp);
  EXPECT_TRUE(backoff.ready(SteadyTime{}));
  EXPECT_EQ(delays(backoff, 2), (std::vector<double>{0.25, 0.5}));
}

// The model is uniform in [0, step): over 20,000 draws the mean is within 1 % of step / 2 and both ends are reached.
TEST(Backoff, jitter_is_full_and_uniform) {
  SeededRandom random;
  double sum = 0;
  double least = 1;
  double most = 0;
  constexpr int kDraws = 20'000;
  for (int i = 0; i < kDraws; ++i) {
    Backoff backoff(0, random);
    backoff.fail(kNow, std::nullopt);
    const double delay = delay_s(backoff);
    sum += delay;
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.01);
  EXPECT_LT(least, 0.01);
  EXPECT_GT(most, 0.99);
  EXPECT_LT(most, 1);
}

TEST(Backoff, does_not_come_back_before_retry_after) {
  FixedRandom half(0.5);
  Backoff backoff(3, half);
  backoff.fail(kNow, seconds(7));
  EXPECT_EQ(delay_s(backoff), 7);
  backoff.fail(kNow, seconds(0));
  EXPECT_EQ(delay_s(backoff), 0.5);  // its own: "at once" from everybody is how a platform stays down
}

TEST(Backoff, parked_is_probed_within_a_minute_each_time) {
  FixedRandom half(0.5);
  Backoff backoff(3, half);
  for (int i = 0; i < 3; ++i) {
    backoff.park(kNow, std::nullopt);
    EXPECT_EQ(backoff.state(), Backoff::State::kParked);
    EXPECT_EQ(delay_s(backoff), 30);
  }
}

TEST(Backoff, a_parked_one_that_fails_is_down_without_retries) {
  FixedRandom half(0.5);
  Backoff backoff(3, half);
  backoff.park(kNow, std::nullopt);
  EXPECT_EQ(delays(backoff, 2), (std::vector<double>{0.5, 1}));
  EXPECT_EQ(backoff.state(), Backoff::State::kDown);
}

}  // namespace
}  // namespace logs_sdk
