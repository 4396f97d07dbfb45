// RecordSource: what the shipper sees of a spool directory: records to read, verdicts to give, the ledger. The living
// spool is one, the directory of a dead process another, a test's list a third.
//
// Thread-safety: read(), release(), rewind() and settle() from one thread at a time (the shipper's).
#ifndef LOGS_SDK_SPOOL_RECORD_SOURCE_H_
#define LOGS_SDK_SPOOL_RECORD_SOURCE_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/status.h"

namespace logs_sdk::inline v1 {

// One byte that the spool keeps with each record and does not interpret; src/sdk gives it a meaning (exchanges and
// manual entries, infrastructure entries). A batch holds one stream.
using Stream = std::uint8_t;
using StreamSet = std::bitset<256>;

// What became of a record. Each record gets exactly one.
enum class Verdict : std::uint8_t { kDelivered, kDuplicate, kRejected, kDropped };

enum class DropReason : std::uint8_t { kOversize, kCap, kAge, kMemoryFull, kClosed, kForked, kDamaged, kInternal };
inline constexpr std::size_t kDropReasonCount = 8;

// The segment number of what stands in memory only.
inline constexpr std::uint64_t kMemorySegment = ~std::uint64_t{0};

// Where a record stands. Opaque to the reader; valid for the source that gave it.
struct RecordId {
  std::uint64_t segment = 0;  // number of the segment; kMemorySegment for the memory queue
  std::uint32_t offset = 0;
  friend bool operator==(const RecordId&, const RecordId&) = default;
};

struct Record {
  RecordId id;
  Stream stream = 0;
  std::string_view payload;  // valid until the next read() or release() of this source
};

// Which records a read() is to give.
struct BatchLimits {
  std::size_t max_records = 500;
  // Sum of payloads; a larger single record still comes, alone. With what joins them a batch stays within 1 MiB, which
  // is what a common proxy takes at most unless it is told otherwise.
  std::size_t max_bytes = (1 << 20) - 1024;
  StreamSet streams = StreamSet().set();  // by default of every stream
  bool newest = false;                    // the newest instead of the oldest
};

// Totals since the directory was made, exact across SIGKILL for what reached the spool.
struct LedgerTotals {
  std::uint64_t captured = 0;
  std::uint64_t delivered = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t rejected = 0;
  std::uint64_t dropped[kDropReasonCount] = {};
  std::uint64_t dropped_total() const noexcept;
  // Adds one record that ended so; kDropped as dropped(internal).
  void count(Verdict verdict) noexcept;
  LedgerTotals& operator+=(const LedgerTotals& other) noexcept;
  friend bool operator==(const LedgerTotals&, const LedgerTotals&) = default;
  std::uint64_t pending() const noexcept { return captured - delivered - duplicate - rejected - dropped_total(); }
};

class RecordSource {
 public:
  virtual ~RecordSource() = default;
  // 32 hex digits, constant: the name of the directory.
  virtual const std::string& instance() const noexcept = 0;
  // The oldest (or newest) unsettled records of one stream that were not yet given since the last rewind(), in no
  // promised order. Empty: nothing more for now.
  virtual std::vector<Record> read(const BatchLimits& limits) = 0;
  // The views that read() gave last are no longer needed. Called as soon as they have been copied: until then the spool
  // cannot use their segments for anything else.
  virtual void release() {}
  // Everything unsettled will be given again by read().
  virtual void rewind() = 0;
  // Notes what became of the records. A record already settled keeps its first verdict. kDropped counts as
  // dropped(internal): every other reason to drop is the spool's own.
  virtual void settle(std::span<const RecordId> records, Verdict verdict) = 0;
  // Totals, both storages. Thread-safe.
  virtual LedgerTotals spooled() const = 0;
  virtual LedgerTotals in_memory() const = 0;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_RECORD_SOURCE_H_
