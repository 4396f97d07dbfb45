// The bytes of a segment file: constants, checksums and the rule by which a record is valid (docs/formats/spool.md).
//
//     0        header (SegmentHeader, 80 bytes), zeros to 128
//     128      committed: number of committed records, twice (TwinCounter)
//     136      zeros to 192
//     192      settle lines of 64 bytes: { tag u64, 7 words of 16 fates of 4 bits }; one fate for each 64-byte slot of
//              the file, 112 to a line
//     begin    records, each on a 64-byte slot of its own, up to the end of the file
//
//     record   +0    header word   length u32 | header_crc u32                stored first, by release
//              +8    detail word   age_tenths u32 | stream u8 | zero u8[3]
//              +16   payload, then zeros
//              end-8 commit word   commit_crc u32 | commit_tag u32            stored last, by release; end is a
//              multiple of 64
//
// Little-endian. Every checksum is seeded with the instance and the number of the segment, and a number is never used
// twice in a directory: what an earlier life of a recycled file has left verifies in no later one.
#ifndef LOGS_SDK_SPOOL_SEGMENT_FORMAT_H_
#define LOGS_SDK_SPOOL_SEGMENT_FORMAT_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "src/base/uuid7.h"
#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

static_assert(std::endian::native == std::endian::little, "the formats of the spool are little-endian");

inline constexpr std::array<char, 8> kSegmentMagic = {'L', 'O', 'G', 'S', 'S', 'E', 'G', '1'};
inline constexpr std::uint16_t kSegmentVersion = 1;
inline constexpr std::uint32_t kMinSegmentBytes = 256 << 10;
inline constexpr std::uint32_t kMaxSegmentBytes = 1 << 20;
inline constexpr std::uint32_t kSegmentAlignment = 4096;
inline constexpr std::uint32_t kSlotBytes = 64;
inline constexpr std::uint32_t kRecordHeaderBytes = 16;
inline constexpr std::uint32_t kRecordOverheadBytes = kRecordHeaderBytes + 8;
inline constexpr std::uint32_t kCommittedOffset = 128;
inline constexpr std::uint32_t kSettleOffset = 192;
inline constexpr std::uint32_t kFatesPerWord = 16;
inline constexpr std::uint32_t kWordsPerLine = 7;
inline constexpr std::uint32_t kFatesPerLine = kFatesPerWord * kWordsPerLine;
// A record is at most a quarter of its segment, so that a segment's end wastes little.
inline constexpr std::uint32_t kMaxRecordShare = 4;

struct SegmentHeader {
  std::array<char, 8> magic = kSegmentMagic;
  std::uint16_t version = kSegmentVersion;
  std::uint16_t header_bytes = sizeof(SegmentHeader);
  std::uint32_t segment_bytes = 0;
  Uuid instance;
  std::uint64_t number = 0;
  Uuid boot_id;
  std::int64_t created_wall_us = 0;    // Unix time
  std::int64_t created_steady_us = 0;  // clock of the boot named above
  std::uint32_t records_begin = 0;
  std::uint32_t crc = 0;  // of the 76 bytes before
};
static_assert(sizeof(SegmentHeader) == 80);

struct SettleLine {
  std::uint64_t tag = 0;
  std::array<std::uint64_t, kWordsPerLine> words{};
};
static_assert(sizeof(SettleLine) == kSlotBytes);

// What became of a record, as 4 bits of even parity: one flipped bit is no fate, and such a record counts as unsettled.
enum class Fate : std::uint8_t {
  kNone = 0,
  kDelivered = 3,
  kDuplicate = 5,
  kRejected = 6,
  kDroppedAge = 9,
  kDroppedDamaged = 10,
  kDroppedInternal = 12,
};
Fate fate_of(Verdict verdict) noexcept;
Fate fate_of_bits(std::uint64_t bits) noexcept;
// Adds one record of that fate; kNone adds to nothing but captured.
void count(LedgerTotals& totals, Fate fate) noexcept;

