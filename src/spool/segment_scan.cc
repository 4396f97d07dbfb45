#include "src/spool/segment_scan.h"

#include <algorithm>
#include <cstring>

#include "src/spool/mutants.h"

namespace logs_sdk::inline v1 {
namespace {

using Bytes = std::span<const std::byte>;

template <typename T>
std::optional<T> read_struct(Bytes bytes, std::size_t at) noexcept {
  if (at + sizeof(T) > bytes.size()) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::optional<SegmentHeader> read_header(Bytes bytes, const Uuid& instance, std::uint64_t number) {
  const auto header = read_struct<SegmentHeader>(bytes, 0);
  if (!header || header->magic != kSegmentMagic || header->version != kSegmentVersion) return std::nullopt;
  if (header->crc != header_crc(*header)) return std::nullopt;
  if (header->instance != instance || header->number != number) return std::nullopt;
  const std::uint32_t size = header->segment_bytes;
  if (size < kMinSegmentBytes || size > kMaxSegmentBytes || size % kSegmentAlignment != 0) return std::nullopt;
  if (header->records_begin != records_begin(size)) return std::nullopt;
  return header;
}

std::vector<SettleLine> read_lines(Bytes bytes, std::uint32_t segment_bytes, std::uint32_t seed) {
  std::vector<SettleLine> lines(settle_lines(segment_bytes));
  for (std::uint32_t index = 0; index < lines.size(); ++index) {
    const auto line = read_struct<SettleLine>(bytes, kSettleOffset + std::size_t{index} * kSlotBytes);
    const std::uint64_t tag = settle_tag(seed, index);
    if (line && line->tag == tag) lines[index] = *line;
    lines[index].tag = tag;
  }
  return lines;
}

Fate settled_fate(const std::vector<SettleLine>& lines, std::uint32_t offset) {
  const std::uint32_t slot = offset / kSlotBytes, place = slot % kFatesPerLine;
  if (slot / kFatesPerLine >= lines.size()) return Fate::kNone;
  const std::uint64_t word = lines[slot / kFatesPerLine].words[place / kFatesPerWord];
  return fate_of_bits(word >> (place % kFatesPerWord * 4));
}

// Walks over the slots. A valid header says how far to go; without one the next slot is tried, because with many
// writers killed at once there are good records behind a hole (docs/formats/spool.md).
class Walk {
 public:
  Walk(Bytes bytes, std::uint32_t seed, SegmentScan& found) : bytes_(bytes), seed_(seed), found_(found) {}

  void run(std::uint32_t offset) {
    while (offset + kSlotBytes <= bytes_.size()) {
      const auto record = view_record(bytes_.subspan(offset), offset, seed_);
      if (record) {
        note(*record, offset);
        offset += record_bytes(record->header.length);
      } else {
        if (mutant(Mutant::kReaderStopsAtHole)) return;
        if (ends_a_record(offset)) ++found_.missing;
        offset += kSlotBytes;
      }
    }
  }

 private:
  void note(const RecordView& record, std::uint32_t offset) {
    if (record.state == RecordState::kTorn) {
      ++found_.torn;
      return;
    }
    Fate fate = settled_fate(found_.lines, offset);
    if (fate == Fate::kNone && record.state == RecordState::kDamaged) fate = Fate::kDroppedDamaged;
    found_.records.push_back({offset, record.header.length, record.header.age_tenths, record.header.stream, fate});
  }

  // The commit word of a record whose header is gone.
  bool ends_a_record(std::uint32_t offset) const {
    const std::uint32_t end = offset + kSlotBytes;
    const auto word = read_struct<std::uint64_t>(bytes_, end - 8);
    return word && *word >> 32 == commit_tag(end, seed_);
  }

  Bytes bytes_;
  std::uint32_t seed_;
  SegmentScan& found_;
};

}  // namespace

SegmentScan scan_segment(Bytes bytes, const Uuid& instance, std::uint64_t number) {
  bytes = bytes.first(std::min<std::size_t>(bytes.size(), kMaxSegmentBytes));
  const std::uint32_t seed = segment_seed(instance, number);
  SegmentScan found;
  found.header = read_header(bytes, instance, number);
  found.segment_bytes = found.header ? found.header->segment_bytes : static_cast<std::uint32_t>(bytes.size());
  found.lines = read_lines(bytes, found.segment_bytes, seed);
  // Without a header the layout is unknown, and records say themselves where they stand.
  Walk(bytes, seed, found).run(found.header ? found.header->records_begin : kSettleOffset);

  // What the writers counted and the walk did not meet is lost: a page of zeros, a file cut short.
  const auto twin = read_struct<std::uint64_t>(bytes, kCommittedOffset);
  const std::uint32_t committed = twin ? twin_value(*twin).value_or(0) : 0;
  const std::uint64_t met = found.records.size() + found.missing;
  if (found.header && committed <= found.segment_bytes / kSlotBytes && committed > met) {
    found.missing += committed - met;
  }
  return found;
}

}  // namespace logs_sdk::inline v1
