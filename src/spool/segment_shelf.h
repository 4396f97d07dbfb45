// A SegmentShelf is the reading side of one instance directory: its books, and reading and settling through them. The
// living spool and an orphan both have one.
//
// A segment that this process has mapped for appending is read where it stands: neither a copy nor a system call, and
// no new danger, since a file that somebody cuts short would strike its writers as well. Every other is read with
// pread, in large pieces, and opened for one call only: one that is cut short costs records, never a signal, and a long
// backlog costs no descriptors.
//
// Thread-safety: none; its owner has a mutex.
#ifndef LOGS_SDK_SPOOL_SEGMENT_SHELF_H_
#define LOGS_SDK_SPOOL_SEGMENT_SHELF_H_

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "src/base/file_system.h"
#include "src/spool/record_source.h"
#include "src/spool/segment_book.h"

namespace logs_sdk::inline v1 {

class SegmentShelf {
 public:
  using Books = std::map<std::uint64_t, SegmentBook>;  // by number: oldest first

  // `directory` outlives the shelf.
  SegmentShelf(int directory, Uuid instance) : directory_(directory), instance_(instance) {}

  // From here on the files are in `directory`: the former one has been removed.
  void move_to(int directory) noexcept { directory_ = directory; }
  SegmentBook& add(const SegmentHeader& header);
  // Scans the file. An unreadable one is an error, a damaged one is not.
  Status load(std::uint64_t number);
  void remove(std::uint64_t number) { books_.erase(number); }
  Books& books() noexcept { return books_; }
  const Books& books() const noexcept { return books_; }

  // The views live until the next read() or release().
  std::vector<Record> read(const BatchLimits& limits);
  void release() noexcept { lent_.clear(); }
  // Whether views of this segment's mapping are out: it may neither be unmapped nor used again.
  bool lent(std::uint64_t number) const noexcept;
  void rewind() noexcept;
  void settle(std::span<const RecordId> records, Fate fate);
  // Settles what is unsettled in one book and was appended at most `tenths` of a second after the segment was made.
  void settle_older(SegmentBook& book, std::uint32_t tenths, Fate fate);

  LedgerTotals totals() const;

 private:
  struct Pick {
    SegmentBook* book;
    SegmentBook::Entry* entry;
  };
  // Adjoining records of one segment, read with one call.
  using Run = std::span<const Pick>;

  std::vector<Pick> choose(const BatchLimits& limits);
  std::vector<Record> fetch(std::span<const Pick> picks);
  static Run first_run(std::span<const Pick> picks);
  void read_run(Run run, std::span<std::byte> to, std::vector<Record>& records);
  void take_mapped(Run run, std::vector<Record>& records);
  void take(const Pick& pick, std::span<const std::byte> bytes, std::vector<Record>& records);
  void write_lines(SegmentBook& book);

  int directory_;
  Uuid instance_;
  Books books_;
  std::unique_ptr<std::byte[]> buffer_;  // what the last read() gave of files
  std::size_t buffer_bytes_ = 0;
  std::vector<std::uint64_t> lent_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_SEGMENT_SHELF_H_
