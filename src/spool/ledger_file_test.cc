#include "src/spool/ledger_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "src/spool/segment_format.h"
#include "testing/damage.h"
#include "testing/file_bytes.h"
#include "testing/seeded_random.h"
#include "testing/temporary_folder.h"

namespace logs_sdk::inline v1 {
namespace {

const Uuid kInstance = *Uuid::parse("000102030405060708090a0b0c0d0e0f");

LedgerTotals delivered(std::uint64_t count) {
  LedgerTotals totals;
  totals.captured = totals.delivered = count;
  return totals;
}

class LedgerFileTest : public ::testing::Test {
 protected:
  LedgerFile open(bool map = true) { return LedgerFile::open(directory_.get(), kInstance, map).value(); }
  std::string path() const { return folder_.file(kLedgerName); }

  TemporaryFolder folder_;
  FileDescriptor directory_ = open_directory(AT_FDCWD, folder_.path()).value();
};

TEST_F(LedgerFileTest, totals_are_there_after_reopening) {
  {
    LedgerFile ledger = open();
    ASSERT_TRUE(ledger.fold(1, delivered(10)).ok());
    ASSERT_TRUE(ledger.fold(5, delivered(3)).ok());
    ledger.count_drop(DropReason::kOversize);
  }
  const LedgerFile ledger = open(false);
  EXPECT_EQ(ledger.totals().delivered, 13u);
  EXPECT_EQ(ledger.totals().captured, 14u);
  EXPECT_EQ(ledger.totals().dropped[static_cast<std::size_t>(DropReason::kOversize)], 1u);
  EXPECT_TRUE(ledger.folded(1));
  EXPECT_TRUE(ledger.folded(5));
  EXPECT_FALSE(ledger.folded(2));
}

TEST_F(LedgerFileTest, a_segment_folded_twice_counts_once) {
  LedgerFile ledger = open();
  ASSERT_TRUE(ledger.fold(1, delivered(10)).ok());
  ASSERT_TRUE(ledger.fold(1, delivered(10)).ok());
  LedgerFile again = open();
  ASSERT_TRUE(again.fold(1, delivered(10)).ok());
  EXPECT_EQ(again.totals().delivered, 10u);
}

TEST_F(LedgerFileTest, drops_without_a_mapping_are_there_once_written) {
  {
    LedgerFile ledger = open(false);
    ledger.count_drop(DropReason::kClosed);
    ASSERT_TRUE(ledger.write_drops().ok());
  }
  EXPECT_EQ(open(false).totals().dropped[static_cast<std::size_t>(DropReason::kClosed)], 1u);
}

// A fold that was interrupted at any byte is either there whole or not at all, and the one before is never lost.
TEST_F(LedgerFileTest, a_fold_that_was_torn_anywhere_has_not_happened) {
  std::string before, after;
  {
    LedgerFile ledger = open(false);
    ASSERT_TRUE(ledger.fold(1, delivered(10)).ok());
    before = file_bytes(path());
    ASSERT_TRUE(ledger.fold(2, delivered(5)).ok());
    after = file_bytes(path());
  }
  ASSERT_NE(before.substr(0, kLedgerSlotBytes), after.substr(0, kLedgerSlotBytes));
  for (std::size_t written = 0; written <= sizeof(LedgerSlot); ++written) {
    const std::string torn = after.substr(0, written) + before.substr(written);
    const LedgerSlot slot = parse_ledger(std::as_bytes(std::span(torn.data(), torn.size())), kInstance).slot;
    const bool whole = torn.substr(0, kLedgerSlotBytes) == after.substr(0, kLedgerSlotBytes);
    EXPECT_EQ(slot.delivered, whole ? 15u : 10u) << "torn at " << written;
  }
}

TEST_F(LedgerFileTest, one_damaged_slot_costs_at_most_the_last_fold) {
  {
    LedgerFile ledger = open(false);
    for (std::uint64_t segment = 1; segment <= 4; ++segment) ASSERT_TRUE(ledger.fold(segment, delivered(1)).ok());
  }
  const std::string bytes = file_bytes(path());
  for (std::size_t at = 0; at < 2 * kLedgerSlotBytes; ++at) {
    const std::string flipped = damage::flip(bytes, at, 0x10);
    const auto slot = parse_ledger(std::as_bytes(std::span(flipped.data(), flipped.size())), kInstance).slot;
    EXPECT_GE(slot.delivered, 3u) << at;
    EXPECT_LE(slot.delivered, 4u) << at;
  }
}

TEST_F(LedgerFileTest, any_bytes_are_a_ledger_that_counts_from_nothing) {
  SeededRandom random;
  for (const std::size_t length : std::initializer_list<std::size_t>{0, 1, 719, 720, 2048, 2100, 4096, 9000}) {
    const std::string bytes = damage::garbage(random, length);
    const LedgerContents contents = parse_ledger(std::as_bytes(std::span(bytes.data(), bytes.size())), kInstance);
    EXPECT_EQ(contents.slot.captured, 0u);
    EXPECT_EQ(contents.drops[0], 0u);
  }
}

TEST_F(LedgerFileTest, another_instances_ledger_is_not_ours) {
  { ASSERT_TRUE(open().fold(1, delivered(10)).ok()); }
  EXPECT_EQ(LedgerFile::open(directory_.get(), Uuid{}, false).value().totals().captured, 0u);
}

}  // namespace
}  // namespace logs_sdk::inline v1
