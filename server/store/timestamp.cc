#include "server/store/timestamp.h"

#include <chrono>
#include <cstddef>
#include <cstdio>

namespace logs_server {
namespace {

using namespace std::chrono;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes exactly `count` digits from the front.
bool take_digits(std::string_view& text, std::size_t count, int& value) {
  if (text.size() < count) return false;
  value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// ".5", ".123456789" or nothing.
bool take_fraction(std::string_view& text, int& microseconds) {
  microseconds = 0;
  if (!take(text, ".,")) return true;
  if (text.empty() || !is_digit(text.front())) return false;
  int scale = 100'000;
  while (!text.empty() && is_digit(text.front())) {
    microseconds += (text.front() - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
  }
  return true;
}

// "Z", "+08:00", "-0330" or nothing.
bool take_offset(std::string_view& text, int& minutes) {
  minutes = 0;
  if (text.empty() || take(text, "Zz")) return true;
  const int sign = text.front() == '-' ? -1 : 1;
  int hour = 0;
  int minute = 0;
  if (!take(text, "+-") || !take_digits(text, 2, hour)) return false;
  take(text, ":");
  if (!take_digits(text, 2, minute) || hour > 23 || minute > 59) return false;
  minutes = sign * (hour * 60 + minute);
  return true;
}

}  // namespace

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, us = 0, offset = 0;
  if (!take_digits(text, 4, y) || !take(text, "-") || !take_digits(text, 2, mo) || !take(text, "-") ||
      !take_digits(text, 2, d) || !take(text, "Tt ") || !take_digits(text, 2, h) || !take(text, ":") ||
      !take_digits(text, 2, mi) || !take(text, ":") || !take_digits(text, 2, s) || !take_fraction(text, us) ||
      !take_offset(text, offset) || !text.empty()) {
    return std::nullopt;
  }
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  // 60: a leap second (RFC 3339, 5.7) is the first moment of the next minute here.
  if (!date.ok() || h > 23 || mi > 59 || s > 60) return std::nullopt;
  const sys_time<seconds> whole = sys_days{date} + hours{h} + minutes{mi} + seconds{s} - minutes{offset};
  return duration_cast<microseconds>(whole.time_since_epoch()).count() + us;
}

std::string format_timestamp(std::int64_t unix_us) {
  const sys_time<microseconds> time{microseconds{unix_us}};
  const sys_days date = floor<days>(time);
  const year_month_day ymd{date};
  const hh_mm_ss<microseconds> clock{time - date};
  char text[64];
  const int size =
      std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(ymd.year()),
                    static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return std::string(text, static_cast<std::size_t>(size));
}

}  // namespace logs_server
