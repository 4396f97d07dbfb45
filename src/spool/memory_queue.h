// A MemoryQueue holds records for which no page could be had in time: bounded, counted apart, lost with the process.
//
// Thread-safety: every call from any thread; read() and what it gave by one thread at a time.
#ifndef LOGS_SDK_SPOOL_MEMORY_QUEUE_H_
#define LOGS_SDK_SPOOL_MEMORY_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

class MemoryQueue {
 public:
  // The newest is refused when either bound is reached: it is the one whose caller can still be told.
  MemoryQueue(std::size_t max_records, std::size_t max_bytes) : max_records_(max_records), max_bytes_(max_bytes) {}

  // False: full or out of memory, counted as dropped(memory_full) or dropped(internal).
  bool push(Stream stream, std::string_view payload) noexcept;
  void count_drop(DropReason reason) noexcept;

  // The views live until the record is settled.
  std::vector<Record> read(const BatchLimits& limits);
  void rewind() noexcept;
  void settle(const RecordId& id, Verdict verdict) noexcept;

  LedgerTotals totals() const noexcept;
  std::uint64_t pending() const noexcept;

 private:
  struct Item {
    Stream stream = 0;
    std::string payload;
    bool given = false;
  };

  const std::size_t max_records_;
  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::map<std::uint32_t, Item> items_;  // guarded by mutex_; by order of arrival
  std::size_t bytes_ = 0;                // guarded by mutex_
  std::uint32_t next_ = 0;               // guarded by mutex_; wraps long after its first holders have gone
  LedgerTotals totals_;                  // guarded by mutex_
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_MEMORY_QUEUE_H_
