#include "src/spool/spool.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <thread>

#include "src/spool/segment_format.h"
#include "testing/damage.h"
#include "testing/file_bytes.h"
#include "testing/manual_clock.h"
#include "testing/seeded_random.h"
#include "testing/temporary_folder.h"

namespace logs_sdk::inline v1 {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

enum class Mode { kMapped, kWritten };

class SpoolTest : public ::testing::TestWithParam<Mode> {
 protected:
  SpoolOptions options() {
    SpoolOptions options;
    options.project_dir = folder_.path();
    options.map_segments = GetParam() == Mode::kMapped;
    options.on_event = [this](std::string_view kind, std::string_view) { events_.emplace_back(kind); };
    return options;
  }
  std::unique_ptr<Spool> open() { return Spool::open(options(), clock_, random_); }
  std::unique_ptr<Spool> open(const SpoolOptions& chosen) { return Spool::open(chosen, clock_, random_); }

  static std::vector<std::string> payloads(const std::vector<Record>& records) {
    std::vector<std::string> texts;
    for (const Record& record : records) texts.emplace_back(record.payload);
    return texts;
  }
  static std::vector<RecordId> ids(const std::vector<Record>& records) {
    std::vector<RecordId> found;
    for (const Record& record : records) found.push_back(record.id);
    return found;
  }
  // Everything unsettled, with its place; nothing is settled.
  static std::vector<std::string> read_all(RecordSource& source) {
    std::vector<std::string> texts;
    source.rewind();
    for (auto records = source.read({}); !records.empty(); records = source.read({})) {
      for (const std::string& text : payloads(records)) texts.push_back(text);
    }
    return texts;
  }
  static void settle_all(RecordSource& source, Verdict verdict) {
    source.rewind();
    for (auto records = source.read({}); !records.empty(); records = source.read({})) {
      source.settle(ids(records), verdict);
    }
  }
  std::size_t segment_files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      if (segment_number(entry.path().filename().string())) ++count;
    }
    return count;
  }

  TemporaryFolder folder_;
  ManualClock clock_;
  SeededRandom random_;
  std::vector<std::string> events_;
};

INSTANTIATE_TEST_SUITE_P(Modes, SpoolTest, ::testing::Values(Mode::kMapped, Mode::kWritten),
                         [](const auto& mode) { return mode.param == Mode::kMapped ? "mapped" : "written"; });

TEST_P(SpoolTest, what_is_appended_is_read_once_until_rewound) {
  const auto spool = open();
  EXPECT_EQ(spool->append(1, "first"), Appended::kSpooled);
  EXPECT_EQ(spool->append(1, "second"), Appended::kSpooled);
  EXPECT_THAT(payloads(spool->read({})), ElementsAre("first", "second"));
  EXPECT_THAT(spool->read({}), IsEmpty());
  spool->rewind();
  EXPECT_THAT(payloads(spool->read({})), ElementsAre("first", "second"));
}

TEST_P(SpoolTest, a_batch_holds_one_stream) {
  const auto spool = open();
  spool->append(1, "a");
  spool->append(2, "b");
  spool->append(1, "c");
  const auto first = spool->read({});
  EXPECT_THAT(payloads(first), ElementsAre("a", "c"));
  EXPECT_EQ(first[0].stream, 1);
  EXPECT_THAT(payloads(spool->read({})), ElementsAre("b"));
}

TEST_P(SpoolTest, a_batch_keeps_its_limits_but_a_large_record_comes_alone) {
  const auto spool = open();
  for (int i = 0; i < 5; ++i) spool->append(1, std::string(100, 'x'));
  EXPECT_THAT(spool->read({.max_records = 2}), SizeIs(2));
  EXPECT_THAT(spool->read({.max_bytes = 250}), SizeIs(2));
  EXPECT_THAT(spool->read({.max_bytes = 10}), SizeIs(1));
}

TEST_P(SpoolTest, a_batch_holds_only_streams_that_are_asked_for) {
  const auto spool = open();
  spool->append(1, "a");
  spool->append(2, "b");
  EXPECT_THAT(spool->read({.streams = StreamSet().set(7)}), IsEmpty());
  EXPECT_THAT(payloads(spool->read({.streams = StreamSet().set(2)})), ElementsAre("b"));
  EXPECT_THAT(payloads(spool->read({})), ElementsAre("a")) << "what was passed over has not been given";
}

