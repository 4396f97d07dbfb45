#include "src/spool/segment_format.h"

#include <cstring>

#include "src/base/crc32c.h"
#include "src/base/hex.h"
#include "src/spool/mutants.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::string_view kNamePrefix = "seg-";
constexpr std::uint32_t kSettleSalt = 0x5E771E00;
constexpr std::uint32_t kCommitSalt = 0xC0331770;

std::uint64_t load_word(std::span<const std::byte> bytes, std::size_t at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return word;
}

std::uint32_t header_word_crc(std::uint32_t length, std::uint64_t detail, std::uint32_t offset,
                              std::uint32_t seed) noexcept {
  const std::uint32_t fields[] = {offset, length, static_cast<std::uint32_t>(detail),
                                  static_cast<std::uint32_t>(detail >> 32)};
  return crc32c(fields, sizeof fields, seed);
}

}  // namespace

Fate fate_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::kDelivered:
      return Fate::kDelivered;
    case Verdict::kDuplicate:
      return Fate::kDuplicate;
    case Verdict::kRejected:
      return Fate::kRejected;
    case Verdict::kDropped:
      return Fate::kDroppedInternal;
  }
  return Fate::kNone;
}

Fate fate_of_bits(std::uint64_t bits) noexcept {
  switch (const auto fate = static_cast<Fate>(bits & 15)) {
    case Fate::kDelivered:
    case Fate::kDuplicate:
    case Fate::kRejected:
    case Fate::kDroppedAge:
    case Fate::kDroppedDamaged:
    case Fate::kDroppedInternal:
      return fate;
    default:
      return Fate::kNone;
  }
}

void count(LedgerTotals& totals, Fate fate) noexcept {
  const auto drop = [&](DropReason reason) { ++totals.dropped[static_cast<std::size_t>(reason)]; };
  ++totals.captured;
  switch (fate) {
    case Fate::kNone:
      return;
    case Fate::kDelivered:
      ++totals.delivered;
      return;
    case Fate::kDuplicate:
      ++totals.duplicate;
      return;
    case Fate::kRejected:
      ++totals.rejected;
      return;
    case Fate::kDroppedAge:
      return drop(DropReason::kAge);
    case Fate::kDroppedDamaged:
      return drop(DropReason::kDamaged);
    case Fate::kDroppedInternal:
      return drop(DropReason::kInternal);
  }
}

std::uint32_t segment_seed(const Uuid& instance, std::uint64_t number) noexcept {
  if (mutant(Mutant::kNoNumberInChecksum)) number = 0;
  return crc32c(&number, sizeof number, crc32c(instance.bytes.data(), instance.bytes.size()));
}

std::uint64_t settle_tag(std::uint32_t seed, std::uint32_t line) noexcept {
  if (mutant(Mutant::kNoNumberInSettleTag)) seed = 0;
  const std::uint32_t fields[] = {kSettleSalt, line};
  // The complement beside the checksum makes a line of zeros, or of one repeated word, no tag.
  const std::uint32_t crc = crc32c(fields, sizeof fields, seed);
  return std::uint64_t{~crc} << 32 | crc;
}

std::uint32_t header_crc(const SegmentHeader& header) noexcept { return crc32c(&header, offsetof(SegmentHeader, crc)); }

std::string segment_name(std::uint64_t number) { return std::string(kNamePrefix) + to_hex(number); }

std::optional<std::uint64_t> segment_number(std::string_view name) noexcept {
  if (name.size() != kNamePrefix.size() + 16 || !name.starts_with(kNamePrefix)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char digit : name.substr(kNamePrefix.size())) {
    const int value = hex_value(digit);
    if (value < 0 || (digit >= 'A' && digit <= 'F')) return std::nullopt;
    number = number << 4 | static_cast<std::uint64_t>(value);
  }
  return number;
}

RecordWords encode_record_header(const RecordHeader& header, std::uint32_t offset, std::uint32_t seed) noexcept {
  const std::uint64_t detail = std::uint64_t{header.stream} << 32 | header.age_tenths;
  const std::uint32_t crc = header_word_crc(header.length, detail, offset, seed);
  return {std::uint64_t{crc} << 32 | header.length, detail};
}

std::optional<RecordHeader> decode_record_header(const RecordWords& words, std::uint32_t offset,
                                                 std::uint32_t seed) noexcept {
  RecordHeader header;
  header.length = static_cast<std::uint32_t>(words.header);
  header.age_tenths = static_cast<std::uint32_t>(words.detail);
  header.stream = static_cast<Stream>(words.detail >> 32);
  if (header.length > max_payload_bytes(kMaxSegmentBytes) || words.detail >> 40 != 0) return std::nullopt;
  if (checksum_of(words) != header_word_crc(header.length, words.detail, offset, seed)) return std::nullopt;
  return header;
}

std::uint32_t commit_tag(std::uint32_t end, std::uint32_t seed) noexcept {
  const std::uint32_t fields[] = {kCommitSalt, end};
  return crc32c(fields, sizeof fields, seed);
}

std::optional<RecordView> view_record(std::span<const std::byte> bytes, std::uint32_t offset,
                                      std::uint32_t seed) noexcept {
  if (bytes.size() < kSlotBytes) return std::nullopt;
  const RecordWords words{load_word(bytes, 0), load_word(bytes, 8)};
  const auto header = decode_record_header(words, offset, seed);
  if (!header) return std::nullopt;
  const std::uint32_t total = record_bytes(header->length);
  if (total > bytes.size()) return RecordView{*header, {}, RecordState::kDamaged};
  const std::string_view payload(reinterpret_cast<const char*>(bytes.data()) + kRecordHeaderBytes, header->length);
  const std::uint64_t commit = load_word(bytes, total - 8);
  const bool committed = commit >> 32 == commit_tag(offset + total, seed);
  if (!committed && !mutant(Mutant::kNoCommitCheck)) return RecordView{*header, payload, RecordState::kTorn};
  const bool same = static_cast<std::uint32_t>(commit) == crc32c(payload.data(), payload.size(), checksum_of(words));
  const bool intact = same || mutant(Mutant::kNoPayloadChecksum) || mutant(Mutant::kNoCommitCheck);
  return RecordView{*header, payload, intact ? RecordState::kIntact : RecordState::kDamaged};
}

}  // namespace logs_sdk::inline v1
