#include "src/capture/timings.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>

namespace logs_sdk::inline v1 {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr std::int64_t kMaxQueueUs = 3600ll * 1'000'000;

// Compared before anything is subtracted, for an application may mark any point of time.
std::optional<SteadyTime> marked(const ExchangeState& state, Mark mark, SteadyTime end) noexcept {
  const auto index = static_cast<std::size_t>(mark);
  if ((state.marked >> index & 1u) == 0) return std::nullopt;
  const SteadyTime at = state.marks[index];
  return at < state.started || at > end ? std::nullopt : std::optional(at);
}

SteadyTime last_byte(const ExchangeState& state, SteadyTime end) noexcept {
  return marked(state, Mark::kLastByte, end).value_or(end);
}

// "t=1700000000.123" and what may stand around it: "D=512 t=1700000000123456".
std::string_view time_in(std::string_view value) noexcept {
  const std::size_t name = value.starts_with("t=") ? 0 : value.find(" t=") + 1;  // npos + 1 is 0
  value.remove_prefix(name);
  if (!value.starts_with("t=")) return value;
  value.remove_prefix(2);
  return value.substr(0, value.find_first_of(" ,;"));
}

// Writes members; one that runs backwards is a mark given in the wrong order and is left out.
class Breakdown {
 public:
  explicit Breakdown(std::string& out) : out_(out) { out_.push_back('{'); }
  void add(std::string_view name, std::optional<SteadyTime> from, std::optional<SteadyTime> to) {
    if (from && to) add(name, duration_cast<microseconds>(*to - *from).count());
  }
  void add(std::string_view name, std::int64_t us) {
    if (us < 0) return;
    char digits[20];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, us);
    out_.append(first_ ? "\"" : ",\"").append(name).append("\":").append(digits, end);
    first_ = false;
  }
  void close() { out_.push_back('}'); }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace

std::optional<WallTime> parse_request_start(std::string_view value) noexcept {
  value = time_in(value);
  double number = 0;
  const auto [end, error] =
      std::from_chars(value.data(), value.data() + value.size(), number, std::chars_format::fixed);
  if (error != std::errc() || end != value.data() + value.size() || !(number > 0) || number >= 1e20)
    return std::nullopt;
  // 1e11 s is the year 5138, 1e11 ms is 1973; likewise for the finer units.
  const double us = number < 1e11 ? number * 1e6 : number < 1e14 ? number * 1e3 : number < 1e17 ? number : number / 1e3;
  return WallTime(microseconds(std::llround(us)));
}

std::int64_t duration_ms(const ExchangeState& state, SteadyTime end) noexcept {
  const auto us = duration_cast<microseconds>(last_byte(state, end) - state.started).count();
  return us <= 0 ? 0 : (us + 500) / 1000;
}

void append_breakdown(const ExchangeState& state, SteadyTime end, std::string_view request_start, std::string& out) {
  Breakdown breakdown(out);
  if (const auto queued = parse_request_start(request_start)) {
    const std::int64_t us = (state.started_wall - *queued).count();
    if (us <= kMaxQueueUs) breakdown.add("queue_us", us);
  }
  const SteadyTime last = last_byte(state, end);
  const auto first_byte = marked(state, Mark::kFirstByte, last);
  breakdown.add("request_body_us", state.started, marked(state, Mark::kRequestBodyRead, end));
  breakdown.add("handler_us", marked(state, Mark::kHandlerStart, end), marked(state, Mark::kHandlerEnd, end));
  breakdown.add("first_byte_us", state.started, first_byte);
  breakdown.add("response_us", first_byte, last);
  breakdown.add("total_us", state.started, last);
  breakdown.close();
}

}  // namespace logs_sdk::inline v1
