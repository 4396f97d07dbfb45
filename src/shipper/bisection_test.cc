#include "src/shipper/bisection.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

struct Outcome {
  std::set<std::size_t> taken;
  std::set<std::size_t> refused;
  std::size_t requests = 0;
};

// Sends `count` records to a platform that refuses every request that holds one of `bad`.
Outcome send_all(std::size_t count, const std::set<std::size_t>& bad) {
  Bisection bisection(count);
  Outcome outcome;
  std::size_t front = 0;
  while (bisection.next() > 0) {
    const std::size_t sent = bisection.next();
    const auto first_bad = bad.lower_bound(front);
    const bool holds_bad = first_bad != bad.end() && *first_bad < front + sent;
    ++outcome.requests;
    if (!holds_bad) {
      for (std::size_t i = 0; i < sent; ++i) outcome.taken.insert(front + i);
      bisection.taken(sent);
      front += sent;
    } else {
      if (sent == 1) outcome.refused.insert(front++);
      bisection.refused(sent);
    }
  }
  EXPECT_EQ(front, count);
  return outcome;
}

std::size_t ceil_log2(std::size_t n) {
  std::size_t log = 0;
  while ((std::size_t{1} << log) < n) ++log;
  return log;
}

TEST(Bisection, everything_travels_at_once_while_nothing_is_refused) {
  const Outcome outcome = send_all(500, {});
  EXPECT_EQ(outcome.requests, 1U);
  EXPECT_EQ(outcome.taken.size(), 500U);
  EXPECT_EQ(Bisection().next(), 0U);
}

TEST(Bisection, one_bad_record_is_found_wherever_it_stands_within_log2_n_and_two_more_requests) {
  for (const std::size_t count : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 31U, 32U, 33U, 100U, 499U, 500U}) {
    for (std::size_t bad = 0; bad < count; ++bad) {
      const Outcome outcome = send_all(count, {bad});
      EXPECT_EQ(outcome.refused, std::set<std::size_t>{bad});
      EXPECT_EQ(outcome.taken.size(), count - 1);
      EXPECT_LE(outcome.requests, 1 + ceil_log2(count) + 2) << bad << " of " << count;
    }
  }
}

TEST(Bisection, any_set_of_bad_records_is_found_and_nothing_else_is_refused) {
  SeededRandom random;
  for (int round = 0; round < 2000; ++round) {
    const std::size_t count = 1 + random.below(500);
    std::set<std::size_t> bad;
    for (std::size_t i = random.below(20); i > 0; --i) bad.insert(random.below(count));
    const Outcome outcome = send_all(count, bad);
    EXPECT_EQ(outcome.refused, bad);
    EXPECT_EQ(outcome.taken.size(), count - bad.size());
    EXPECT_LE(outcome.requests, 1 + bad.size() * (ceil_log2(count) + 3));
  }
}

TEST(Bisection, where_all_are_bad_each_travels_alone_once) {
  std::set<std::size_t> all;
  for (std::size_t i = 0; i < 500; ++i) all.insert(i);
  const Outcome outcome = send_all(500, all);
  EXPECT_EQ(outcome.refused, all);
  EXPECT_LE(outcome.requests, 500 + 2 * ceil_log2(500));
}

TEST(Bisection, a_refusal_that_does_not_come_again_refuses_nothing) {
  Bisection bisection(500);
  bisection.refused(500);
  std::size_t taken = 0;
  while (bisection.next() > 0) {
    const std::size_t sent = bisection.next();
    bisection.taken(sent);
    taken += sent;
  }
  EXPECT_EQ(taken, 500U);
}

TEST(Bisection, fewer_than_asked_for_may_travel) {
  Bisection bisection(10);
  bisection.taken(3);
  EXPECT_EQ(bisection.next(), 7U);
  bisection.refused(7);
  bisection.taken(1);
  EXPECT_EQ(bisection.next(), 3U);
}

}  // namespace
}  // namespace logs_sdk
