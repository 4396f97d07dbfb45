#include "src/capture/elements_from_end.h"

#include "src/capture/field_lines.h"

namespace logs_sdk::inline v1 {
namespace {

// Within a quoted string a '"' follows an odd number of backslashes, its ends an even one.
bool is_escaped(std::string_view text, std::size_t at) noexcept {
  std::size_t first = at;
  while (first > 0 && text[first - 1] == '\\') --first;
  return (at - first) % 2 == 1;
}

std::size_t last_comma(std::string_view list, Quotes quotes) noexcept {
  if (quotes == Quotes::kNone) return list.rfind(',');
  bool quoted = false;
  for (std::size_t i = list.size(); i-- > 0;) {
    if (list[i] == ',' && !quoted) return i;
    if (list[i] == '"' && !(quoted && is_escaped(list, i))) quoted = !quoted;
  }
  return std::string_view::npos;
}

}  // namespace

ElementsFromEnd::ElementsFromEnd(const ExchangeState& state, HeaderId id, Quotes quotes) noexcept
    : state_(state),
      id_(id),
      quotes_(quotes),
      index_(state.request_headers.has(id) ? state.request_headers.list.size() : 0) {}

std::optional<std::string_view> ElementsFromEnd::next() noexcept {
  while (!rest_.empty() || next_header()) {
    const std::size_t comma = last_comma(rest_, quotes_);
    const bool first = comma == std::string_view::npos;
    const std::string_view element = trimmed(first ? rest_ : rest_.substr(comma + 1));
    rest_ = first ? std::string_view() : rest_.substr(0, comma);
    if (!element.empty()) return element;
  }
  return std::nullopt;
}

bool ElementsFromEnd::next_header() noexcept {
  while (index_ > 0) {
    const ExchangeState::Header& header = state_.request_headers.list[--index_];
    if (header.id != id_ || header.value.size == 0) continue;
    rest_ = state_.text(header.value);
    return true;
  }
  return false;
}

}  // namespace logs_sdk::inline v1
