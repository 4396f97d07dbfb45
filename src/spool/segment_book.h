// A SegmentBook is what the reading side knows about one segment: which records it holds and what became of each. The
// fates are written through to the file's settle lines; the file is the truth, the book can be made from it by
// scanning.
//
// Thread-safety: none; its owner has a mutex. Memory: 16 bytes a record and a hundredth of the segment.
#ifndef LOGS_SDK_SPOOL_SEGMENT_BOOK_H_
#define LOGS_SDK_SPOOL_SEGMENT_BOOK_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "src/base/mapped_file.h"
#include "src/base/status.h"
#include "src/spool/segment_scan.h"

namespace logs_sdk::inline v1 {

class SegmentBook {
 public:
  struct Entry {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    std::uint32_t age_tenths = 0;
    Stream stream = 0;
    Fate fate = Fate::kNone;
    bool given = false;  // by read() since the last rewind
  };

  // A segment that has just been made.
  SegmentBook(const SegmentHeader& header, std::uint32_t seed);
  // A segment as a scan found it.
  SegmentBook(std::uint64_t number, std::uint32_t seed, SegmentScan scan);

  std::uint64_t number() const noexcept { return number_; }
  std::uint32_t seed() const noexcept { return seed_; }
  std::uint32_t segment_bytes() const noexcept { return segment_bytes_; }

  // Usually behind all others; a late committer may fill a hole.
  void add(std::uint32_t offset, const RecordHeader& header);

  std::vector<Entry>& entries() noexcept { return entries_; }
  // One step for who asks in ascending order, as settling a batch does.
  Entry* find(std::uint32_t offset) noexcept;
  bool all_settled() const noexcept { return unsettled_ == 0; }
  bool anything_to_give() const noexcept { return ungiven_ > 0; }
  void give(Entry& entry) noexcept;
  void rewind() noexcept;

  // Keeps the first fate; false when there was one.
  bool settle(Entry& entry, Fate fate) noexcept;
  bool lines_due() const noexcept { return dirty_begin_ != dirty_end_; }
  // Writes the lines that settle() has changed. After a failure they stay due.
  Status write_lines(int fd);
  // The same into bytes(), which may not be empty. Bits are only ever added, so a kill in between leaves old fates.
  void store_lines() noexcept;

  // The whole segment where this process has it mapped, else empty: its writer's mapping, and once the writer is done
  // with it the one kept here, which stands at the same place.
  std::span<std::byte> bytes() const noexcept { return bytes_; }
  void show(std::span<std::byte> bytes) noexcept { bytes_ = bytes; }
  void keep(MappedFile mapping) noexcept;
  MappedFile take_mapping() noexcept;

  // Sealed: no append will come.
  bool complete() const noexcept { return complete_; }
  void set_complete() noexcept { complete_ = true; }

  LedgerTotals totals() const noexcept { return totals_; }
  // Empty: a scan found none that verifies.
  const std::optional<SegmentHeader>& header() const noexcept { return header_; }

 private:
  std::uint64_t number_;
  std::uint32_t seed_;
  std::uint32_t segment_bytes_;
  bool complete_ = false;
  std::vector<Entry> entries_;  // ascending by offset
  std::size_t next_find_ = 0;   // behind what find() found last
  std::vector<SettleLine> lines_;
  std::uint32_t dirty_begin_ = 0, dirty_end_ = 0;  // lines
  std::uint64_t unsettled_ = 0;
  std::uint64_t ungiven_ = 0;  // unsettled and not given
  LedgerTotals totals_;
  std::optional<SegmentHeader> header_;
  std::span<std::byte> bytes_;
  MappedFile kept_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_SEGMENT_BOOK_H_
