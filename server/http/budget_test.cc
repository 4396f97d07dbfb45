#include "server/http/budget.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace logs_server {
namespace {

std::shared_ptr<Budget> whole_of(std::size_t max) { return std::make_shared<Budget>(max, "all"); }

TEST(BudgetTest, a_part_is_bounded_and_counts_for_the_whole) {
  const auto whole = whole_of(100);
  Budget::Share one(whole->part("one", 60, "one"));
  Budget::Share more_of_one(whole->part("one", 60, "one"));
  Budget::Share two(whole->part("two", 60, "two"));
  EXPECT_EQ(one.grow_to(50), nullptr);
  EXPECT_EQ(more_of_one.grow_to(11)->holder(), "one");
  EXPECT_EQ(more_of_one.grow_to(10), nullptr);
  EXPECT_EQ(two.grow_to(41)->holder(), "all");
  EXPECT_EQ(two.grow_to(40), nullptr) << "what was refused was not taken";
  EXPECT_EQ(two.grow_to(30), nullptr) << "a share shrinks by its end alone";
  EXPECT_EQ(whole->used(), 100u);
  EXPECT_EQ(whole->refusals(), 2u);
}

TEST(BudgetTest, a_part_exists_while_somebody_holds_it) {
  const auto whole = whole_of(100);
  {
    Budget::Share one(whole->part("one", 60, "one"));
    Budget::Share of_two(whole->part("two", 60, "two")->part("key", 30, "key"));
    EXPECT_EQ(one.grow_to(60), nullptr);
    EXPECT_EQ(of_two.grow_to(30), nullptr);
    EXPECT_EQ(whole->part_count(), 2u);
  }
  EXPECT_EQ(whole->part_count(), 0u);
  EXPECT_EQ(whole->used(), 0u);
}

TEST(BudgetTest, one_key_leaves_three_quarters_and_one_project_half) {
  const auto whole = whole_of(100);
  Budget::Share key(part_of_key(whole, "shop", "k1"));
  Budget::Share other_key(part_of_key(whole, "shop", "k2"));
  Budget::Share third_key(part_of_key(whole, "shop", "k3"));
  EXPECT_EQ(key.grow_to(26)->holder(), "this key");
  EXPECT_EQ(key.grow_to(25), nullptr);
  EXPECT_EQ(other_key.grow_to(25), nullptr);
  EXPECT_EQ(third_key.grow_to(1)->holder(), "this project");
  Budget::Share other_project(part_of_key(whole, "bank", "k1"));
  EXPECT_EQ(other_project.grow_to(25), nullptr) << "keys of one name are two when their projects are";
  Budget::Share reader(part_of_key(whole, "", ""));
  EXPECT_EQ(reader.grow_to(25), nullptr);
  EXPECT_EQ(whole->used(), 100u);
}

TEST(BudgetTest, threads_that_take_and_give_leave_nothing_behind) {
  const auto whole = whole_of(10);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&whole, i] {
      for (int round = 0; round < 10'000; ++round) {
        Budget::Share share(whole->part(std::to_string((i + round) % 3), 4, "part"));
        share.grow_to(3);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(whole->used(), 0u);
  EXPECT_EQ(whole->part_count(), 0u);
}

}  // namespace
}  // namespace logs_server