// Two equal 32-bit counts in one word, so that one atomic add moves both and damage shows.
inline constexpr std::uint64_t kTwinOne = (std::uint64_t{1} << 32) | 1;
constexpr std::optional<std::uint32_t> twin_value(std::uint64_t twin) noexcept {
  const auto low = static_cast<std::uint32_t>(twin);
  return low == twin >> 32 ? std::optional(low) : std::nullopt;
}

constexpr std::uint32_t settle_lines(std::uint32_t segment_bytes) noexcept {
  return (segment_bytes / kSlotBytes + kFatesPerLine - 1) / kFatesPerLine;
}
constexpr std::uint32_t records_begin(std::uint32_t segment_bytes) noexcept {
  const std::uint32_t end = kSettleOffset + settle_lines(segment_bytes) * kSlotBytes;
  return (end + kSegmentAlignment - 1) / kSegmentAlignment * kSegmentAlignment;
}
// Bytes that a payload of that size takes in the file.
constexpr std::uint32_t record_bytes(std::uint32_t payload_bytes) noexcept {
  return (payload_bytes + kRecordOverheadBytes + kSlotBytes - 1) / kSlotBytes * kSlotBytes;
}
constexpr std::uint32_t max_payload_bytes(std::uint32_t segment_bytes) noexcept {
  return segment_bytes / kMaxRecordShare - kRecordOverheadBytes;
}
static_assert(records_begin(kMinSegmentBytes) == 4096 && records_begin(kMaxSegmentBytes) == 12288);
static_assert(record_bytes(0) == kSlotBytes && record_bytes(40) == kSlotBytes && record_bytes(41) == 2 * kSlotBytes);

// What every checksum of a segment starts from.
std::uint32_t segment_seed(const Uuid& instance, std::uint64_t number) noexcept;
std::uint64_t settle_tag(std::uint32_t seed, std::uint32_t line) noexcept;
std::uint32_t header_crc(const SegmentHeader& header) noexcept;

// "seg-" and 16 hex digits.
std::string segment_name(std::uint64_t number);
std::optional<std::uint64_t> segment_number(std::string_view name) noexcept;

struct RecordHeader {
  std::uint32_t length = 0;  // of the payload
  std::uint32_t age_tenths =
      0;  // tenths of a second between the segment's creation and the record's, on the steady clock
  Stream stream = 0;
};
// Both words of a record's header at `offset` of its file.
struct RecordWords {
  std::uint64_t header = 0;
  std::uint64_t detail = 0;
};
RecordWords encode_record_header(const RecordHeader& header, std::uint32_t offset, std::uint32_t seed) noexcept;
// Empty: these words are no header of that place in that segment.
std::optional<RecordHeader> decode_record_header(const RecordWords& words, std::uint32_t offset,
                                                 std::uint32_t seed) noexcept;
// The checksum that the commit word of a record carries goes on from the one in its header word over the payload.
constexpr std::uint32_t checksum_of(const RecordWords& words) noexcept {
  return static_cast<std::uint32_t>(words.header >> 32);
}
// `end`: offset of the first byte behind the record.
std::uint32_t commit_tag(std::uint32_t end, std::uint32_t seed) noexcept;
constexpr std::uint64_t commit_word(std::uint32_t crc, std::uint32_t tag) noexcept {
  return std::uint64_t{tag} << 32 | crc;
}

enum class RecordState {
  kIntact,
  kTorn,     // begun and never committed: its append did not return
  kDamaged,  // committed, and the bytes are no longer what they were
};
struct RecordView {
  RecordHeader header;
  std::string_view payload;
  RecordState state = RecordState::kTorn;
};
// The record that starts with `bytes`, which stand at `offset` of the file and may end before it does. Empty: no valid
// header. A record that goes on beyond `bytes` is kDamaged, without payload.
std::optional<RecordView> view_record(std::span<const std::byte> bytes, std::uint32_t offset,
                                      std::uint32_t seed) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_SEGMENT_FORMAT_H_
