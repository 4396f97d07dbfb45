// What is captured now beside what has been waiting for hours.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/spool/spool.h"
#include "testing/platform_fixture.h"
#include "testing/temporary_folder.h"

namespace logs_sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A platform that takes its time for each request, while new entries come.
class BacklogTest : public PlatformFixture {
 protected:
  void answers_take(milliseconds time) {
    platform_.before_answer = [this, time] {
      constexpr milliseconds kTick{50};
      for (milliseconds passed{0}; passed < time; passed += kTick) {
        clock_.advance(kTick);
        come();
      }
    };
  }
  // One new entry every 100 ms of the test's clock, from the moment it is switched on.
  void come() {
    if (!coming_ || clock_.steady() < next_arrival_) return;
    next_arrival_ = clock_.steady() + milliseconds(100);
    captured_at_[capture_one()] = clock_.steady();
  }
  // The entry as it travels.
  virtual std::string capture_one() {
    live_.append(0, 1);
    return live_.payload(live_.size() - 1);
  }
  // One step, or the wait for it; notes what has arrived by then.
  void go_on() {
    come();
    if (!dispatcher().step()) {
      const auto due = coming_ ? std::min(dispatcher().next_due(), next_arrival_) : dispatcher().next_due();
      clock_.advance(std::chrono::ceil<std::chrono::microseconds>(std::max(due - clock_.steady(), {})));
    }
    const auto taken = platform_.taken(source().instance());
    for (auto at = captured_at_.begin(); at != captured_at_.end();) {
      if (taken.count(at->first) == 0) {
        ++at;
        continue;
      }
      slowest_ = std::max(slowest_, clock_.steady() - at->second);
      ++arrived_;
      at = captured_at_.erase(at);
    }
  }
  std::size_t waiting() { return source().spooled().pending(); }

  bool coming_ = false;
  SteadyTime next_arrival_ = SteadyTime::min();
  std::map<std::string, SteadyTime> captured_at_;  // of those that have not arrived
  SteadyTime::duration slowest_{};
  std::size_t arrived_ = 0;
};

TEST_F(BacklogTest, after_an_outage_new_entries_arrive_within_two_seconds_while_the_backlog_drains) {
  constexpr std::size_t kBacklog = 12'000;
  answers_take(milliseconds(500));
  live_.append(0, kBacklog);
  for (int i = 0; i < 6; ++i) platform_.next_reply({.status = 503});
  drain();
  while (dispatcher().counters().batches_sent == 0) go_on();
  ASSERT_GT(waiting(), kBacklog - 2000) << "it has only begun";
  coming_ = true;
  const SteadyTime began = clock_.steady();
  std::size_t before = waiting();
  int rounds_without_progress = 0;
  while (waiting() > 100) {
    for (int i = 0; i < 4; ++i) go_on();
    rounds_without_progress = waiting() < before ? 0 : rounds_without_progress + 1;
    ASSERT_LE(rounds_without_progress, 2) << waiting() << " wait";
    before = waiting();
  }
  EXPECT_LE(slowest_, seconds(2));
  EXPECT_GT(arrived_, 200U);
  const auto took = clock_.steady() - began;
  EXPECT_LE(took, seconds(kBacklog / 500)) << "half of the requests carry the backlog, at 500 ms each";
}

// The same with a spool in files, most of which are not mapped any more when they are shipped.
class SpoolBacklogTest : public BacklogTest {
 protected:
  SpoolBacklogTest() {
    SpoolOptions options;
    options.project_dir = folder_.path();
    options.max_bytes = 16 << 20;
    spool_ = Spool::open(options, clock_, random_);
  }
  void TearDown() override {
    const LedgerTotals totals = spool_->spooled();
    EXPECT_EQ(totals.captured, captured_);
    EXPECT_EQ(totals.delivered, captured_);
    EXPECT_EQ(platform_.taken(spool_->instance()).size(), captured_);
    BacklogTest::TearDown();
  }
  RecordSource& source() override { return *spool_; }
  std::string capture_one() override {
    std::string entry = R"({"n":)" + std::to_string(captured_++) + R"(,"pad":")" + std::string(1000, 'x') + "\"}";
    EXPECT_EQ(spool_->append(0, entry), Appended::kSpooled);
    spool_->maintain();
    return entry;
  }

  TemporaryFolder folder_;
  std::uint64_t captured_ = 0;
  std::unique_ptr<Spool> spool_;
};

