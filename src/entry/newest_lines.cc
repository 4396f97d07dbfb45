#include "src/entry/newest_lines.h"

#include <algorithm>

#include "src/entry/limits.h"

namespace logs_sdk::inline v1 {

void append_newest_lines(std::string_view stack, bool cut, std::size_t max_bytes, std::string& out) {
  std::string_view kept = stack;
  cut = cut || stack.size() > max_bytes;
  if (cut) {
    const std::size_t room = max_bytes - std::min(max_bytes, kTruncated.size() + 1);
    kept.remove_prefix(kept.size() - std::min(room, kept.size()));
    const std::size_t line_end = kept.find('\n');
    if (line_end != std::string_view::npos) kept.remove_prefix(line_end + 1);
  }
  if (cut && max_bytes > kTruncated.size()) out.append(kTruncated).append("\n");
  out.append(kept);
}

}  // namespace logs_sdk::inline v1
