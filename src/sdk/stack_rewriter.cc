#include "src/sdk/stack_rewriter.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "src/entry/newest_lines.h"
#include "src/json/json_text.h"
#include "src/sdk/readable_stack.h"
#include "src/symbols/raw_frame.h"

namespace logs_sdk::inline v1 {
namespace {

// The last three members of an entry, which src/entry/field_table.h fixes.
constexpr std::string_view kStack = ",\"error_stack\":";
constexpr std::string_view kLocation = ",\"panic_location\":";
constexpr std::string_view kTags = ",\"tags\":{";

constexpr std::string_view kNoStack = ",\"error_stack\":\"\",\"panic_location\":\"\"";

struct StackFields {
  std::size_t begin;                 // of the member error_stack
  std::size_t end;                   // of the member panic_location
  std::string_view stack, location;  // tokens
};

// Where the member tags begins. By its bracket, of which there are few.
std::size_t tags_begin(std::string_view entry) noexcept {
  for (std::size_t end = entry.size(); end > 0;) {
    const void* const bracket = ::memrchr(entry.data(), '{', end);
    if (bracket == nullptr) break;
    end = static_cast<std::size_t>(static_cast<const char*>(bracket) - entry.data());
    if (entry.substr(0, end + 1).ends_with(kTags)) return end + 1 - kTags.size();
  }
  return std::string_view::npos;
}

// From the end: what stands behind is short. The member tags is the only object of an entry and holds none, so its name
// cannot be anything else; within a string a quote has a backslash before it, so neither can the two before.
std::optional<StackFields> stack_fields(std::string_view entry) noexcept {
  const std::size_t end = tags_begin(entry);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view before = entry.substr(0, end);
  if (before.ends_with(kNoStack)) return std::nullopt;  // as most do
  const std::size_t location = before.rfind(kLocation);
  if (location == std::string_view::npos) return std::nullopt;
  const std::size_t stack = before.substr(0, location).rfind(kStack);
  if (stack == std::string_view::npos) return std::nullopt;
  return StackFields{stack, end, before.substr(stack + kStack.size(), location - stack - kStack.size()),
                     before.substr(location + kLocation.size())};
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool any_frame(const std::vector<std::string_view>& lines) noexcept {
  return std::any_of(lines.begin(), lines.end(),
                     [](std::string_view line) { return parse_raw_frame(line).has_value(); });
}

}  // namespace

StackRewriter::StackRewriter(std::size_t max_stack_bytes, std::function<void()> on_missing)
    : max_stack_bytes_(max_stack_bytes), on_missing_(std::move(on_missing)) {}

bool StackRewriter::rewrite(std::string_view entry, std::string& out) noexcept {
  try {
    return rewrite_fields(entry, out);
  } catch (...) {  // memory has run out: the entry travels as it is
    return false;
  }
}

bool StackRewriter::rewrite_fields(std::string_view entry, std::string& out) {
  constexpr std::string_view kEmpty = "\"\"";
  const std::optional<StackFields> fields = stack_fields(entry);
  if (!fields || fields->location == kEmpty) return false;
  const std::string stack = json_string_value(fields->stack);
  const std::string location = json_string_value(fields->location);
  // Without max_stack_size there is a location all the same.
  const std::vector<std::string_view> lines = lines_of(stack.empty() ? location : stack);
  if (!any_frame(lines)) return false;
  if (!Symbolizer::available()) {
    on_missing_();
    return false;
  }
  const std::vector<std::vector<CodePlace>> places = symbolizer_.places(lines);
  if (std::all_of(places.begin(), places.end(), [](const auto& each) { return each.empty(); })) return false;
  const ReadableStack readable = readable_stack(lines, places);
  std::string kept;
  if (!stack.empty()) append_newest_lines(readable.stack, false, max_stack_bytes_, kept);
  out.assign(entry.substr(0, fields->begin)).append(kStack);
  append_json_string(kept, out);
  out.append(kLocation);
  append_json_string(parse_raw_frame(location) ? readable.location : location, out);
  out.append(entry.substr(fields->end));
  return true;
}

}  // namespace logs_sdk::inline v1
