#include "src/spool/segment_book.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "src/base/file_system.h"
#include "src/spool/mutants.h"

namespace logs_sdk::inline v1 {

SegmentBook::SegmentBook(const SegmentHeader& header, std::uint32_t seed)
    : number_(header.number),
      seed_(seed),
      segment_bytes_(header.segment_bytes),
      lines_(settle_lines(header.segment_bytes)),
      header_(header) {
  for (std::uint32_t index = 0; index < lines_.size(); ++index) lines_[index].tag = settle_tag(seed_, index);
}

SegmentBook::SegmentBook(std::uint64_t number, std::uint32_t seed, SegmentScan scan)
    : number_(number),
      seed_(seed),
      segment_bytes_(scan.segment_bytes),
      complete_(true),
      lines_(std::move(scan.lines)),
      header_(scan.header) {
  entries_.reserve(scan.records.size());
  for (const ScannedRecord& record : scan.records) {
    entries_.push_back({record.offset, record.length, record.age_tenths, record.stream, record.fate, false});
    count(totals_, record.fate);
    if (record.fate == Fate::kNone) ++unsettled_;
  }
  ungiven_ = unsettled_;
  totals_.captured += scan.missing;
  totals_.dropped[static_cast<std::size_t>(DropReason::kDamaged)] += scan.missing;
}

void SegmentBook::add(std::uint32_t offset, const RecordHeader& header) {
  const auto behind = [&](const Entry& entry) { return entry.offset < offset; };
  const auto place = entries_.empty() || behind(entries_.back())
                         ? entries_.end()
                         : std::partition_point(entries_.begin(), entries_.end(), behind);
  entries_.insert(place, {offset, header.length, header.age_tenths, header.stream, Fate::kNone, false});
  ++unsettled_;
  ++ungiven_;
  ++totals_.captured;
}

SegmentBook::Entry* SegmentBook::find(std::uint32_t offset) noexcept {
  if (next_find_ >= entries_.size() || entries_[next_find_].offset != offset) {
    const auto place = std::lower_bound(entries_.begin(), entries_.end(), offset,
                                        [](const Entry& entry, std::uint32_t wanted) { return entry.offset < wanted; });
    if (place == entries_.end() || place->offset != offset) return nullptr;
    next_find_ = static_cast<std::size_t>(place - entries_.begin());
  }
  return &entries_[next_find_++];
}

void SegmentBook::keep(MappedFile mapping) noexcept {
  kept_ = std::move(mapping);
  bytes_ = {kept_.data(), kept_.size()};
}

MappedFile SegmentBook::take_mapping() noexcept {
  bytes_ = {};
  return std::move(kept_);
}

void SegmentBook::give(Entry& entry) noexcept {
  assert(!entry.given && entry.fate == Fate::kNone);
  entry.given = true;
  --ungiven_;
}

void SegmentBook::rewind() noexcept {
  if (ungiven_ == unsettled_) return;
  for (Entry& entry : entries_) entry.given = false;
  ungiven_ = unsettled_;
}

bool SegmentBook::settle(Entry& entry, Fate fate) noexcept {
  if (entry.fate != Fate::kNone && !mutant(Mutant::kSettleOverwrites)) return false;
  if (entry.fate == Fate::kNone) {
    if (!entry.given) --ungiven_;
    --unsettled_;
    --totals_.captured;  // counted again with its fate
  }
  entry.fate = fate;
  count(totals_, fate);
  const std::uint32_t slot = entry.offset / kSlotBytes, line = slot / kFatesPerLine, place = slot % kFatesPerLine;
  if (line >= lines_.size()) return true;
  lines_[line].words[place / kFatesPerWord] |= static_cast<std::uint64_t>(fate) << (place % kFatesPerWord * 4);
  if (dirty_begin_ == dirty_end_) dirty_begin_ = line, dirty_end_ = line + 1;
  dirty_begin_ = std::min(dirty_begin_, line);
  dirty_end_ = std::max(dirty_end_, line + 1);
  return true;
}

Status SegmentBook::write_lines(int fd) {
  if (!lines_due()) return {};
  const std::size_t lines = dirty_end_ - dirty_begin_;
  const Status status = write_at(fd, &lines_[dirty_begin_], lines * sizeof(SettleLine),
                                 kSettleOffset + std::uint64_t{dirty_begin_} * kSlotBytes);
  if (status.ok()) dirty_begin_ = dirty_end_ = 0;
  return status;
}

void SegmentBook::store_lines() noexcept {
  if (!lines_due()) return;
  std::memcpy(&bytes_[kSettleOffset + dirty_begin_ * kSlotBytes], &lines_[dirty_begin_],
              (dirty_end_ - dirty_begin_) * sizeof(SettleLine));
  dirty_begin_ = dirty_end_ = 0;
}

}  // namespace logs_sdk::inline v1
