#include "src/spool/expiry.h"

#include <algorithm>
#include <limits>

#include "src/spool/owner_identity.h"

namespace logs_sdk::inline v1 {
namespace {

using std::chrono::microseconds;

constexpr std::int64_t kTenthUs = 100'000;

}  // namespace

Now read_now(const Clock& clock) {
  static const Uuid kBoot = this_boot();  // outlived by nothing that could ask
  return {clock.wall(), clock.steady(), kBoot};
}

std::optional<std::uint32_t> expiry_bound(const SegmentHeader& header, const Now& now, std::chrono::seconds max_age) {
  const auto since = [](std::int64_t then_us, std::int64_t now_us) {
    // A stamp from the future counts as now; a stamp from before the clocks began cannot be ours.
    return then_us < 0 || then_us > now_us ? 0 : now_us - then_us;
  };
  const std::int64_t wall_us = std::chrono::duration_cast<microseconds>(now.wall.time_since_epoch()).count();
  std::int64_t age_us = since(header.created_wall_us, wall_us);
  if (header.boot_id == now.boot_id) {
    const std::int64_t steady_us = std::chrono::duration_cast<microseconds>(now.steady.time_since_epoch()).count();
    age_us = std::min(age_us, since(header.created_steady_us, steady_us));
  }
  const std::int64_t beyond_us = age_us - microseconds(max_age).count();
  if (beyond_us <= 0) return std::nullopt;
  return static_cast<std::uint32_t>(
      std::min<std::int64_t>(beyond_us / kTenthUs, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace logs_sdk::inline v1
