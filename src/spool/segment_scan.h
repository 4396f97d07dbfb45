// scan_segment: everything that can be known of a segment from its bytes alone. The bytes are outside input: whatever
// they are, each record that verifies is found, what is missing is counted where it can be, and nothing else happens.
#ifndef LOGS_SDK_SPOOL_SEGMENT_SCAN_H_
#define LOGS_SDK_SPOOL_SEGMENT_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "src/spool/segment_format.h"

namespace logs_sdk::inline v1 {

struct ScannedRecord {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;  // of the payload
  std::uint32_t age_tenths = 0;
  Stream stream = 0;
  Fate fate = Fate::kNone;  // kDroppedDamaged also where this scan found the damage
};

struct SegmentScan {
  std::optional<SegmentHeader> header;  // only if it verifies and is that of the segment asked for
  std::vector<ScannedRecord> records;   // committed, ascending by offset
  std::vector<SettleLine> lines;        // as they stand in the file, a foreign line cleared
  std::uint32_t segment_bytes = 0;      // as made; the bytes may have been cut shorter since
  std::uint64_t missing = 0;            // committed records of which nothing else is left
  std::uint64_t torn = 0;               // begun and never committed; not captured, hence not lost
};

// `bytes` from the beginning of the file; what stands behind kMaxSegmentBytes is not looked at. For segments in which
// nobody appends any more: a record that is being written now would count as torn.
SegmentScan scan_segment(std::span<const std::byte> bytes, const Uuid& instance, std::uint64_t number);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_SEGMENT_SCAN_H_
