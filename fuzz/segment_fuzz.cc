// Any bytes as a segment file, and any damage to a segment that was whole: what a scan finds lies within the bytes,
// stands in order, verifies, and is never more than was appended.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "src/base/crc32c.h"
#include "src/spool/segment_scan.h"

namespace {

using namespace logs_sdk;

constexpr std::uint64_t kNumber = 1;
const Uuid kInstance = *Uuid::parse("000102030405060708090a0b0c0d0e0f");

void check(const std::string& bytes, const SegmentScan& found) {
  std::uint64_t end = 0;
  for (const ScannedRecord& record : found.records) {
    if (record.offset < end || record.offset % kSlotBytes != 0) std::abort();
    if (record.fate != Fate::kDroppedDamaged && record.offset + record_bytes(record.length) > bytes.size())
      std::abort();
    end = record.offset + kSlotBytes;
  }
  if (found.missing > kMaxSegmentBytes / kSlotBytes) std::abort();
}

template <typename T>
void put(std::string& bytes, std::size_t at, const T& value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

// A whole segment of records 0, 1, 2, … whose payloads are their own numbers.
std::string whole_segment() {
  const std::uint32_t seed = segment_seed(kInstance, kNumber);
  std::string bytes(kMinSegmentBytes, '\0');
  SegmentHeader header;
  header.segment_bytes = kMinSegmentBytes;
  header.instance = kInstance;
  header.number = kNumber;
  header.records_begin = records_begin(kMinSegmentBytes);
  header.crc = header_crc(header);
  put(bytes, 0, header);
  std::uint32_t offset = header.records_begin, count = 0;
  for (; count < 64; ++count, offset += kSlotBytes) {
    const RecordWords words = encode_record_header({sizeof count, 0, 1}, offset, seed);
    put(bytes, offset, words);
    put(bytes, offset + kRecordHeaderBytes, count);
    const std::uint32_t crc = crc32c(&count, sizeof count, checksum_of(words));
    put(bytes, offset + kSlotBytes - 8, commit_word(crc, commit_tag(offset + kSlotBytes, seed)));
  }
  put(bytes, kCommittedOffset, count * kTwinOne);
  return bytes;
}

// Three bytes of input are one damaged byte of the part that holds something.
std::string damaged(std::string bytes, const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kUsed = 4096 + 64 * kSlotBytes;
  for (std::size_t i = 0; i + 3 <= size; i += 3) {
    const std::size_t at = (data[i] | std::size_t{data[i + 1]} << 8) % kUsed;
    bytes[at] = static_cast<char>(data[i + 2]);
  }
  return bytes;
}

void check_payloads(const std::string& bytes, const SegmentScan& found) {
  for (const ScannedRecord& record : found.records) {
    if (record.fate == Fate::kDroppedDamaged) continue;
    std::uint32_t payload = 0;
    if (record.length != sizeof payload) std::abort();
    std::memcpy(&payload, bytes.data() + record.offset + kRecordHeaderBytes, sizeof payload);
    if (payload != (record.offset - records_begin(kMinSegmentBytes)) / kSlotBytes) std::abort();
  }
}

SegmentScan scan(const std::string& bytes) {
  return scan_segment(std::as_bytes(std::span(bytes.data(), bytes.size())), kInstance, kNumber);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string raw(reinterpret_cast<const char*>(data), size);
  check(raw, scan(raw));
  static const std::string kWhole = whole_segment();
  const std::string bytes = damaged(kWhole, data, size);
  const SegmentScan found = scan(bytes);
  check(bytes, found);
  check_payloads(bytes, found);
  return 0;
}
