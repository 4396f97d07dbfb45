#include "src/masking/stack_text.h"

#include <algorithm>
#include <cstddef>

namespace logs_sdk::inline v1 {
namespace {

// Stands for a colon that separates no name from a value; it is part of no name.
constexpr char kNoSeparator = '~';
// Longer than any frame that the library writes.
constexpr std::size_t kMaxFrameBytes = 1024;

// How a frame ends: `at file.cc:12`, `(module+0x1f)`, `[build id]`.
bool ends_as_frame(std::string_view line) noexcept {
  if (line.empty()) return false;
  if (line.back() == ')' || line.back() == ']') return line.find("+0x") != std::string_view::npos;
  const std::size_t colon = line.find_last_not_of("0123456789");
  return colon != std::string_view::npos && colon + 1 < line.size() && line[colon] == ':' &&
         line.find(" at ") != std::string_view::npos;
}

// `line` as a text in which the colons of a frame separate nothing. Every other separator stays what it is.
std::string without_separators(std::string_view line) {
  std::string text(line);
  for (std::size_t at = text.find("::"); at != std::string::npos; at = text.find("::", at))
    text[at] = text[at + 1] = kNoSeparator;
  const std::size_t last = text.find_last_not_of("0123456789");
  if (last != std::string::npos && text[last] == ':') text[last] = kNoSeparator;
  return text;
}

bool is_harmless_frame(const Masker& masker, std::string_view line) {
  if (line.size() > kMaxFrameBytes || !ends_as_frame(line)) return false;
  std::string ignored;
  return !masker.mask_text(without_separators(line), ignored);
}

}  // namespace

// What stands between two frames is masked as one text: a secret may have several lines.
bool mask_stack(const Masker& masker, std::string_view stack, std::string& out, Extent extent) {
  std::string ignored;
  if (!masker.mask_text(stack, ignored, extent)) return false;
  const std::size_t start = out.size();
  std::size_t text_begin = 0;
  for (std::size_t begin = 0; begin < stack.size();) {
    const std::size_t end = std::min(stack.find('\n', begin), stack.size());
    const bool whole = end < stack.size() || extent == Extent::kWhole;
    const std::string_view line = stack.substr(begin, end - begin);
    const std::size_t next = std::min(end + 1, stack.size());
    if (whole && is_harmless_frame(masker, line)) {
      masker.text(stack.substr(text_begin, begin - text_begin), out);
      out.append(stack.substr(begin, next - begin));
      text_begin = next;
    }
    begin = next;
  }
  masker.text(stack.substr(text_begin), out, extent);
  if (std::string_view(out).substr(start) != stack) return true;
  out.resize(start);
  return false;
}

}  // namespace logs_sdk::inline v1
