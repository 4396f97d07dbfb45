#include "server/api/key_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/api/ingest_guard.h"
#include "server/api/registry.h"
#include "testing/manual_clock.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kKey = "clog_pk_1";
constexpr std::string_view kOther = "clog_pk_2";
constexpr std::size_t kMegabyte = 1'000'000;

class KeyLimitsTest : public ::testing::Test {
 protected:
  // Requests of nothing that come at once, until one is refused.
  int admitted_at_once(KeyLimits& limits, std::string_view key) {
    int count = 0;
    while (count < 10'000 && !limits.admit(key)) ++count;
    return count;
  }

  logs_sdk::ManualClock clock_;
  std::chrono::nanoseconds run_{0};  // what a thread has run
};

TEST_F(KeyLimitsTest, a_silent_key_has_a_reserve_and_then_its_rate) {
  KeyLimits limits(clock_, {.requests_per_s = 10, .bytes_per_s = 0, .reserve = seconds(4)});
  EXPECT_EQ(admitted_at_once(limits, kKey), 41);  // the reserve is what may be owed when a request comes
  clock_.advance(seconds(1));
  EXPECT_EQ(admitted_at_once(limits, kKey), 10);
  clock_.advance(seconds(3600));
  EXPECT_EQ(admitted_at_once(limits, kKey), 41);
}

TEST_F(KeyLimitsTest, it_says_exactly_when_to_come_again) {
  KeyLimits limits(clock_, {.requests_per_s = 0, .bytes_per_s = kMegabyte, .reserve = seconds(2)});
  EXPECT_FALSE(limits.admit(kKey));
  limits.charge(kKey, 8 * kMegabyte);
  EXPECT_EQ(limits.admit(kKey), seconds(6));
  clock_.advance(seconds(6) - std::chrono::microseconds(1));
  EXPECT_EQ(limits.admit(kKey), seconds(1)) << "rounded up: never too early";
  clock_.advance(std::chrono::microseconds(1));
  EXPECT_FALSE(limits.admit(kKey));
}

TEST_F(KeyLimitsTest, one_key_in_debt_takes_nothing_from_another) {
  KeyLimits limits(clock_, {.requests_per_s = 1, .bytes_per_s = kMegabyte, .reserve = seconds(1)});
  limits.charge(kKey, 100 * kMegabyte);
  EXPECT_TRUE(limits.admit(kKey));
  EXPECT_FALSE(limits.admit(kOther));
}

TEST_F(KeyLimitsTest, refusals_are_told_apart_and_cost_nothing) {
  KeyLimits limits(clock_, {.requests_per_s = 1, .bytes_per_s = kMegabyte, .reserve = seconds(1)});
  admitted_at_once(limits, kKey);
  for (int i = 0; i < 1'000; ++i) limits.admit(kKey);
  limits.charge(kOther, 100 * kMegabyte);
  limits.admit(kOther);
  EXPECT_EQ(limits.refusals().by_requests, 1'001u);
  EXPECT_EQ(limits.refusals().by_bytes, 1u);
  clock_.advance(seconds(1));
  EXPECT_FALSE(limits.admit(kKey)) << "a client that asks too often still gets its rate";
}

TEST_F(KeyLimitsTest, what_a_key_takes_of_a_thread_is_charged_and_it_waits_until_that_is_paid) {
  KeyLimits limits(clock_,
                   {.requests_per_s = 0, .bytes_per_s = 0, .time_per_s = milliseconds(500), .reserve = seconds(2)},
                   [this] { return run_; });
  ASSERT_FALSE(limits.admit(kKey));
  ASSERT_FALSE(limits.admit(kKey)) << "two that come side by side";
  EXPECT_FALSE(limits.run(kKey, [this] { run_ += seconds(3); }));
  EXPECT_EQ(limits.run(kKey, [] { FAIL() << "the one before has taken it all"; }), seconds(4));
  EXPECT_EQ(limits.admit(kKey), seconds(4));
  EXPECT_EQ(limits.refusals().by_time, 2u);
  EXPECT_FALSE(limits.admit(kOther));
  clock_.advance(seconds(4) - std::chrono::microseconds(1));
  EXPECT_EQ(limits.admit(kKey), seconds(1));
  clock_.advance(std::chrono::microseconds(1));
  EXPECT_FALSE(limits.admit(kKey));
  EXPECT_FALSE(limits.run(kKey, [] {}));
}

TEST_F(KeyLimitsTest, what_is_busy_and_honest_never_meets_the_limit_of_time) {
  KeyLimits limits(clock_, {}, [this] { return run_; });
  for (int batch = 0; batch < 3'000; ++batch) {  // of 500 entries, 40 a second: 20,000 entries a second
    ASSERT_FALSE(limits.admit(kKey)) << batch;
    ASSERT_FALSE(limits.run(kKey, [this] { run_ += 500 * std::chrono::microseconds(25); })) << batch;
    clock_.advance(milliseconds(25));
  }
}

TEST_F(KeyLimitsTest, zero_is_no_limit) {
  KeyLimits limits(clock_, {.requests_per_s = 0, .bytes_per_s = 0, .time_per_s = seconds(0)}, [this] { return run_; });
  limits.charge(kKey, 1'000'000 * kMegabyte);
  limits.run(kKey, [this] { run_ += std::chrono::hours(1); });
  EXPECT_EQ(admitted_at_once(limits, kKey), 10'000);
}

TEST_F(KeyLimitsTest, the_guard_refuses_by_the_header_alone_and_counts_the_decoded_body) {
  const logs_sdk::TemporaryFolder folder;
  const auto registry = std::move(Registry::open(folder.path(), clock_)).value();
  const KeyPair keys = registry->begin().value()->keys;
  KeyLimits limits(clock_, {.requests_per_s = 0, .bytes_per_s = kMegabyte, .reserve = seconds(2)});
  const Guard guard = ingest_guard(*registry, limits, MissingSecret::kAccepted);
  Request request;
  request.headers = {{"x-api-key", keys.public_key}, {"content-length", "1000"}};
  EXPECT_FALSE(guard(request));
  request.on_body(5 * kMegabyte);
  const auto refusal = guard(request);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 429);
  EXPECT_THAT(refusal->headers, ::testing::Contains(::testing::Pair("Retry-After", "3")));
  request.headers[0].second = registry->add_key(kDefaultProject).value().public_key;
  EXPECT_FALSE(guard(request));
}

TEST_F(KeyLimitsTest, the_guard_charges_the_work_and_refuses_when_too_much_was_taken) {
  const logs_sdk::TemporaryFolder folder;
  const auto registry = std::move(Registry::open(folder.path(), clock_)).value();
  const KeyPair keys = registry->begin().value()->keys;
  KeyLimits limits(clock_, {.reserve = seconds(2)}, [this] { return run_; });
  const Guard guard = ingest_guard(*registry, limits, MissingSecret::kAccepted);
  Request request, beside;
  request.headers = beside.headers = {{"x-api-key", keys.public_key}};
  ASSERT_FALSE(guard(request));
  ASSERT_FALSE(guard(beside));
  const auto work = [this] {
    run_ += seconds(2);
    return std::optional(error_response(400, "the work's own"));
  };
  EXPECT_EQ(request.charge_work(work)->status, 400);
  for (const auto& refusal : {beside.charge_work(work), guard(request)}) {
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->status, 429);
    EXPECT_THAT(refusal->headers, ::testing::Contains(::testing::Pair("Retry-After", "2")));
  }
  EXPECT_EQ(run_, seconds(2)) << "what is refused is not done";
}

TEST_F(KeyLimitsTest, what_is_announced_and_never_sent_costs_nothing) {
  const logs_sdk::TemporaryFolder folder;
  const auto registry = std::move(Registry::open(folder.path(), clock_)).value();
  const KeyPair keys = registry->begin().value()->keys;
  KeyLimits limits(clock_, {.requests_per_s = 0, .bytes_per_s = kMegabyte, .reserve = seconds(2)});
  const Guard guard = ingest_guard(*registry, limits, MissingSecret::kAccepted);
  for (int i = 0; i < 100; ++i) {
    Request request;
    request.headers = {{"x-api-key", keys.public_key}, {"content-length", "8388608"}};
    ASSERT_FALSE(guard(request)) << i;
    request.on_body(1000);
  }
}

TEST_F(KeyLimitsTest, a_wrong_secret_is_refused_without_a_charge_to_the_key) {
  const logs_sdk::TemporaryFolder folder;
  const auto registry = std::move(Registry::open(folder.path(), clock_)).value();
  const KeyPair keys = registry->begin().value()->keys;
  KeyLimits limits(clock_, {.requests_per_s = 1, .bytes_per_s = 0, .reserve = seconds(1)});
  const Guard guard = ingest_guard(*registry, limits, MissingSecret::kAccepted);
  Request stranger;
  stranger.headers = {{"x-api-key", keys.public_key}, {"x-api-secret", "guessed"}};
  for (int i = 0; i < 100; ++i) EXPECT_EQ(guard(stranger)->status, 401);
  Request owner;
  owner.headers = {{"x-api-key", keys.public_key}, {"x-api-secret", keys.secret_key}};
  EXPECT_FALSE(guard(owner));
}

}  // namespace
}  // namespace logs_server
