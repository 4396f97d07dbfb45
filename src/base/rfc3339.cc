#include "src/base/rfc3339.h"

#include <algorithm>
#include <chrono>

namespace logs_sdk::inline v1 {
namespace {

void write_digits(std::uint32_t value, std::size_t count, char* out) noexcept {
  for (std::size_t i = count; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

Rfc3339 rfc3339(WallTime time) noexcept {
  using namespace std::chrono;
  constexpr sys_days kFirst{year{0} / January / 1}, kLast{year{9999} / December / 31};
  time = std::clamp(time, WallTime(kFirst), WallTime(kLast) + days(1) - microseconds(1));
  const sys_days day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  Rfc3339 out = {'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0', '0', ':',
                 '0', '0', ':', '0', '0', '.', '0', '0', '0', '0', '0', '0', 'Z'};
  write_digits(static_cast<std::uint32_t>(static_cast<int>(date.year())), 4, out.data());
  write_digits(static_cast<unsigned>(date.month()), 2, out.data() + 5);
  write_digits(static_cast<unsigned>(date.day()), 2, out.data() + 8);
  write_digits(static_cast<std::uint32_t>(clock.hours().count()), 2, out.data() + 11);
  write_digits(static_cast<std::uint32_t>(clock.minutes().count()), 2, out.data() + 14);
  write_digits(static_cast<std::uint32_t>(clock.seconds().count()), 2, out.data() + 17);
  write_digits(static_cast<std::uint32_t>(clock.subseconds().count()), 6, out.data() + 20);
  return out;
}

}  // namespace logs_sdk::inline v1
