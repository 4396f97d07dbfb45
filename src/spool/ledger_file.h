// A LedgerFile keeps what became of the records whose segments are gone, so that the totals of an instance are exact
// from its first record to its last, whenever it is killed.
//
//     0      slot A, 1,024 bytes (LedgerSlot and zeros)      the newer valid one of the two slots counts;
//     1024   slot B                                          the next goes over the older
//     2048   drops: one TwinCounter of 8 bytes for each DropReason, counted before they reached a segment
//     2112   zeros to 4096
//
// Thread-safety: count_drop() and the totals' drop part from any thread; fold() from one at a time, and not at the same
// time as totals().
#ifndef LOGS_SDK_SPOOL_LEDGER_FILE_H_
#define LOGS_SDK_SPOOL_LEDGER_FILE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "src/base/file_system.h"
#include "src/base/mapped_file.h"
#include "src/base/uuid7.h"
#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

inline constexpr const char* kLedgerName = "ledger";
inline constexpr std::array<char, 8> kLedgerMagic = {'L', 'O', 'G', 'S', 'L', 'E', 'D', '1'};
inline constexpr std::size_t kLedgerBytes = 4096;
inline constexpr std::size_t kLedgerSlotBytes = 1024;
inline constexpr std::size_t kLedgerDropsOffset = 2048;
inline constexpr std::size_t kLedgerReasons = 16;  // room for reasons to come
// Numbers that are remembered as folded. One would do, as a segment goes before the next is folded; more, because the
// removal may fail, or be lost with the machine while the ledger is not.
inline constexpr std::size_t kFoldedNumbers = 64;

struct LedgerSlot {
  std::array<char, 8> magic = kLedgerMagic;
  std::uint32_t version = 1;
  std::uint32_t crc = 0;  // of the whole slot with this field 0
  std::uint64_t sequence = 0;
  Uuid instance;
  std::uint64_t captured = 0, delivered = 0, duplicate = 0, rejected = 0;
  std::array<std::uint64_t, kLedgerReasons> dropped{};  // by DropReason
  std::uint64_t folded_count = 0;                       // since the beginning; the last kFoldedNumbers are below
  std::array<std::uint64_t, kFoldedNumbers> folded{};   // ring, at folded_count modulo its size
};
static_assert(sizeof(LedgerSlot) == 720 && sizeof(LedgerSlot) <= kLedgerSlotBytes);

// What the bytes of a ledger file say. Any bytes will do; without a valid slot everything is 0.
struct LedgerContents {
  LedgerSlot slot;
  std::array<std::uint32_t, kDropReasonCount> drops{};
};
LedgerContents parse_ledger(std::span<const std::byte> bytes, const Uuid& instance);
// Of everything that stands in the ledger: the segments that were folded, and what never reached one.
LedgerTotals totals_of(const LedgerContents& contents) noexcept;
// Whether the totals of that segment are in the slot.
bool folded(const LedgerSlot& slot, std::uint64_t segment) noexcept;

class LedgerFile {
 public:
  // Opens or makes the ledger of `directory`; a damaged one counts from 0. `map`: whether its pages may be mapped,
  // which is what makes a drop survive the process without a system call.
  static Result<LedgerFile> open(int directory, const Uuid& instance, bool map);

  LedgerFile(LedgerFile&&) noexcept;

  // Adds the totals of a segment that is about to go. Nothing pending may be in them. A number that was folded before
  // adds nothing. On failure nothing is folded.
  Status fold(std::uint64_t segment, const LedgerTotals& totals);
  bool folded(std::uint64_t segment) const noexcept { return v1::folded(slot_, segment); }

  // An entry captured and dropped in one step.
  void count_drop(DropReason reason) noexcept;
  LedgerTotals totals() const noexcept;
  // Writes the drops where the file is not mapped.
  Status write_drops() noexcept;
  void abandon() noexcept;

 private:
  LedgerFile() = default;
  std::atomic_ref<std::uint64_t> drop_counter(std::size_t reason) const noexcept;

  FileDescriptor file_;
  MappedFile mapping_;
  LedgerSlot slot_;
  mutable std::array<std::uint64_t, kDropReasonCount> private_drops_{};
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_LEDGER_FILE_H_
