#include "src/spool/record_source.h"

#include <numeric>

namespace logs_sdk::inline v1 {

std::uint64_t LedgerTotals::dropped_total() const noexcept {
  return std::accumulate(std::begin(dropped), std::end(dropped), std::uint64_t{0});
}

void LedgerTotals::count(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::kDelivered:
      ++delivered;
      break;
    case Verdict::kDuplicate:
      ++duplicate;
      break;
    case Verdict::kRejected:
      ++rejected;
      break;
    case Verdict::kDropped:
      ++dropped[static_cast<std::size_t>(DropReason::kInternal)];
      break;
  }
}

LedgerTotals& LedgerTotals::operator+=(const LedgerTotals& other) noexcept {
  captured += other.captured;
  delivered += other.delivered;
  duplicate += other.duplicate;
  rejected += other.rejected;
  for (std::size_t reason = 0; reason < kDropReasonCount; ++reason) dropped[reason] += other.dropped[reason];
  return *this;
}

}  // namespace logs_sdk::inline v1
