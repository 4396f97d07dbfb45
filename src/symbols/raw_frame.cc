#include "src/symbols/raw_frame.h"

#include <charconv>
#include <cstddef>
#include <system_error>

#include "src/base/hex.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::string_view kOffsetMark = "+0x";
constexpr std::size_t kMaxBuildIdDigits = 128;  // SHA-1 has 40; linkers know longer ones

}  // namespace

void append_raw_frame(const RawFrame& frame, std::string& out) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, frame.offset, 16).ptr;
  out.append(frame.module).append(kOffsetMark).append(digits, end).append(" [").append(frame.build_id).append("]");
}

std::optional<RawFrame> parse_raw_frame(std::string_view line) noexcept {
  if (line.empty() || line.back() != ']') return std::nullopt;
  line.remove_suffix(1);
  const std::size_t bracket = line.rfind(" [");
  if (bracket == std::string_view::npos) return std::nullopt;
  RawFrame frame;
  frame.build_id = line.substr(bracket + 2);
  line = line.substr(0, bracket);
  const std::size_t mark = line.rfind(kOffsetMark);
  if (mark == std::string_view::npos || mark == 0) return std::nullopt;
  frame.module = line.substr(0, mark);
  const std::string_view digits = line.substr(mark + kOffsetMark.size());
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), frame.offset, 16);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  const bool is_id = frame.build_id.empty() || is_hex(frame.build_id);
  return is_id && frame.build_id.size() <= kMaxBuildIdDigits ? std::optional(frame) : std::nullopt;
}

}  // namespace logs_sdk::inline v1
