#include "src/capture/trace_context.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace logs_sdk::inline v1 {
namespace {

// version "-" trace-id "-" parent-id "-" flags
constexpr std::size_t kTraceIdAt = 3, kParentIdAt = 36, kFlagsAt = 53, kVersion00Bytes = 55;

constexpr auto kLowerHex = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("0123456789abcdef")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_lower_hex(std::string_view text) noexcept {
  bool all = true;
  for (const char c : text) all &= kLowerHex[static_cast<unsigned char>(c)];
  return all;
}

bool is_identifier(std::string_view text) noexcept {
  return is_lower_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

std::optional<TraceParent> parse_traceparent(std::string_view value) noexcept {
  if (value.size() < kVersion00Bytes) return std::nullopt;
  if (value[2] != '-' || value[kParentIdAt - 1] != '-' || value[kFlagsAt - 1] != '-') return std::nullopt;
  const std::string_view version = value.substr(0, 2);
  if (!is_lower_hex(version) || version == "ff") return std::nullopt;
  // A later version may go on after another '-'.
  if (value.size() > kVersion00Bytes && (version == "00" || value[kVersion00Bytes] != '-')) return std::nullopt;
  const TraceParent parent{value.substr(kTraceIdAt, 32), value.substr(kParentIdAt, 16)};
  if (!is_identifier(parent.trace_id) || !is_identifier(parent.parent_id) || !is_lower_hex(value.substr(kFlagsAt, 2)))
    return std::nullopt;
  return parent;
}

std::optional<std::array<char, 32>> parse_trace_id(std::string_view value) noexcept {
  std::array<char, 32> id;
  std::size_t size = 0;
  for (char c : value) {
    if (c == '-') continue;
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c + 32);
    if (size == id.size()) return std::nullopt;
    id[size++] = c;
  }
  if (size != id.size() || !is_identifier({id.data(), id.size()})) return std::nullopt;
  return id;
}

}  // namespace logs_sdk::inline v1
