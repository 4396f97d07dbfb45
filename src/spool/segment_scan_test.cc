#include "src/spool/segment_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "src/base/crc32c.h"
#include "testing/damage.h"
#include "testing/seeded_random.h"

namespace logs_sdk::inline v1 {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint64_t kNumber = 7;
constexpr std::uint32_t kBytes = kMinSegmentBytes;

const Uuid kInstance = *Uuid::parse("000102030405060708090a0b0c0d0e0f");

// Writes a segment byte by byte as docs/formats/spool.md says, without the code that the library writes with.
class SegmentText {
 public:
  explicit SegmentText(std::uint64_t number = kNumber) : seed_(segment_seed(kInstance, number)), bytes_(kBytes, '\0') {
    SegmentHeader header;
    header.segment_bytes = kBytes;
    header.instance = kInstance;
    header.number = number;
    header.records_begin = records_begin(kBytes);
    header.crc = header_crc(header);
    put(0, header);
    for (std::uint32_t line = 0; line < settle_lines(kBytes); ++line) {
      put(kSettleOffset + line * kSlotBytes, settle_tag(seed_, line));
    }
  }

  // Offset of the record.
  std::uint32_t add(std::string_view payload) {
    const std::uint32_t offset = end_, total = record_bytes(static_cast<std::uint32_t>(payload.size()));
    const RecordWords words = encode_record_header({static_cast<std::uint32_t>(payload.size()), 5, 1}, offset, seed_);
    put(offset, words);
    bytes_.replace(offset + kRecordHeaderBytes, payload.size(), payload);
    const std::uint32_t crc = crc32c(payload.data(), payload.size(), checksum_of(words));
    put(offset + total - 8, commit_word(crc, commit_tag(offset + total, seed_)));
    end_ += total;
    ++committed_;
    put(kCommittedOffset, committed_ * kTwinOne);
    return offset;
  }
  void tear_last(std::uint32_t offset, std::size_t payload_bytes) {
    const std::uint32_t total = record_bytes(static_cast<std::uint32_t>(payload_bytes));
    put(offset + total - 8, std::uint64_t{0});
    put(kCommittedOffset, --committed_ * kTwinOne);
  }
  void settle(std::uint32_t offset, Fate fate) {
    const std::uint32_t slot = offset / kSlotBytes, place = slot % kFatesPerLine;
    const std::size_t at = kSettleOffset + slot / kFatesPerLine * kSlotBytes + 8 + place / kFatesPerWord * 8;
    std::uint64_t word = 0;
    std::memcpy(&word, bytes_.data() + at, sizeof word);
    put(at, word | static_cast<std::uint64_t>(fate) << (place % kFatesPerWord * 4));
  }
  const std::string& bytes() const { return bytes_; }
  std::uint32_t end() const { return end_; }

 private:
  template <typename T>
  void put(std::size_t at, const T& value) {
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }

  std::uint32_t seed_;
  std::string bytes_;
  std::uint32_t end_ = records_begin(kBytes);
  std::uint32_t committed_ = 0;
};

SegmentScan scan(std::string_view bytes, std::uint64_t number = kNumber) {
  return scan_segment(std::as_bytes(std::span(bytes.data(), bytes.size())), kInstance, number);
}

// What a scan ships: the payloads of unsettled records.
std::vector<std::string> shipped(std::string_view bytes) {
  std::vector<std::string> payloads;
  for (const ScannedRecord& record : scan(bytes).records) {
    if (record.fate != Fate::kNone) continue;
    payloads.emplace_back(bytes.substr(record.offset + kRecordHeaderBytes, record.length));
  }
  return payloads;
}

std::uint64_t damaged(const SegmentScan& found) {
  std::uint64_t count = found.missing;
  for (const ScannedRecord& record : found.records) count += record.fate == Fate::kDroppedDamaged;
  return count;
}

const std::vector<std::string> kPayloads = {"alpha", std::string(100, 'b'), "", std::string(64, 'd'), "epsilon"};

SegmentText sample() {
  SegmentText text;
  for (const std::string& payload : kPayloads) text.add(payload);
  return text;
}

// The heart of all damage tests: nothing is shipped that was not appended, and nothing is missing without being
// counted.
void expect_intact_or_counted(const std::string& bytes, const std::string& what) {
  const SegmentScan found = scan(bytes);
  const std::vector<std::string> payloads = shipped(bytes);
  std::size_t next = 0;
  for (const std::string& payload : payloads) {
    while (next < kPayloads.size() && kPayloads[next] != payload) ++next;
    ASSERT_LT(next, kPayloads.size()) << what << ": shipped bytes that were never appended, or twice";
    ++next;
  }
  ASSERT_GE(payloads.size() + damaged(found), kPayloads.size()) << what << ": lost without a trace";
}

TEST(SegmentScanTest, intact_records_are_all_found) {
  const SegmentText text = sample();
  EXPECT_EQ(shipped(text.bytes()), kPayloads);
  EXPECT_EQ(damaged(scan(text.bytes())), 0u);
}

TEST(SegmentScanTest, the_first_bytes_of_a_segment_are_what_the_format_says) {
  SegmentText text;
  text.add("hello");
  EXPECT_EQ(text.bytes().substr(0, 12), std::string("LOGSSEG1\x01\x00\x50\x00", 12));
  EXPECT_EQ(crc32c(text.bytes().data(), text.bytes().size()), 0xDD341CE0u)
      << "a format that changes gets a new version";
}

TEST(SegmentScanTest, a_hole_and_a_torn_record_hide_nothing_behind_them) {
  SegmentText text;
  const std::uint32_t hole = text.add("never written");
  text.add("first");
  const std::uint32_t torn = text.add("torn");
  text.tear_last(torn, 4);
  text.add("last");
  std::string bytes = damage::zero(text.bytes(), hole, kSlotBytes);
  const std::uint64_t committed = 2 * kTwinOne;  // of which the hole's is none
  std::memcpy(bytes.data() + kCommittedOffset, &committed, sizeof committed);
  EXPECT_THAT(shipped(bytes), ElementsAre("first", "last"));
  EXPECT_EQ(scan(bytes).torn, 1u);
  EXPECT_EQ(damaged(scan(bytes)), 0u) << "what was never committed is not lost";
}

TEST(SegmentScanTest, a_file_cut_at_any_length_yields_intact_records_or_a_counted_loss) {
  const SegmentText text = sample();
  for (std::size_t length = kSettleOffset; length <= text.end(); ++length) {
    expect_intact_or_counted(damage::cut(text.bytes(), length), "cut at " + std::to_string(length));
  }
}

TEST(SegmentScanTest, any_flipped_byte_yields_intact_records_or_a_counted_loss) {
  const std::string bytes = sample().bytes().substr(0, sample().end());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const unsigned char mask : std::initializer_list<unsigned char>{0x01, 0x80, 0xFF}) {
      expect_intact_or_counted(damage::flip(bytes, at, mask), "flipped at " + std::to_string(at));
    }
  }
}