TEST_P(SpoolTest, the_newest_can_be_read_before_the_rest_and_nothing_is_given_twice) {
  SpoolOptions small = options();
  small.max_bytes = 2 << 20;
  const auto spool = open(small);
  std::vector<std::string> appended;
  for (int i = 0; i < 1000; ++i) {
    appended.push_back("record " + std::to_string(i) + std::string(500, '.'));
    EXPECT_EQ(spool->append(1, appended.back()), Appended::kSpooled);
    spool->maintain();
  }
  EXPECT_GT(segment_files(), 2U) << "the newest stand in another segment than the oldest";
  std::vector<std::string> given = payloads(spool->read({.max_records = 3, .newest = true}));
  EXPECT_EQ(given, std::vector<std::string>(appended.end() - 3, appended.end()));
  for (bool newest = false;; newest = !newest) {
    const auto more = payloads(spool->read({.max_records = 100, .newest = newest}));
    if (more.empty()) break;
    given.insert(given.end(), more.begin(), more.end());
  }
  EXPECT_THAT(given, ::testing::UnorderedElementsAreArray(appended));
}

TEST_P(SpoolTest, what_stands_in_memory_counts_as_newest) {
  SpoolOptions elsewhere = options();
  elsewhere.project_dir = folder_.file("later");
  const auto spool = open(elsewhere);
  EXPECT_EQ(spool->append(1, "in memory"), Appended::kInMemory);
  fs::create_directory(elsewhere.project_dir);
  clock_.advance(seconds(10));
  spool->maintain();
  EXPECT_EQ(spool->append(1, "in a file"), Appended::kSpooled);
  EXPECT_THAT(payloads(spool->read({.newest = true})), ElementsAre("in memory"));
  EXPECT_THAT(payloads(spool->read({.newest = true})), ElementsAre("in a file"));
}

TEST_P(SpoolTest, each_record_ends_once_and_the_ledger_adds_up) {
  const auto spool = open();
  for (int i = 0; i < 5; ++i) spool->append(1, std::to_string(i));
  const auto records = spool->read({});
  const auto id = ids(records);
  spool->settle(std::span(id).subspan(0, 1), Verdict::kDelivered);
  spool->settle(std::span(id).subspan(0, 2), Verdict::kDuplicate);  // the first keeps its verdict
  spool->settle(std::span(id).subspan(2, 1), Verdict::kRejected);
  spool->settle(std::span(id).subspan(3, 1), Verdict::kDropped);
  const LedgerTotals totals = spool->spooled();
  EXPECT_EQ(totals.captured, 5u);
  EXPECT_EQ(totals.delivered, 1u);
  EXPECT_EQ(totals.duplicate, 1u);
  EXPECT_EQ(totals.rejected, 1u);
  EXPECT_EQ(totals.dropped[static_cast<std::size_t>(DropReason::kInternal)], 1u);
  EXPECT_EQ(totals.pending(), 1u);
  EXPECT_THAT(read_all(*spool), ElementsAre("4"));
}

TEST_P(SpoolTest, full_segments_rotate_and_settled_ones_are_used_again) {
  SpoolOptions small = options();
  small.max_bytes = 1 << 20;
  const auto spool = open(small);
  const std::string payload(10'000, 'p');
  std::uint64_t appended = 0;
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 20; ++i) appended += spool->append(1, payload) == Appended::kSpooled;
    settle_all(*spool, Verdict::kDelivered);
    spool->maintain();
  }
  EXPECT_EQ(appended, 800u);
  EXPECT_EQ(spool->spooled().captured, 800u);
  EXPECT_EQ(spool->spooled().delivered, 800u);
  EXPECT_LE(segment_files(), 4u);
}

TEST_P(SpoolTest, what_read_gave_stays_as_it_is_until_released_although_settled_and_its_segment_wanted) {
  SpoolOptions small = options();
  small.max_bytes = 1 << 20;
  const auto spool = open(small);
  const std::string payload(60'000, 'p'), later(60'000, 'l');
  for (int i = 0; i < 4; ++i) ASSERT_EQ(spool->append(1, payload), Appended::kSpooled);
  const auto records = spool->read({});
  spool->settle(ids(records), Verdict::kDelivered);
  for (int i = 0; i < 40; ++i) {
    spool->append(1, later);
    spool->maintain();
  }
  for (const Record& record : records) EXPECT_EQ(record.payload, payload);
  const LedgerTotals lending = spool->spooled();
  EXPECT_EQ(lending.delivered, 4u);
  spool->release();
  spool->maintain();
  settle_all(*spool, Verdict::kDelivered);
  spool->maintain();
  EXPECT_EQ(spool->append(1, payload), Appended::kSpooled);
  EXPECT_LE(segment_files(), 4u);
}

