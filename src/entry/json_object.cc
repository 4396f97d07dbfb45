#include "src/entry/json_object.h"

#include "src/entry/json_checker.h"

namespace logs_sdk::inline v1 {

bool is_json_object(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(kJsonSpaces);
  if (first == std::string_view::npos || text[first] != '{') return false;
  return JsonChecker<BoundedNesting<kMaxJsonDepth>, JsonBytes::kAny>(text).document();
}

}  // namespace logs_sdk::inline v1
