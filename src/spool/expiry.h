// Expiry: which records of a segment are too old to be worth sending.
#ifndef LOGS_SDK_SPOOL_EXPIRY_H_
#define LOGS_SDK_SPOOL_EXPIRY_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "src/base/clock.h"
#include "src/spool/segment_format.h"

namespace logs_sdk::inline v1 {

struct Now {
  WallTime wall;
  SteadyTime steady;
  Uuid boot_id;
};
Now read_now(const Clock& clock);

// A record is too old when it is by the wall clock and, if the segment was made in this boot, by the steady clock as
// well: a wall clock that jumps ahead empties nothing. (The steady clock stands still while the machine sleeps, which
// errs on the side of keeping.) The bound: records appended at most so many tenths of a second after the segment was
// made are too old; empty when none is.
std::optional<std::uint32_t> expiry_bound(const SegmentHeader& header, const Now& now, std::chrono::seconds max_age);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_EXPIRY_H_
