#include "src/shipper/retry_after.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace logs_sdk::inline v1 {
namespace {

using std::chrono::seconds;

// The number that `text` is, digits only. Saturates far above every use here.
std::optional<int> parse_digits(std::string_view text) noexcept {
  constexpr int kEnough = 1'000'000;
  if (text.empty()) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = std::min(kEnough, value * 10 + (c - '0'));
  }
  return value;
}

std::optional<unsigned> parse_month(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 12> kNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<unsigned>(found - kNames.begin()) + 1;
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) noexcept {
  using std::chrono::year_month_day;
  // "Sun, 06 Nov 1994 08:49:37 GMT": every part has its fixed place.
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' || text[16] != ' ' ||
      text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto day = parse_digits(text.substr(5, 2));
  const auto month = parse_month(text.substr(8, 3));
  const auto year = parse_digits(text.substr(12, 4));
  const auto hour = parse_digits(text.substr(17, 2));
  const auto minute = parse_digits(text.substr(20, 2));
  const auto second = parse_digits(text.substr(23, 2));
  if (!day || !month || !year || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;  // 60: a leap second
  const year_month_day date{std::chrono::year{*year}, std::chrono::month{*month},
                            std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} + seconds{*second};
}

std::optional<seconds> parse_retry_after(std::string_view retry_after, std::string_view date) noexcept {
  if (const auto delay = parse_digits(retry_after)) return std::min(seconds{*delay}, kMaxRetryAfter);
  const auto until = parse_http_date(retry_after);
  const auto now = parse_http_date(date);
  if (!until || !now) return std::nullopt;
  return std::clamp<seconds>(*until - *now, seconds{0}, kMaxRetryAfter);
}

}  // namespace logs_sdk::inline v1
