#include "src/json/json_cursor.h"

#include <algorithm>

#include "src/base/find_any.h"

namespace logs_sdk::inline v1 {

std::string_view without_torn_escape(std::string_view inside) noexcept {
  constexpr std::size_t kMaxEscapeBytes = 6;
  std::size_t at = inside.size() - std::min(inside.size(), kMaxEscapeBytes);
  at = inside.find('\\', at);
  if (at == std::string_view::npos) return inside;
  std::size_t begin = at;
  while (begin > 0 && inside[begin - 1] == '\\') --begin;
  if ((at - begin) % 2 != 0) ++at;  // it is itself escaped
  while (at < inside.size() && inside[at] == '\\') {
    const std::size_t size = at + 1 < inside.size() && inside[at + 1] == 'u' ? kMaxEscapeBytes : 2;
    if (at + size > inside.size()) return inside.substr(0, at);
    at = std::min(inside.find('\\', at + size), inside.size());
  }
  return inside;
}

// Most strings are short, so their characters are looked at one by one before a search is worth its call.
JsonString JsonCursor::take_string() noexcept {
  constexpr std::size_t kShort = 24;
  if (!at_quote()) return {.inside = {at_, at_}};
  const char quote = text_[at_];
  JsonString string;
  std::size_t at = at_ + 1;
  string.inside = {at, text_.size()};
  for (const std::size_t end = std::min(at + kShort, text_.size()); at < end && text_[at] != '\\'; ++at) {
    if (text_[at] != quote) continue;
    string.inside.end = at;
    string.closed = true;
    at_ = at + 1;
    return string;
  }
  for (std::size_t close = text_.find(quote, at); close != std::string_view::npos;
       close = text_.find(quote, close + 1)) {
    std::size_t escape = close;
    while (escape > string.inside.begin && text_[escape - 1] == '\\') --escape;
    if ((close - escape) % 2 != 0) continue;
    string.inside.end = close;
    string.closed = true;
    break;
  }
  string.escaped = view({at, string.inside.end}).find('\\') != std::string_view::npos;
  go_to(string.end());
  return string;
}

Span JsonCursor::take_comment() noexcept {
  const std::string_view rest = text_.substr(at_);
  Span comment{at_, at_};
  if (rest.starts_with("/*")) {
    const std::size_t end = text_.find("*/", at_ + 2);
    comment.end = end == std::string_view::npos ? text_.size() : end + 2;
  } else if (rest.starts_with("//") || rest.starts_with('#')) {
    comment.end = find_any<'\r', '\n'>(text_, at_);
  }
  at_ = comment.end;
  return comment;
}

Span JsonCursor::take_rest_of_value() noexcept {
  const std::size_t begin = at_;
  at_ = find_any<',', '}', ']', '\r', '\n'>(text_, at_);
  std::size_t end = at_;
  while (end > begin && is_blank(text_[end - 1])) --end;
  return {begin, end};
}

Span JsonCursor::take_brackets() noexcept {
  const std::size_t begin = at_;
  std::size_t depth = 0;  // 0 only before the first character
  do {
    const char c = peek();
    if (c == '"' || c == '\'') {
      take_string();
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && depth > 0) --depth;
    skip(1);
  } while (depth > 0 && !at_end());
  return {begin, at_};
}

Span JsonCursor::take_value() noexcept {
  const std::size_t begin = at_;
  const char c = peek();
  if (c == '{' || c == '[') return take_brackets();
  if (c != '"') return take_word();
  return take_string().closed ? Span{begin, at_} : Span{begin, begin};
}

}  // namespace logs_sdk::inline v1
