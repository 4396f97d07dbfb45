// Retry-After (RFC 9110, 10.2.3): how long the platform asks us to stay away.
#ifndef LOGS_SDK_SHIPPER_RETRY_AFTER_H_
#define LOGS_SDK_SHIPPER_RETRY_AFTER_H_

#include <chrono>
#include <optional>
#include <string_view>

namespace logs_sdk::inline v1 {

// A longer wish is shortened to this: one wrong number must not silence a service for days.
inline constexpr std::chrono::seconds kMaxRetryAfter{600};

// `retry_after` is seconds or an HTTP date; a date is compared with `date`, the answer's own Date, because our clock
// may be off. Between 0 and kMaxRetryAfter; absent when the header is empty, negative, malformed or a date without a
// Date.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view retry_after, std::string_view date) noexcept;

// IMF-fixdate ("Sun, 06 Nov 1994 08:49:37 GMT"), the one form that may be generated (RFC 9110, 5.6.7). The two obsolete
// forms are not read: then our own backoff decides.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_RETRY_AFTER_H_
