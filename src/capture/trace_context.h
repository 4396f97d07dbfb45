// Trace context: W3C Trace Context level 1 (`traceparent`), and the older X-Trace-ID.
#ifndef LOGS_SDK_CAPTURE_TRACE_CONTEXT_H_
#define LOGS_SDK_CAPTURE_TRACE_CONTEXT_H_

#include <array>
#include <optional>
#include <string_view>

namespace logs_sdk::inline v1 {

struct TraceParent {
  std::string_view trace_id;   // 32 lower-case hex digits, not all zero
  std::string_view parent_id;  // 16 of the same
};

// Views of `value`; nothing when it is not valid (3.2.2), in which case the specification wants it ignored as a whole.
std::optional<TraceParent> parse_traceparent(std::string_view value) noexcept;

// 32 hex digits of either case, with any '-' left out, in lower case; nothing for anything else and for zeros.
std::optional<std::array<char, 32>> parse_trace_id(std::string_view value) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_TRACE_CONTEXT_H_
