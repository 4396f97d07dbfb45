// Whose request runs next: threads are held by latches, so that each order is the only one there can be.
#include "server/http/work_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace logs_server {
namespace {

using Admission = WorkQueue::Admission;
using testing::ElementsAre;

class WorkQueueTest : public testing::Test {
 protected:
  // A thread that is held until it is released. Outlives the queue's threads: a test ends them before its end.
  class Held {
   public:
    WorkQueue::Work work() {
      return [this] {
        begun_.count_down();
        release_.wait();
      };
    }
    void wait_until_begun() { begun_.wait(); }
    void release() { release_.count_down(); }

   private:
    std::latch begun_{1}, release_{1};
  };

  void start(WorkQueueOptions options) { queue_ = std::make_unique<WorkQueue>(options); }
  void hold(Held& held, const std::string& principal) {
    ASSERT_EQ(queue_->submit(principal, held.work()), Admission::kTaken);
    held.wait_until_begun();
  }
  // What is run notes its principal.
  Admission submit(const std::string& principal) {
    return queue_->submit(principal, [this, principal] { note(principal); });
  }
  // One that asks again as soon as it has its answer, so many times in all.
  void submit_again_and_again(const std::string& principal, int times) {
    queue_->submit(principal, [this, principal, times] {
      note(principal);
      if (times > 1) submit_again_and_again(principal, times - 1);
    });
  }
  void note(const std::string& principal) {
    const std::lock_guard lock(mutex_);
    order_.push_back(principal);
  }
  std::vector<std::string> order() {
    const std::lock_guard lock(mutex_);
    return order_;
  }

  std::mutex mutex_;
  std::vector<std::string> order_;  // guarded by mutex_
  std::unique_ptr<WorkQueue> queue_;
};

TEST_F(WorkQueueTest, one_request_is_the_next_to_run_however_many_another_has_waiting) {
  for (const unsigned threads : {1u, 2u, 4u}) {
    start({.threads = threads, .max_waiting = 128, .max_waiting_per_principal = 64});
    std::vector<std::unique_ptr<Held>> held;
    for (unsigned i = 0; i < threads; ++i) hold(*held.emplace_back(std::make_unique<Held>()), "greedy");
    for (int i = 0; i < 40; ++i) ASSERT_EQ(submit("greedy"), Admission::kTaken);
    std::latch served(1);
    ASSERT_EQ(queue_->submit("modest",
                             [&] {
                               note("modest");
                               served.count_down();
                             }),
              Admission::kTaken);
    held.front()->release();  // one thread becomes free, and it is his
    served.wait();
    EXPECT_EQ(order().front(), "modest") << threads << " threads";
    for (const auto& each : held) {
      if (each != held.front()) each->release();
    }
    queue_->finish();
    EXPECT_EQ(order().size(), 41u);
    order_.clear();
  }
}

TEST_F(WorkQueueTest, turns_go_round) {
  start({.threads = 1});
  Held held;
  hold(held, "somebody");
  for (const char* principal : {"a", "a", "a", "b", "b", "c"}) submit(principal);
  held.release();
  queue_->finish();
  EXPECT_THAT(order(), ElementsAre("a", "b", "c", "a", "b", "a"));
}

TEST_F(WorkQueueTest, those_who_ask_again_at_once_do_not_pass_one_who_waits) {
  start({.threads = 1});
  Held held;
  hold(held, "somebody");
  for (const char* principal : {"a", "a", "a"}) submit(principal);
  submit_again_and_again("b", 3);
  submit_again_and_again("c", 3);
  held.release();
  while (order().size() < 9) std::this_thread::yield();
  EXPECT_THAT(order(), ElementsAre("a", "b", "c", "a", "b", "c", "a", "b", "c"));
  queue_->finish();
}

TEST_F(WorkQueueTest, a_second_thread_is_for_those_who_have_none) {
  start({.threads = 2});
  Held long_one, other;
  hold(long_one, "a");
  hold(other, "somebody");
  for (const char* principal : {"a", "a", "b", "b", "c"}) submit(principal);
  other.release();
  while (order().size() < 5) std::this_thread::yield();
  EXPECT_THAT(order(), ElementsAre("b", "c", "b", "a", "a"));
  long_one.release();
  queue_->finish();
}

TEST_F(WorkQueueTest, while_nobody_else_waits_one_principal_has_every_thread) {
  start({.threads = 3});
  std::latch together(3);
  for (int i = 0; i < 3; ++i) queue_->submit("a", [&] { together.arrive_and_wait(); });
  queue_->finish();  // never, if they do not run at the same time
}

TEST_F(WorkQueueTest, what_waits_is_bounded_for_each_and_for_all_and_a_place_is_free_again_once_it_runs) {
  start({.threads = 1, .max_waiting = 5, .max_waiting_per_principal = 2});
  Held first, second;
  hold(first, "a");
  queue_->submit("a", second.work());
  EXPECT_EQ(submit("a"), Admission::kTaken);
  EXPECT_EQ(submit("a"), Admission::kShareFull);
  EXPECT_EQ(submit("b"), Admission::kTaken);
  EXPECT_EQ(submit("b"), Admission::kTaken);
  EXPECT_EQ(submit("c"), Admission::kTaken);
  EXPECT_EQ(submit("c"), Admission::kFull);
  EXPECT_EQ(submit("d"), Admission::kFull);
  EXPECT_EQ(submit("a"), Admission::kShareFull) << "whose own fault it is";
  EXPECT_EQ(queue_->size(), 6u);
  first.release();
  second.wait_until_begun();  // after b and c had their turn
  EXPECT_THAT(order(), ElementsAre("b", "c"));
  EXPECT_EQ(submit("a"), Admission::kTaken);
  EXPECT_EQ(submit("a"), Admission::kShareFull);
  EXPECT_EQ(submit("d"), Admission::kTaken);
  EXPECT_EQ(queue_->size(), 5u);
  second.release();
  queue_->finish();
}

TEST_F(WorkQueueTest, the_end_runs_what_waits_and_takes_nothing_more) {
  start({.threads = 2});
  Held held;
  hold(held, "a");
  for (int i = 0; i < 10; ++i) submit("a");
  held.release();
  queue_->finish();
  EXPECT_EQ(order().size(), 10u);
  EXPECT_EQ(submit("a"), Admission::kFull);
  EXPECT_EQ(queue_->size(), 0u);
  queue_->finish();
}

TEST_F(WorkQueueTest, what_a_request_holds_is_let_go_of_with_it) {
  start({.threads = 1});
  const auto resource = std::make_shared<int>();
  queue_->submit("a", [resource] {});
  queue_->finish();
  EXPECT_EQ(resource.use_count(), 1);
}

}  // namespace
}  // namespace logs_server
