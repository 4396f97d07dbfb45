#include "src/audit/audit_options.h"

#include <cstdint>

#include "src/base/whole_number.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::int64_t kLongestAge = std::int64_t{100} * 366 * 86'400;

std::int64_t seconds_of_unit(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3'600;
    case 'd':
      return 86'400;
    default:
      return 0;
  }
}

}  // namespace

std::optional<std::chrono::seconds> parse_age(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::int64_t unit = seconds_of_unit(text.back());
  const auto count = parse_whole<std::int64_t>(text.substr(0, text.size() - 1));
  if (unit == 0 || !count || *count < 0 || *count > kLongestAge / unit) return std::nullopt;
  return std::chrono::seconds(*count * unit);
}

std::string check_age(const std::string& text) {
  return parse_age(text) ? "" : "expected an age such as 90s, 15m, 24h or 7d";
}

std::optional<std::int64_t> begin_of(const AuditOptions& options, std::chrono::system_clock::time_point now) {
  const auto age = parse_age(options.since);
  if (!age) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::microseconds>((now - *age).time_since_epoch()).count();
}

}  // namespace logs_sdk::inline v1
