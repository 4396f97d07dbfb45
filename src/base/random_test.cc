#include "src/base/random.h"

#include <array>
#include <cmath>
#include <set>
#include <thread>

#include "gtest/gtest.h"

namespace logs_sdk {
namespace {

TEST(Random, no_word_repeats_among_threads) {
  constexpr int kThreads = 4, kWords = 20'000;
  std::array<std::vector<std::uint64_t>, kThreads> words;
  std::vector<std::thread> threads;
  for (auto& own : words) {
    threads.emplace_back([&own] {
      for (int i = 0; i < kWords; ++i) own.push_back(system_random().next());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::uint64_t> all;
  for (const auto& own : words) all.insert(own.begin(), own.end());
  EXPECT_EQ(all.size(), std::size_t{kThreads} * kWords);
}

TEST(Random, each_bit_is_set_in_half_of_the_words) {
  constexpr int kWords = 40'000;
  std::array<int, 64> set{};
  for (int i = 0; i < kWords; ++i) {
    const std::uint64_t word = system_random().next();
    for (unsigned bit = 0; bit < 64; ++bit) set[bit] += static_cast<int>((word >> bit) & 1);
  }
  // Seven standard deviations: a fair generator fails once in 10^10 runs.
  for (const int count : set) EXPECT_NEAR(count, kWords / 2, 7 * std::sqrt(kWords) / 2);
}

TEST(Random, uniform_is_in_the_half_open_unit_interval) {
  struct Fixed final : Random {
    explicit Fixed(std::uint64_t value_in) : value(value_in) {}
    std::uint64_t next() noexcept override { return value; }
    std::uint64_t value;
  };
  EXPECT_EQ(Fixed(0).uniform(), 0.0);
  EXPECT_LT(Fixed(~std::uint64_t{0}).uniform(), 1.0);
  EXPECT_EQ(Fixed(std::uint64_t{1} << 63).uniform(), 0.5);
}

}  // namespace
}  // namespace logs_sdk
