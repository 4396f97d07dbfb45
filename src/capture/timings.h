// When things happened in an exchange, as duration_ms and latency_breakdown show it.
#ifndef LOGS_SDK_CAPTURE_TIMINGS_H_
#define LOGS_SDK_CAPTURE_TIMINGS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/clock.h"
#include "src/capture/exchange_state.h"

namespace logs_sdk::inline v1 {

// X-Request-Start as proxies write it: seconds ("t=1700000000.123", nginx), milliseconds ("1700000000123", routers of
// platforms) or microseconds ("t=1700000000123456", Apache, also behind "D=…"), or nanoseconds since 1970, told apart
// by their size, each with or without "t=" and a fraction.
std::optional<WallTime> parse_request_start(std::string_view value) noexcept;

// Start to kLastByte, or to `end` where that was not marked; rounded, never negative.
std::int64_t duration_ms(const ExchangeState& state, SteadyTime end) noexcept;

// Appends the JSON object of what was measured, in microseconds. A mark that lies before the start or after `end` is
// none of this exchange, so no member but queue_us can be longer than it took. `request_start` is the header's value,
// empty when there is none or the peer is not trusted; a time in the future, or more than an hour ago, is a clock that
// is wrong, there or here, and is left out.
void append_breakdown(const ExchangeState& state, SteadyTime end, std::string_view request_start, std::string& out);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_TIMINGS_H_
