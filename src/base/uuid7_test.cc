#include "src/base/uuid7.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace logs_sdk {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

// The state is one word per process that only grows, so each test starts after the one before.
WallTime next_test_time() {
  static WallTime time{milliseconds(1'800'000'000'000)};
  return time += hours(24);
}

TEST(Uuid7, carries_version_variant_and_the_milliseconds) {
  const WallTime now = next_test_time();
  const Uuid uuid = next_uuid7(now + std::chrono::microseconds(999));
  EXPECT_EQ(uuid.version(), 7);
  EXPECT_EQ(uuid.bytes[8] >> 6, 2);
  EXPECT_EQ(uuid.unix_ms(), std::chrono::floor<milliseconds>(now.time_since_epoch()).count());
}

TEST(Uuid7, grows_strictly_within_one_millisecond_and_when_the_clock_steps_back) {
  const WallTime now = next_test_time();
  Uuid last = next_uuid7(now);
  for (int i = 0; i < 10'000; ++i) {
    const Uuid uuid = next_uuid7(i < 5'000 ? now : now - hours(1));
    ASSERT_LT(last, uuid);
    last = uuid;
  }
  EXPECT_EQ(last.unix_ms(), std::chrono::floor<milliseconds>(now.time_since_epoch()).count());
}

TEST(Uuid7, more_than_the_counter_holds_carries_into_the_next_millisecond) {
  const WallTime now = next_test_time();
  Uuid last = next_uuid7(now);
  for (int i = 0; i < 70'000; ++i) {
    const Uuid uuid = next_uuid7(now);
    ASSERT_LT(last, uuid);
    ASSERT_EQ(uuid.version(), 7);
    last = uuid;
  }
  EXPECT_LE(last.unix_ms() - std::chrono::floor<milliseconds>(now.time_since_epoch()).count(), 2);
}

TEST(Uuid7, grows_on_every_thread_and_never_repeats_among_them) {
  constexpr int kThreads = 4, kEach = 20'000;
  const WallTime now = next_test_time();
  std::vector<std::vector<Uuid>> made(kThreads);
  std::vector<std::thread> threads;
  for (auto& own : made) {
    threads.emplace_back([&own, now] {
      for (int i = 0; i < kEach; ++i) own.push_back(next_uuid7(now));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<Uuid> all;
  for (const auto& own : made) {
    EXPECT_TRUE(std::is_sorted(own.begin(), own.end()));
    all.insert(own.begin(), own.end());
  }
  EXPECT_EQ(all.size(), std::size_t{kThreads} * kEach);
}

TEST(Uuid7, times_outside_48_bits_are_clamped) {
  EXPECT_EQ(next_uuid7(WallTime{hours(-1)}).version(), 7);  // and no earlier than those before
}

TEST(Uuid7, parent_and_forked_child_make_different_ones_from_the_same_state) {
  constexpr std::size_t kEach = 2'000;
  const WallTime now = next_test_time();
  next_uuid7(now);  // the generator is seeded before the fork
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  std::vector<Uuid> own;
  for (std::size_t i = 0; i < kEach; ++i) own.push_back(next_uuid7(now));
  if (child == 0) {
    const auto size = static_cast<ssize_t>(own.size() * sizeof(Uuid));
    _exit(write(ends[1], own.data(), static_cast<std::size_t>(size)) == size ? 0 : 1);
  }
  std::vector<Uuid> other(kEach);
  std::size_t got = 0;
  close(ends[1]);
  while (got < kEach * sizeof(Uuid)) {
    const ssize_t n = read(ends[0], reinterpret_cast<char*>(other.data()) + got, kEach * sizeof(Uuid) - got);
    ASSERT_GT(n, 0);
    got += static_cast<std::size_t>(n);
  }
  close(ends[0]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  // Not only the whole: the random bits alone differ, for both went on from the same counter.
  std::set<std::vector<std::uint8_t>> tails;
  for (const auto* ids : {&own, &other}) {
    for (const Uuid& uuid : *ids) tails.insert({uuid.bytes.begin() + 9, uuid.bytes.end()});
  }
  EXPECT_EQ(tails.size(), 2 * kEach);
}

TEST(Uuid, hex_is_read_back_with_and_without_hyphens_in_either_case) {
  const Uuid uuid = next_uuid7(next_test_time());
  char digits[32];
  uuid.to_hex(digits);
  std::string text(digits, sizeof digits);
  EXPECT_EQ(Uuid::parse(text), uuid);
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_EQ(Uuid::parse(text), uuid);
  for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, "-");
  EXPECT_EQ(Uuid::parse(text), uuid);
}

TEST(Uuid, anything_else_is_refused) {
  for (const char* text : {"", "0", "0190163d8694739b8000e2c0a8d5e1f", "0190163d8694739b8000e2c0a8d5e1f44",
                           "0190163d8694739b8000e2c0a8d5e1fg", "0190163d-8694-739b-8000-e2c0a8d5e1f",
                           "0190163d8-694-739b-8000-e2c0a8d5e1f4", "0190163d-8694-739b-8000e2c0a8d5e1f44-",
                           "------------------------------------"}) {
    EXPECT_EQ(Uuid::parse(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace logs_sdk