TEST_P(SpoolTest, many_threads_lose_nothing_and_mix_nothing) {
  constexpr int kThreads = 4, kEach = 2000;
  const auto spool = open();
  std::atomic<bool> done{false};
  std::thread keeper([&] {
    while (!done.load()) spool->maintain();
  });
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEach; ++i) {
        const std::string text = std::to_string(thread) + ":" + std::to_string(i) + ":";
        spool->append(1, text + std::string(static_cast<std::size_t>(i % 3000), static_cast<char>('a' + thread)));
      }
    });
  }
  std::set<std::string> seen;
  std::map<char, std::size_t> wrong;
  const auto take = [&] {
    for (auto records = spool->read({}); !records.empty(); records = spool->read({})) {
      for (const Record& record : records) {
        const std::string text(record.payload);
        const std::size_t colon = text.rfind(':');
        const auto expected = static_cast<char>('a' + (text[0] - '0'));
        if (std::any_of(text.begin() + static_cast<std::ptrdiff_t>(colon) + 1, text.end(),
                        [&](char c) { return c != expected; })) {
          ++wrong[text[0]];
        }
        EXPECT_TRUE(seen.insert(text.substr(0, colon)).second) << text.substr(0, colon);
      }
      spool->settle(ids(records), Verdict::kDelivered);
    }
  };
  for (auto& thread : threads) {
    take();
    thread.join();
  }
  done = true;
  keeper.join();
  take();
  const std::uint64_t lost = spool->in_memory().dropped_total() + spool->spooled().dropped_total();
  EXPECT_EQ(seen.size() + lost, static_cast<std::size_t>(kThreads * kEach));
  EXPECT_THAT(wrong, IsEmpty());
  EXPECT_EQ(spool->spooled().pending() + spool->in_memory().pending(), 0u);
}

TEST_P(SpoolTest, a_record_over_a_quarter_of_a_segment_is_dropped_and_counted) {
  const auto spool = open();
  EXPECT_EQ(spool->append(1, std::string(spool->max_record_bytes(), 'x')), Appended::kSpooled);
  EXPECT_EQ(spool->append(1, std::string(spool->max_record_bytes() + 1, 'x')), Appended::kDropped);
  EXPECT_EQ(spool->spooled().dropped[static_cast<std::size_t>(DropReason::kOversize)], 1u);
  EXPECT_EQ(spool->spooled().pending(), 1u);
}

