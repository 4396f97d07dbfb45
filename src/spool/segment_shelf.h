// A SegmentShelf is the reading side of one instance directory: its books, and reading and settling through them. The
// living spool and an orphan both have one. Files are read with pread and opened for one call only: a file that
// somebody cuts short costs records, never a signal, and a long backlog costs no descriptors.
//
// Thread-safety: none; its owner has a mutex.
#ifndef LOGS_SDK_SPOOL_SEGMENT_SHELF_H_
#define LOGS_SDK_SPOOL_SEGMENT_SHELF_H_

#include <cstdint>
#include <map>
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

  SegmentBook& add(const SegmentHeader& header);
  // Scans the file. An unreadable one is an error, a damaged one is not.
  Status load(std::uint64_t number);
  void remove(std::uint64_t number) { books_.erase(number); }
  Books& books() noexcept { return books_; }
  const Books& books() const noexcept { return books_; }

  // The views live until the next read().
  std::vector<Record> read(const BatchLimits& limits);
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
  std::vector<Pick> choose(const BatchLimits& limits);
  std::vector<Record> fetch(std::span<const Pick> picks);
  void write_lines(SegmentBook& book);

  int directory_;
  Uuid instance_;
  Books books_;
  std::vector<std::byte> buffer_;  // what the last read() gave
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_SEGMENT_SHELF_H_
