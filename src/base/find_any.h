// The first of a few characters in a text. std::string_view::find_first_of calls a function for each character of it.
#ifndef LOGS_SDK_BASE_FIND_ANY_H_
#define LOGS_SDK_BASE_FIND_ANY_H_

#include <cstddef>
#include <string_view>

namespace logs_sdk::inline v1 {

// Where the first of `kWanted...` stands from `at` on; the size of `text` for nowhere.
template <char... kWanted>
std::size_t find_any(std::string_view text, std::size_t at = 0) noexcept {
  while (at < text.size() && !((text[at] == kWanted) || ...)) ++at;
  return at < text.size() ? at : text.size();
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_FIND_ANY_H_