TEST_P(SpoolTest, a_spool_that_closes_with_nothing_pending_leaves_nothing) {
  auto spool = open();
  spool->append(1, "x");
  settle_all(*spool, Verdict::kDelivered);
  spool.reset();
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_P(SpoolTest, what_a_closed_spool_left_is_found_with_its_ledger_and_removed_when_settled) {
  auto spool = open();
  const std::string instance = spool->instance();
  spool->append(1, "a");
  spool->append(1, "b");
  const auto first = spool->read({.max_records = 1});
  spool->settle(ids(first), Verdict::kDelivered);
  EXPECT_THAT(find_orphans(folder_.path(), 8, clock_), IsEmpty()) << "it lives";
  spool.reset();
  {
    const auto orphans = find_orphans(folder_.path(), 8, clock_);
    ASSERT_THAT(orphans, SizeIs(1));
    EXPECT_EQ(orphans[0]->instance(), instance);
    EXPECT_EQ(orphans[0]->spooled().captured, 2u);
    EXPECT_EQ(orphans[0]->spooled().delivered, 1u);
    EXPECT_THAT(payloads(orphans[0]->read({})), ElementsAre("b"));
    EXPECT_THAT(find_orphans(folder_.path(), 8, clock_), IsEmpty()) << "it has been taken";
    settle_all(*orphans[0], Verdict::kDuplicate);
    EXPECT_EQ(orphans[0]->spooled().duplicate, 1u);
    EXPECT_EQ(orphans[0]->spooled().pending(), 0u);
  }
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_P(SpoolTest, without_a_folder_records_go_to_memory_and_the_files_come_back) {
  SpoolOptions missing = options();
  missing.project_dir = folder_.path() + "/later";
  missing.memory_records = 2;
  const auto spool = open(missing);
  EXPECT_EQ(spool->append(1, "a"), Appended::kInMemory);
  EXPECT_EQ(spool->append(1, "b"), Appended::kInMemory);
  EXPECT_EQ(spool->append(1, "c"), Appended::kDropped);
  spool->maintain();
  spool->maintain();
  EXPECT_THAT(events_, ElementsAre("spool_unavailable", "spool_memory"));
  EXPECT_EQ(spool->in_memory().captured, 3u);
  EXPECT_EQ(spool->in_memory().pending(), 2u);
  fs::create_directory(missing.project_dir);
  clock_.advance(seconds(10));
  spool->maintain();
  EXPECT_EQ(spool->append(1, "d"), Appended::kSpooled);
  EXPECT_THAT(read_all(*spool), UnorderedElementsAre("a", "b", "d"));
  settle_all(*spool, Verdict::kDelivered);
  EXPECT_EQ(spool->in_memory().delivered, 2u);
  EXPECT_EQ(spool->spooled().delivered, 1u);
}

TEST_P(SpoolTest, a_project_folder_that_can_be_had_later_and_elsewhere_ends_the_time_in_memory) {
  SpoolOptions chosen = options();
  chosen.project_dir.clear();
  bool allowed = false;
  chosen.find_project_dir = [&]() -> Result<ProjectFolder> {
    if (!allowed) return Status(Code::kConfiguration, "not allowed yet");
    fs::create_directory(folder_.file("elsewhere"));
    return ProjectFolder{.path = folder_.file("elsewhere"), .notice = "it lies elsewhere"};
  };
  const auto spool = open(chosen);
  EXPECT_EQ(spool->append(1, "first"), Appended::kInMemory);
  allowed = true;
  clock_.advance(seconds(10));
  spool->maintain();
  EXPECT_EQ(spool->append(1, "second"), Appended::kSpooled);
  EXPECT_THAT(events_, ElementsAre("spool_unavailable", "folder", "spool_memory"));
}

TEST_P(SpoolTest, orphans_of_former_project_folders_are_adopted_after_those_of_the_one_in_use) {
  const auto leave_one = [&](const std::string& project_dir, const std::string& payload) {
    fs::create_directory(project_dir);
    SpoolOptions dead = options();
    dead.project_dir = project_dir;
    EXPECT_EQ(open(dead)->append(1, payload), Appended::kSpooled);
  };
  leave_one(folder_.file("former"), "former");
  leave_one(folder_.file("now"), "now");
  SpoolOptions chosen = options();
  chosen.project_dir = folder_.file("now");
  chosen.former_project_dirs = [&](const std::string& in_use) {
    EXPECT_EQ(in_use, folder_.file("now"));
    std::vector<FileDescriptor> former;
    former.push_back(open_directory(AT_FDCWD, folder_.file("former")).value());
    return former;
  };
  const auto spool = open(chosen);
  EXPECT_THAT(spool->adopt_orphans(1), SizeIs(1));
  const auto orphans = spool->adopt_orphans(8);
  ASSERT_THAT(orphans, SizeIs(2));
  EXPECT_THAT(read_all(*orphans[0]), ElementsAre("now"));
  EXPECT_THAT(read_all(*orphans[1]), ElementsAre("former"));
}

TEST_P(SpoolTest, a_record_that_finds_no_prepared_segment_goes_to_memory_and_the_next_to_files_again) {
  SpoolOptions small = options();
  small.max_bytes = 1 << 20;
  const auto spool = open(small);
  const std::string payload(60'000, 'p');
  int spooled = 0;
  while (spool->append(1, payload) == Appended::kSpooled) ++spooled;
  EXPECT_EQ(spooled, 8) << "two segments of 256 KiB, four records each";
  spool->maintain();
  EXPECT_EQ(spool->append(1, payload), Appended::kSpooled);
  EXPECT_EQ(spool->in_memory().captured, 1u);
  EXPECT_EQ(spool->spooled().captured, 9u);
  clock_.advance(seconds(10));
  spool->maintain();
  EXPECT_THAT(events_, ElementsAre("spool_memory", "spool_back"));
}

TEST_P(SpoolTest, at_the_cap_the_oldest_segments_make_room_and_every_entry_of_theirs_is_counted) {
  SpoolOptions small = options();
  small.max_bytes = 2 << 20;
  const auto spool = open(small);
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(spool->append(1, std::to_string(i) + ":" + std::string(50'000, 'x')), Appended::kSpooled);
    spool->maintain();
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      if (segment_number(entry.path().filename().string())) bytes += entry.file_size();
    }
    ASSERT_LE(bytes, small.max_bytes);
  }
  const LedgerTotals totals = spool->spooled();
  EXPECT_EQ(totals.captured, 200u);
  EXPECT_GT(totals.dropped[static_cast<std::size_t>(DropReason::kCap)], 0u);
  EXPECT_EQ(totals.dropped_total(), totals.dropped[static_cast<std::size_t>(DropReason::kCap)]);
  const std::vector<std::string> left = read_all(*spool);
  EXPECT_EQ(left.size(), totals.pending());
  ASSERT_FALSE(left.empty());
  EXPECT_EQ(left.back().substr(0, 4), "199:") << "the newest are kept";
  EXPECT_THAT(events_, ElementsAre("spool_cap"));
}

TEST_P(SpoolTest, two_processes_share_the_cap) {
  SpoolOptions small = options();
  small.max_bytes = 2 << 20;
  const auto first = open(small), second = open(small);
  for (int i = 0; i < 100; ++i) {
    for (Spool* spool : {first.get(), second.get()}) {
      spool->append(1, std::string(50'000, 'x'));
      clock_.advance(seconds(1));
      spool->maintain();
    }
  }
  EXPECT_LE(segment_files() * (2 << 20) / 4 / 2, small.max_bytes);
  EXPECT_EQ(first->spooled().captured + second->spooled().captured, 200u);
}

TEST_P(SpoolTest, an_orphan_makes_room_before_what_is_being_captured) {
  SpoolOptions small = options();
  small.max_bytes = 2 << 20;
  {
    const auto dead = open(small);
    for (int i = 0; i < 30; ++i) {
      dead->append(1, std::string(50'000, 'o'));
      dead->maintain();
    }
  }
  const std::size_t before = segment_files();
  clock_.step_wall(hours(24 * 365));  // its files were changed now, by the machine's clock
  const auto spool = open(small);
  for (int i = 0; i < 12; ++i) {
    ASSERT_EQ(spool->append(1, std::string(50'000, 'n')), Appended::kSpooled);
    clock_.advance(seconds(1));
    spool->maintain();
  }
  EXPECT_EQ(spool->spooled().dropped_total(), 0u);
  const auto orphans = find_orphans(folder_.path(), 8, clock_);
  ASSERT_THAT(orphans, SizeIs(1));
  EXPECT_GT(orphans[0]->spooled().dropped[static_cast<std::size_t>(DropReason::kCap)], 0u);
  EXPECT_EQ(orphans[0]->spooled().captured, 30u);
  EXPECT_GT(before, 0u);
}

TEST_P(SpoolTest, old_records_are_dropped_by_age_and_a_clock_that_jumps_drops_none) {
  SpoolOptions aging = options();
  aging.max_age = seconds(3600);
  const auto spool = open(aging);
  spool->append(1, "old");
  clock_.step_wall(hours(24 * 365 * 10));
  clock_.advance(seconds(60));
  spool->maintain();
  EXPECT_THAT(read_all(*spool), ElementsAre("old"));
  clock_.advance(hours(1));
  spool->append(1, "stamped with the last tick");
  spool->maintain();
  clock_.advance(seconds(60));
  spool->append(1, "new");
  spool->maintain();
  EXPECT_EQ(spool->spooled().dropped[static_cast<std::size_t>(DropReason::kAge)], 2u);
  EXPECT_THAT(read_all(*spool), ElementsAre("new"));
}

TEST_P(SpoolTest, what_a_dead_process_left_grows_old_as_well) {
  SpoolOptions aging = options();
  aging.max_age = seconds(3600);
  { open(aging)->append(1, "left behind"); }
  clock_.step_wall(hours(24 * 365 * 2));  // its files were changed now, by the machine's clock
  const auto spool = open(aging);
  spool->maintain();
  EXPECT_THAT(find_orphans(folder_.path(), 8, clock_), SizeIs(1)) << "by the steady clock it is young";
  clock_.advance(hours(2));
  spool->maintain();
  EXPECT_THAT(find_orphans(folder_.path(), 8, clock_), IsEmpty());
}

TEST_P(SpoolTest, in_a_forked_child_everything_is_refused_and_the_parent_notices_nothing) {
  const auto spool = open();
  spool->append(1, "parent");
  for (const bool handler : {true, false}) {
    const pid_t child = fork();
    if (child == 0) {
      if (handler) spool->abandon_after_fork();
      bool right = spool->append(1, "child") == Appended::kDropped && spool->read({}).empty();
      right = right && spool->in_memory().dropped[static_cast<std::size_t>(DropReason::kForked)] == 1;
      right = right && spool->spooled().captured == 0;
      spool->maintain();
      _exit(right ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "handler " << handler;
  }
  EXPECT_THAT(find_orphans(folder_.path(), 8, clock_), IsEmpty()) << "the lock is still the parent's";
  EXPECT_EQ(spool->append(1, "still here"), Appended::kSpooled);
  EXPECT_THAT(read_all(*spool), ElementsAre("parent", "still here"));
}

TEST_P(SpoolTest, whatever_stands_in_a_dead_directory_is_shipped_or_counted_and_removed) {
  for (const std::string damage : {"cut ledger", "garbage ledger", "cut segment", "garbage segment", "strange files"}) {
    std::string instance;
    {
      const auto dead = open();
      instance = dead->instance();
      for (int i = 0; i < 20; ++i) dead->append(1, std::string(1000, 'x'));
    }
    const std::string directory = folder_.path() + "/" + instance + "/";
    const std::string segment = directory + segment_name(1);
    ASSERT_TRUE(fs::exists(segment));
    if (damage == "cut ledger") fs::resize_file(directory + "ledger", 100);
    if (damage == "garbage ledger") replace_file(directory + "ledger", damage::garbage(random_, 5000));
    if (damage == "cut segment") fs::resize_file(segment, 20'000);
    if (damage == "garbage segment") replace_file(segment, damage::garbage(random_, 3'000'000));
    if (damage == "strange files") {
      replace_file(directory + segment_name(77), "no segment");
      replace_file(directory + "seg-x", "");
      fs::create_symlink("/etc/passwd", directory + segment_name(78));
    }
    for (const auto& orphan : find_orphans(folder_.path(), 8, clock_)) {
      const std::vector<std::string> texts = read_all(*orphan);
      const LedgerTotals totals = orphan->spooled();
      EXPECT_EQ(texts.size(), totals.pending()) << damage;
      EXPECT_EQ(totals.captured, 20u) << damage;
      for (const std::string& text : texts) EXPECT_EQ(text, std::string(1000, 'x')) << damage;
      settle_all(*orphan, Verdict::kDelivered);
    }
    EXPECT_TRUE(fs::is_empty(folder_.path())) << damage;
    fs::remove_all(folder_.path() + "/" + instance);
  }
}

TEST_P(SpoolTest, a_full_disk_is_an_episode_in_memory_and_no_signal) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can mount a small file system";
  const TemporaryFolder disk;
  if (mount("none", disk.path().c_str(), "tmpfs", 0, "size=8m") != 0) GTEST_SKIP() << "not run: mount is not permitted";
  {
    SpoolOptions full = options();
    full.project_dir = disk.path();
    const std::string ballast = disk.file("ballast");
    replace_file(ballast, std::string(8'000'000, 'b'));
    const auto spool = open(full);
    EXPECT_EQ(spool->append(1, "in memory"), Appended::kInMemory);
    EXPECT_THAT(events_, ElementsAre("spool_unavailable"));
    fs::remove(ballast);
    clock_.advance(seconds(10));
    spool->maintain();
    EXPECT_EQ(spool->append(1, "in a file"), Appended::kSpooled) << "the files are back";
    settle_all(*spool, Verdict::kDelivered);
  }
  umount(disk.path().c_str());
}

}  // namespace
}  // namespace logs_sdk::inline v1
