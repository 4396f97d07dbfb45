// A SegmentWriter is the appending side of one segment: a place that threads reserve from by one atomic add, fill, and
// commit. The spool has a fixed few, each used for one segment after another.
//
// Thread-safety: append() from any thread, at any time, also while the writer is being closed or opened for its next
// segment; the other calls from one thread at a time.
//
// Why a late thread does no harm: the reservation is the gate. The tail of a writer that is closed stands far beyond
// any capacity, so that reserving fails there; it is lowered, by release, as the last step of open(). A reservation
// that succeeds is therefore one in the segment that is open now, and that segment is not closed before finished() has
// caught up with it.
#ifndef LOGS_SDK_SPOOL_SEGMENT_WRITER_H_
#define LOGS_SDK_SPOOL_SEGMENT_WRITER_H_

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "src/spool/segment_book.h"
#include "src/spool/segment_file.h"

namespace logs_sdk::inline v1 {

enum class AppendResult : std::uint8_t {
  kDone,
  kFull,    // this segment is closed or has no room left
  kFailed,  // pwrite failed: the place is lost, the record is not written
};

class SegmentWriter {
 public:
  // `segment_bytes` is the size of every segment that this writer will ever have.
  explicit SegmentWriter(std::uint32_t segment_bytes);
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  // Takes a prepared file; from here on appends succeed. The writer must be idle.
  void open(SegmentFile file);
  // `now_tenths`: tenths of a second on the steady clock. `payload`: at most max_payload_bytes().
  AppendResult append(Stream stream, std::uint32_t now_tenths, std::string_view payload) noexcept;

  // Adds what has been committed since the last call to the book.
  void pull(SegmentBook& book);
  // No append will succeed any more, and none is inside. A full segment seals itself.
  bool drained() const noexcept;
  // Refuses further appends, as if the segment were full.
  void seal() noexcept;
  // Gives the file back; only when drained().
  SegmentFile close() noexcept;

  bool idle() const noexcept { return idle_; }
  const SegmentFile& file() const noexcept { return file_; }
  // Committed records of the open segment.
  std::uint32_t committed() const noexcept;
  // Bytes reserved, at most the segment's size.
  std::uint32_t tail_bytes() const noexcept;
  // Makes the next `bytes` ahead of the tail writable without a fault.
  void populate_ahead(std::uint32_t bytes) noexcept;
  // Without a mapping the count of committed records is written now and then; it only serves to count losses.
  Status write_committed() noexcept;
  void abandon() noexcept { file_.abandon(); }

 private:
  struct Reservation {
    std::uint32_t ordinal;
    std::uint32_t offset;
  };
  std::optional<Reservation> reserve(std::uint32_t bytes) noexcept;
  void store_mapped(std::byte* at, const RecordWords& words, std::string_view payload, std::uint32_t total,
                    std::uint32_t tag) noexcept;
  bool store_written(std::uint32_t offset, const RecordWords& words, std::string_view payload, std::uint32_t total,
                     std::uint32_t tag) noexcept;
  std::atomic_ref<std::uint64_t> finished() const noexcept;

  // Constant after construction.
  const std::uint32_t capacity_;  // in slots
  const std::uint32_t begin_;     // in slots
  struct Free {
    void operator()(std::uint64_t* memory) const noexcept { std::free(memory); }
  };
  // By ordinal, 0 until committed: where the record stands, its length, stream and age. Private memory; read through
  // atomic_ref: stored by release after the commit, so that the reader of a living segment has nothing to guess.
  std::unique_ptr<std::uint64_t[], Free> index_;

  // Written by open(), read by whoever has reserved (ordered by tail_).
  SegmentFile file_;
  std::uint32_t seed_ = 0;
  bool idle_ = true;
  std::uint32_t pulled_ = 0;         // ordinals below have been looked at
  std::vector<std::uint32_t> late_;  // of these, those not yet committed then

  // Ordinal in the high half, slot in the low half: one add reserves and counts.
  alignas(64) std::atomic<std::uint64_t> tail_;
  // Set once by the thread whose reservation was the first to fail: ordinals reserved in all; kNotSealed before.
  alignas(64) std::atomic<std::uint64_t> sealed_;
  // Twin counts of appends that have finished: in the mapped file at kCommittedOffset, else here. Stored by release as
  // the last thing an append does.
  alignas(64) mutable std::uint64_t private_finished_ = 0;
  std::atomic<std::uint32_t> failed_{0};  // of these, those whose pwrite failed
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_SEGMENT_WRITER_H_