TEST_F(SpoolBacklogTest, after_an_outage_new_entries_arrive_within_two_seconds_while_the_backlog_drains) {
  answers_take(milliseconds(500));
  for (int i = 0; i < 8000; ++i) capture_one();
  platform_.next_reply({.status = 503});
  drain();
  coming_ = true;
  while (waiting() > 100) go_on();
  EXPECT_LE(slowest_, seconds(2));
  EXPECT_GT(arrived_, 100U);
  coming_ = false;
  while (waiting() > 0) ship_when_due();
}

TEST_F(BacklogTest, beside_the_backlog_of_dead_processes_new_entries_arrive_within_two_seconds) {
  answers_take(milliseconds(500));
  std::vector<std::unique_ptr<RecordSource>> offered;
  int ended = 0;
  for (const char name : {'b', 'c'}) {
    auto orphan = std::make_unique<ListRecordSource>(std::string(32, name), [&] { ++ended; });
    orphan->append(0, 4000);
    offered.push_back(std::move(orphan));
  }
  options_.find_orphans = [&] { return std::exchange(offered, {}); };
  coming_ = true;
  while (ended < 2) go_on();
  EXPECT_EQ(dispatcher().recovered(), 8000U);
  EXPECT_LE(slowest_, seconds(2));
  EXPECT_GT(arrived_, 50U);
  EXPECT_LE(clock_.steady() - ManualClock().steady(), seconds(2 * 16)) << "half of the requests are the orphans'";
  coming_ = false;
  while (waiting() > 0) ship_when_due();
}

TEST_F(BacklogTest, a_search_for_bad_entries_in_the_backlog_does_not_hold_up_new_ones) {
  answers_take(milliseconds(500));
  platform_.refuses_batch_with = [](std::string_view e) { return e.size() == 9 && e.ends_with("0}"); };  // 90 of them
  live_.append(0, 2000);
  dispatcher().drain_live();
  coming_ = true;
  while (waiting() > 100) go_on();
  EXPECT_LE(slowest_, seconds(2));
  EXPECT_EQ(letters_.size(), 90U);
}

TEST_F(BacklogTest, the_second_request_after_an_outage_carries_what_is_newest_then) {
  options_.max_retries = 0;
  for (int i = 0; i < 6; ++i) platform_.next_reply({.status = 503});
  live_.append(0, 2000);
  drain();
  for (std::size_t posts = 2; posts <= 6; ++posts) {
    live_.append(0, 10);
    ship_until_posted(posts);
  }
  live_.append(0, 1);
  while (platform_.posts().size() < 8) go_on();
  EXPECT_EQ(platform_.posts()[6].entries.front(), live_.payload(0)) << "the probe";
  EXPECT_EQ(platform_.posts()[7].entries.back(), live_.payload(live_.size() - 1));
  ship_until_settled();
}

TEST_F(BacklogTest, a_drain_that_is_quick_sends_nothing_out_of_turn) {
  live_.append(0, 5000);
  platform_.before_answer = [this] { live_.append(0, 1); };
  drain();
  ASSERT_EQ(platform_.posts().size(), 10U);
  for (const auto& post : platform_.posts()) EXPECT_EQ(post.entries.size(), 500U);
  platform_.before_answer = nullptr;
  drain();
}

TEST_F(BacklogTest, a_flush_waits_for_everything_that_stood_before_it_whatever_overtakes) {
  constexpr std::size_t kBefore = 2510;  // the last batch is smaller than what has overtaken it
  answers_take(milliseconds(500));
  options_.flush_interval = seconds(60);
  live_.append(0, kBefore);
  dispatcher().drain_live();
  coming_ = true;
  while (!dispatcher().live_drained()) go_on();
  for (std::size_t i = 0; i < kBefore; ++i) ASSERT_TRUE(live_.verdict(i).has_value()) << i;
  coming_ = false;
  drain();
}

TEST_F(BacklogTest, a_new_entry_whose_request_fails_is_sent_again) {
  answers_take(milliseconds(500));
  live_.append(0, 5000);
  dispatcher().drain_live();
  coming_ = true;
  for (int i = 0; i < 20; ++i) {
    platform_.next([](ScriptedPlatform& platform, const RecordedRequest& request) { return platform.judge(request); });
    platform_.next_reply({.status = 503});
  }
  while (waiting() > 100) go_on();
  coming_ = false;
  while (waiting() > 0) ship_when_due();
  EXPECT_EQ(platform_.taken(live_.instance()).size(), live_.size());
}

}  // namespace
}  // namespace logs_sdk
