// RejectionCounts: how many entries were refused, by the class of the reason.
//
// Thread-safety: every call from any thread.
#ifndef LOGS_SERVER_INGEST_REJECTION_COUNTS_H_
#define LOGS_SERVER_INGEST_REJECTION_COUNTS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "server/ingest/batch_parser.h"

namespace logs_server {

enum class RejectionClass : std::uint8_t {
  kNotAnEntry,    // no JSON object
  kOtherProject,  // not the project of its key
  kField,         // a value that cannot be read
  kSaysNothing,   // no request, message or time
};
inline constexpr std::array kRejectionClasses = {RejectionClass::kNotAnEntry, RejectionClass::kOtherProject,
                                                 RejectionClass::kField, RejectionClass::kSaysNothing};

RejectionClass rejection_class(std::string_view reason);

class RejectionCounts {
 public:
  void add(std::span<const RejectedEntry> rejected);
  std::uint64_t of(RejectionClass rejection) const { return counts_[static_cast<std::size_t>(rejection)]; }

 private:
  std::array<std::atomic<std::uint64_t>, kRejectionClasses.size()> counts_{};
};

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_REJECTION_COUNTS_H_
