#include "src/throw_stack/throw_table.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace logs_sdk {
namespace {

// Each exception's frames are made from its number, so that a mixture of two shows.
ThrowFrames frames_of(std::uintptr_t number) {
  ThrowFrames frames;
  frames.count = 1 + number % ThrowFrames::kMax;
  for (std::size_t i = 0; i < frames.count; ++i) frames.addresses[i] = number * 1000 + i;
  return frames;
}

const void* exception_at(std::uintptr_t number) { return reinterpret_cast<const void*>(number * 16); }

std::vector<std::uintptr_t> held(const ThrowTable& table, std::uintptr_t number) {
  std::vector<std::uintptr_t> frames(ThrowFrames::kMax);
  frames.resize(table.get(exception_at(number), frames.data(), frames.size()));
  return frames;
}

std::vector<std::uintptr_t> expected(std::uintptr_t number) {
  const ThrowFrames frames = frames_of(number);
  return {frames.addresses.begin(), frames.addresses.begin() + static_cast<std::ptrdiff_t>(frames.count)};
}

class ThrowTableTest : public ::testing::Test {
 protected:
  const std::unique_ptr<ThrowTable> table = std::make_unique<ThrowTable>();
};

TEST_F(ThrowTableTest, what_was_put_is_found_until_it_is_removed) {
  table->put(exception_at(7), frames_of(7));
  EXPECT_EQ(held(*table, 7), expected(7));
  EXPECT_TRUE(table->holds(exception_at(7)));
  table->remove(exception_at(7));
  EXPECT_TRUE(held(*table, 7).empty());
  EXPECT_FALSE(table->holds(exception_at(7)));
}

TEST_F(ThrowTableTest, an_exception_at_the_same_address_replaces_the_one_before) {
  table->put(exception_at(7), frames_of(9));
  table->put(exception_at(7), frames_of(7));
  EXPECT_EQ(held(*table, 7), expected(7));
  table->remove(exception_at(7));
  EXPECT_TRUE(held(*table, 7).empty()) << "no second slot holds it";
}

TEST_F(ThrowTableTest, a_smaller_room_takes_the_innermost_frames) {
  table->put(exception_at(31), frames_of(31));
  std::uintptr_t two[2] = {};
  EXPECT_EQ(table->get(exception_at(31), two, 2), 2u);
  EXPECT_EQ(two[0], 31000u);
  EXPECT_EQ(two[1], 31001u);
}

TEST_F(ThrowTableTest, more_than_it_has_room_for_push_out_the_oldest_never_the_newest) {
  constexpr std::uintptr_t kCount = 4 * ThrowTable::kSlots;
  for (std::uintptr_t i = 1; i <= kCount; ++i) {
    table->put(exception_at(i), frames_of(i));
    ASSERT_EQ(held(*table, i), expected(i));
  }
  std::size_t kept = 0;
  for (std::uintptr_t i = 1; i <= kCount; ++i) kept += held(*table, i).empty() ? 0u : 1u;
  EXPECT_LE(kept, ThrowTable::kSlots);
  EXPECT_GT(kept, ThrowTable::kSlots / 2);
}

TEST_F(ThrowTableTest, threads_that_throw_at_once_find_their_own_frames_or_none_and_never_a_mixture) {
  constexpr std::uintptr_t kThreads = 4;
  constexpr std::uintptr_t kEach = 20000;
  std::atomic<std::size_t> found{0}, wrong{0};
  std::vector<std::thread> threads;
  for (std::uintptr_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (std::uintptr_t i = 0; i < kEach; ++i) {
        const std::uintptr_t number = 1 + t * kEach + i;
        table->put(exception_at(number), frames_of(number));
        const auto frames = held(*table, number);
        if (!frames.empty()) ++(frames == expected(number) ? found : wrong);
        table->remove(exception_at(number));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0u);
  EXPECT_GT(found, kThreads * kEach * 9 / 10);
}

}  // namespace
}  // namespace logs_sdk