TEST(SegmentScanTest, a_page_of_zeros_is_a_counted_loss) {
  SegmentText text;
  for (int i = 0; i < 300; ++i) text.add("record " + std::to_string(i));
  const std::string bytes = damage::zero(text.bytes(), records_begin(kBytes) + 4096, 4096);
  EXPECT_EQ(scan(bytes).records.size(), 300u - 64);
  EXPECT_EQ(damaged(scan(bytes)), 64u);
}

TEST(SegmentScanTest, records_that_were_copied_or_swapped_are_not_where_they_say) {
  SegmentText text;
  const std::uint32_t first = text.add("one"), second = text.add("two"), third = text.add("three");
  const std::string copied = damage::overwrite(text.bytes(), first, third, kSlotBytes);
  EXPECT_THAT(shipped(copied), ElementsAre("one", "two"));
  EXPECT_EQ(damaged(scan(copied)), 1u);
  const std::string swapped = damage::swap(text.bytes(), first, second, kSlotBytes);
  EXPECT_THAT(shipped(swapped), ElementsAre("three"));
  EXPECT_EQ(damaged(scan(swapped)), 2u);
}

TEST(SegmentScanTest, what_an_earlier_segment_left_in_a_recycled_file_verifies_no_more) {
  const SegmentText old = sample();
  EXPECT_THAT(scan(old.bytes(), kNumber + 1).records, IsEmpty());
  EXPECT_EQ(damaged(scan(old.bytes(), kNumber + 1)), 0u);
}

TEST(SegmentScanTest, fates_of_an_earlier_segment_settle_nothing) {
  SegmentText old(kNumber - 1);
  old.settle(old.add("old"), Fate::kDelivered);
  SegmentText text;
  text.add("new");
  std::string bytes = text.bytes();
  const std::size_t lines = settle_lines(kBytes) * kSlotBytes;
  bytes.replace(kSettleOffset, lines, old.bytes(), kSettleOffset, lines);
  EXPECT_THAT(shipped(bytes), ElementsAre("new"));
}

TEST(SegmentScanTest, a_settled_record_is_not_shipped_and_keeps_its_fate_when_its_bytes_rot) {
  SegmentText text;
  const std::uint32_t offset = text.add("done");
  text.add("open");
  text.settle(offset, Fate::kDuplicate);
  EXPECT_THAT(shipped(text.bytes()), ElementsAre("open"));
  const std::string rotten = damage::flip(text.bytes(), offset + kRecordHeaderBytes, 1);
  EXPECT_EQ(scan(rotten).records[0].fate, Fate::kDuplicate);
}

TEST(SegmentScanTest, one_flipped_bit_of_a_fate_sends_the_record_again) {
  for (const Fate fate : {Fate::kDelivered, Fate::kDuplicate, Fate::kRejected, Fate::kDroppedAge, Fate::kDroppedDamaged,
                          Fate::kDroppedInternal}) {
    for (int bit = 0; bit < 4; ++bit) EXPECT_EQ(fate_of_bits(static_cast<unsigned>(fate) ^ (1u << bit)), Fate::kNone);
  }
}

TEST(SegmentScanTest, a_segment_without_a_header_still_gives_its_records) {
  const std::string bytes = damage::zero(sample().bytes(), 0, sizeof(SegmentHeader));
  EXPECT_FALSE(scan(bytes).header);
  EXPECT_EQ(shipped(bytes), kPayloads);
}

TEST(SegmentScanTest, garbage_gives_nothing_and_harms_nothing) {
  SeededRandom random;
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{1}, std::size_t{191}, std::size_t{5000}, std::size_t{3} << 20}) {
    EXPECT_THAT(scan(damage::garbage(random, length)).records, IsEmpty());
  }
  const std::string around = sample().bytes() + damage::garbage(random, 5000) + sample().bytes();
  EXPECT_EQ(shipped(around), kPayloads) << "a concatenated copy stands where it does not say";
}

TEST(SegmentScanTest, names_of_segments_are_read_back_and_others_are_not) {
  EXPECT_EQ(segment_name(255), "seg-00000000000000ff");
  EXPECT_EQ(segment_number("seg-00000000000000ff"), 255u);
  for (const char* name : {"seg-00000000000000FF", "seg-ff", "seg-00000000000000fg", "sag-00000000000000ff", ""}) {
    EXPECT_FALSE(segment_number(name)) << name;
  }
}

}  // namespace
}  // namespace logs_sdk::inline v1
