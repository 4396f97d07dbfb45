#include "src/spool/ledger_file.h"

#include <fcntl.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "src/base/crc32c.h"
#include "src/spool/mutants.h"
#include "src/spool/segment_format.h"

namespace logs_sdk::inline v1 {
namespace {

std::uint32_t slot_crc(LedgerSlot slot) noexcept {
  slot.crc = 0;
  return crc32c(&slot, sizeof slot);
}

// A sum beyond this is no count of ours; it would make later sums wrap.
constexpr std::uint64_t kMaxCount = std::uint64_t{1} << 56;

bool plausible(const LedgerSlot& slot) noexcept {
  const std::uint64_t counts[] = {slot.captured, slot.delivered, slot.duplicate, slot.rejected};
  const auto small = [](std::uint64_t value) { return value <= kMaxCount; };
  return std::all_of(std::begin(counts), std::end(counts), small) &&
         std::all_of(slot.dropped.begin(), slot.dropped.end(), small);
}

std::optional<LedgerSlot> parse_slot(std::span<const std::byte> bytes, std::size_t at, const Uuid& instance) noexcept {
  if (at + sizeof(LedgerSlot) > bytes.size()) return std::nullopt;
  LedgerSlot slot;
  std::memcpy(&slot, bytes.data() + at, sizeof slot);
  const bool valid = slot.magic == kLedgerMagic && slot.version == 1 && slot.instance == instance &&
                     slot.crc == slot_crc(slot) && plausible(slot);
  return valid ? std::optional(slot) : std::nullopt;
}

}  // namespace

LedgerContents parse_ledger(std::span<const std::byte> bytes, const Uuid& instance) {
  LedgerContents contents;
  contents.slot.instance = instance;
  for (const std::size_t at : {std::size_t{0}, kLedgerSlotBytes}) {
    const auto slot = parse_slot(bytes, at, instance);
    if (slot && slot->sequence >= contents.slot.sequence) contents.slot = *slot;
  }
  for (std::size_t reason = 0; reason < kDropReasonCount; ++reason) {
    std::uint64_t twin = 0;
    const std::size_t at = kLedgerDropsOffset + reason * sizeof twin;
    if (at + sizeof twin > bytes.size()) break;
    std::memcpy(&twin, bytes.data() + at, sizeof twin);
    contents.drops[reason] = twin_value(twin).value_or(0);
  }
  return contents;
}

LedgerTotals totals_of(const LedgerContents& contents) noexcept {
  LedgerTotals totals;
  totals.captured = contents.slot.captured;
  totals.delivered = contents.slot.delivered;
  totals.duplicate = contents.slot.duplicate;
  totals.rejected = contents.slot.rejected;
  for (std::size_t reason = 0; reason < kDropReasonCount; ++reason) {
    totals.dropped[reason] = contents.slot.dropped[reason] + contents.drops[reason];
    totals.captured += contents.drops[reason];
  }
  return totals;
}

bool folded(const LedgerSlot& slot, std::uint64_t segment) noexcept {
  const auto end =
      slot.folded.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(slot.folded_count, kFoldedNumbers));
  return std::find(slot.folded.begin(), end, segment) != end;
}

Result<LedgerFile> LedgerFile::open(int directory, const Uuid& instance, bool map) {
  auto file = open_file(directory, kLedgerName, O_RDWR | O_CREAT);
  if (!file.ok()) return file.status();
  LedgerFile ledger;
  ledger.file_ = std::move(file).value();
  std::array<std::byte, kLedgerBytes> bytes{};
  auto got = read_at(ledger.file_.get(), bytes.data(), bytes.size(), 0);
  if (!got.ok()) return got.status();
  const LedgerContents contents = parse_ledger(std::span(bytes).first(got.value()), instance);
  ledger.slot_ = contents.slot;
  for (std::size_t reason = 0; reason < kDropReasonCount; ++reason) {
    ledger.private_drops_[reason] = contents.drops[reason] * kTwinOne;
  }
  if (got.value() == 0) {
    if (Status status = allocate_zeros(ledger.file_.get(), kLedgerBytes); !status.ok()) return status;
  }
  if (map) {
    auto mapping = MappedFile::map(ledger.file_.get(), kLedgerBytes);
    if (!mapping.ok()) return mapping.status();
    ledger.mapping_ = std::move(mapping).value();
  }
  return ledger;
}

LedgerFile::LedgerFile(LedgerFile&& other) noexcept
    : file_(std::move(other.file_)),
      mapping_(std::move(other.mapping_)),
      slot_(other.slot_),
      private_drops_(other.private_drops_) {}

Status LedgerFile::fold(std::uint64_t segment, const LedgerTotals& totals) {
  assert(totals.pending() == 0);
  if (folded(segment)) return {};
  LedgerSlot next = slot_;
  ++next.sequence;
  next.captured += totals.captured;
  next.delivered += totals.delivered;
  next.duplicate += totals.duplicate;
  next.rejected += totals.rejected;
  for (std::size_t reason = 0; reason < kDropReasonCount; ++reason) next.dropped[reason] += totals.dropped[reason];
  if (!mutant(Mutant::kFoldForgetsNumber)) next.folded[next.folded_count++ % kFoldedNumbers] = segment;
  next.crc = slot_crc(next);
  // The slot that counts now is not touched: torn or unwritten, the new one is no slot, and nothing has happened.
  Status status = write_at(file_.get(), &next, sizeof next, next.sequence % 2 * kLedgerSlotBytes);
  if (status.ok()) slot_ = next;
  return status;
}

std::atomic_ref<std::uint64_t> LedgerFile::drop_counter(std::size_t reason) const noexcept {
  if (mapping_.data() == nullptr) return std::atomic_ref(private_drops_[reason]);
  return std::atomic_ref(*reinterpret_cast<std::uint64_t*>(mapping_.data() + kLedgerDropsOffset + reason * 8));
}

void LedgerFile::count_drop(DropReason reason) noexcept {
  drop_counter(static_cast<std::size_t>(reason)).fetch_add(kTwinOne, std::memory_order_relaxed);
}

LedgerTotals LedgerFile::totals() const noexcept {
  LedgerContents contents{.slot = slot_};
  for (std::size_t reason = 0; reason < kDropReasonCount; ++reason) {
    contents.drops[reason] = twin_value(drop_counter(reason).load(std::memory_order_relaxed)).value_or(0);
  }
  return totals_of(contents);
}

Status LedgerFile::write_drops() noexcept {
  if (mapping_.data() != nullptr) return {};
  std::array<std::uint64_t, kDropReasonCount> drops;
  for (std::size_t reason = 0; reason < kDropReasonCount; ++reason) {
    drops[reason] = drop_counter(reason).load(std::memory_order_relaxed);
  }
  return write_at(file_.get(), drops.data(), sizeof drops, kLedgerDropsOffset);
}

void LedgerFile::abandon() noexcept {
  mapping_.forget();
  file_.close();
}

}  // namespace logs_sdk::inline v1
