// Timestamps of the wire: RFC 3339 in UTC with microseconds, "2026-11-22T13:27:50.000123Z".
#ifndef LOGS_SDK_BASE_RFC3339_H_
#define LOGS_SDK_BASE_RFC3339_H_

#include <array>
#include <string_view>

#include "src/base/clock.h"

namespace logs_sdk::inline v1 {

using Rfc3339 = std::array<char, 27>;

// Years 0000 to 9999; a time outside is written as the nearest of them.
Rfc3339 rfc3339(WallTime time) noexcept;

inline std::string_view view(const Rfc3339& text) noexcept { return {text.data(), text.size()}; }

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_RFC3339_H_
