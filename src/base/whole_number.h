// A text that is a number and nothing else.
#ifndef LOGS_SDK_BASE_WHOLE_NUMBER_H_
#define LOGS_SDK_BASE_WHOLE_NUMBER_H_

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace logs_sdk::inline v1 {

// In decimal, with '-' where Number has a sign, and as std::from_chars reads a double. None: `text` is anything else,
// or the number does not fit.
template <typename Number>
std::optional<Number> parse_whole(std::string_view text) noexcept {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_WHOLE_NUMBER_H_
