// A LiveSpool beside others: what this very process ships of dead ones, and a directory that somebody removes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/spool/spool.h"
#include "testing/manual_clock.h"
#include "testing/seeded_random.h"
#include "testing/temporary_folder.h"

namespace logs_sdk::inline v1 {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class LiveSpoolTest : public ::testing::TestWithParam<bool> {
 protected:
  SpoolOptions options() {
    SpoolOptions options;
    options.project_dir = folder_.path();
    options.map_segments = GetParam();
    options.on_event = [this](std::string_view kind, std::string_view) { events_.emplace_back(kind); };
    return options;
  }
  std::unique_ptr<Spool> open(const SpoolOptions& chosen) { return Spool::open(chosen, clock_, random_); }

  // Everything unsettled; settled with `verdict` where there is one.
  static std::vector<std::string> read_all(RecordSource& source, std::optional<Verdict> verdict = std::nullopt) {
    std::vector<std::string> texts;
    source.rewind();
    for (auto records = source.read({}); !records.empty(); records = source.read({})) {
      std::vector<RecordId> ids;
      for (const Record& record : records) {
        texts.emplace_back(record.payload);
        ids.push_back(record.id);
      }
      if (verdict) source.settle(ids, *verdict);
    }
    return texts;
  }

  TemporaryFolder folder_;
  ManualClock clock_;
  SeededRandom random_;
  std::vector<std::string> events_;
};

INSTANTIATE_TEST_SUITE_P(Modes, LiveSpoolTest, ::testing::Values(true, false),
                         [](const auto& mapped) { return mapped.param ? "mapped" : "written"; });

TEST_P(LiveSpoolTest, an_orphan_that_this_process_ships_makes_room_before_what_is_being_captured) {
  SpoolOptions small = options();
  small.max_bytes = 2 << 20;
  {
    const auto dead = open(small);
    for (int i = 0; i < 30; ++i) {
      dead->append(1, std::string(50'000, 'o'));
      dead->maintain();
    }
  }
  clock_.step_wall(hours(24 * 365));  // its files were changed now, by the machine's clock
  const auto spool = open(small);
  const auto orphans = spool->adopt_orphans(8);
  ASSERT_THAT(orphans, SizeIs(1));
  EXPECT_THAT(orphans[0]->read({}), Not(IsEmpty()));
  for (int i = 0; i < 12; ++i) {
    ASSERT_EQ(spool->append(1, std::string(50'000, 'n')), Appended::kSpooled);
    clock_.advance(seconds(1));
    spool->maintain();
  }
  EXPECT_EQ(spool->spooled().dropped_total(), 0u);
  EXPECT_GT(orphans[0]->spooled().dropped[static_cast<std::size_t>(DropReason::kCap)], 0u);
  EXPECT_EQ(orphans[0]->spooled().captured, 30u);
  EXPECT_EQ(read_all(*orphans[0]).size(), orphans[0]->spooled().pending());
}

TEST_P(LiveSpoolTest, a_directory_that_is_removed_while_in_use_is_noticed_and_a_new_one_is_made) {
  const auto spool = open(options());
  const std::string directory = folder_.path() + "/" + spool->instance();
  spool->append(1, "before");
  read_all(*spool, Verdict::kDelivered);
  spool->append(1, "in the removed directory");
  spool->count_drop(DropReason::kClosed);
  fs::remove_all(directory);
  clock_.advance(seconds(1));
  spool->maintain();
  EXPECT_THAT(events_, ElementsAre("spool_removed"));
  EXPECT_EQ(spool->append(1, "after"), Appended::kSpooled);
  EXPECT_TRUE(fs::exists(directory));
  const std::vector<std::string> left = read_all(*spool);
  const LedgerTotals totals = spool->spooled();
  EXPECT_EQ(totals.captured, 4u);
  EXPECT_EQ(totals.delivered, 1u);
  EXPECT_EQ(totals.dropped[static_cast<std::size_t>(DropReason::kClosed)], 1u);
  EXPECT_EQ(totals.pending(), left.size());
  EXPECT_EQ(totals.pending() + totals.dropped[static_cast<std::size_t>(DropReason::kDamaged)], 2u);
  EXPECT_EQ(left.back(), "after");
  read_all(*spool, Verdict::kDelivered);
  for (int i = 0; i < 3; ++i) {
    spool->maintain();
    EXPECT_EQ(spool->append(1, "more"), Appended::kSpooled);
  }
}

TEST_P(LiveSpoolTest, being_at_the_limit_is_said_once_for_each_time_that_it_is_reached) {
  SpoolOptions small = options();
  small.max_bytes = 1 << 20;
  const auto spool = open(small);
  for (int episode = 1; episode <= 2; ++episode) {
    for (int i = 0; i < 60; ++i) {
      spool->append(1, std::string(50'000, 'x'));
      spool->maintain();
    }
    EXPECT_EQ(std::count(events_.begin(), events_.end(), "spool_cap"), episode);
    read_all(*spool, Verdict::kDelivered);
    clock_.advance(seconds(20));
    spool->maintain();
  }
}

}  // namespace
}  // namespace logs_sdk::inline v1
