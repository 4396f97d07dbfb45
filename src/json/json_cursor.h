// JsonCursor: a place in a text that may be JSON, and the tokens that begin there.
//
// Whatever in the library walks JSON, strictly (JsonChecker, JsonMembers) or forgivingly (masking), walks by this: it
// is the one place that knows where such a text ends. Whether tokens may follow one another is its user's business; it
// also takes what writers get wrong (single quotes, comments, words without quotes) and what is torn.
//
// The invariant: at() never passes the end of the text. Every move stops there, and what is seen there is '\0', with
// which no token begins. So any call is safe at any place of any text. Each byte is looked at a bounded number of
// times. Thread-safety: none; a cursor lives for one text, which outlives it.
#ifndef LOGS_SDK_JSON_JSON_CURSOR_H_
#define LOGS_SDK_JSON_JSON_CURSOR_H_

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <optional>
#include <string_view>

#include "src/base/ascii.h"
#include "src/base/span.h"

namespace logs_sdk::inline v1 {

constexpr bool is_json_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

struct JsonString {
  Span inside;           // without the quotes
  bool closed = false;   // else it goes on to the end of the text
  bool escaped = false;  // holds a backslash
  std::size_t end() const noexcept { return inside.end + (closed ? 1 : 0); }
};

// The inside of a string that is not closed, without the escape that it may end within.
std::string_view without_torn_escape(std::string_view inside) noexcept;

class JsonCursor {
 public:
  // Whether `c` may stand in a number or in a word without quotes.
  static bool in_word(char c) noexcept { return kInWord[static_cast<unsigned char>(c)]; }

  explicit JsonCursor(std::string_view text) noexcept : text_(text) {}

  bool at_end() const noexcept { return at_ == text_.size(); }
  std::size_t at() const noexcept { return at_; }
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  // What stands in `span`, as far as there is text.
  std::string_view view(Span span) const noexcept {
    const std::size_t begin = std::min(span.begin, text_.size());
    return {text_.data() + begin, std::max(begin, std::min(span.end, text_.size())) - begin};
  }

  void go_to(std::size_t at) noexcept {
    at_ = std::min(at, text_.size());
    assert(at_ <= text_.size());
  }
  void skip(std::size_t count) noexcept { go_to(at_ + std::min(count, text_.size() - at_)); }
  // Moves behind `c` if it stands here.
  bool take(char c) noexcept {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // White space of JSON.
  void skip_spaces() noexcept {
    while (!at_end() && is_json_space(text_[at_])) ++at_;
  }
  // The same, what else is taken for white space, and the record separator that RFC 7464 puts before each document.
  void skip_any_spaces() noexcept {
    while (!at_end() && text_[at_] <= ' ' && (is_space(text_[at_]) || text_[at_] == '\x1E')) ++at_;
  }
  bool at_quote() const noexcept { return peek() == '"' || peek() == '\''; }

  // Each of these takes what begins here; the cursor stands behind it.

  // At a quote of either kind: the string. Nothing, not closed, anywhere else.
  JsonString take_string() noexcept;
  // A string in double quotes of fewer than `max_bytes`, without escapes, whose characters `accept` takes one by one:
  // its inside. None for any other, and the cursor stays.
  template <typename Accept>
  std::optional<Span> take_plain_string(std::size_t max_bytes, Accept accept) noexcept {
    if (peek() != '"') return std::nullopt;
    const std::size_t begin = at_ + 1, end = begin + std::min(max_bytes, text_.size() - begin);
    for (std::size_t at = begin; at < end && text_[at] != '\\'; ++at) {
      if (text_[at] == '"') {
        at_ = at + 1;
        return Span{begin, at};
      }
      if (!accept(text_[at])) break;
    }
    return std::nullopt;
  }
  // A comment, with what marks it; empty when none begins here.
  Span take_comment() noexcept;
  // A number, or a word without quotes; empty for any other character.
  Span take_word() noexcept {
    const std::size_t begin = at_;
    while (at_ < text_.size() && in_word(text_[at_])) ++at_;
    return {begin, at_};
  }
  // What stands for a value without quotes: to the next comma, bracket or end of the line.
  Span take_rest_of_value() noexcept;
  // At an opening bracket: to the one that closes it; to the end of the text when none does.
  Span take_brackets() noexcept;
  // A string, a list, an object or a word; empty where none begins, or a string that is not closed.
  Span take_value() noexcept;

 private:
  static constexpr auto kInWord = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c) {
      const char character = static_cast<char>(c);
      table[c] = is_alphanumeric(character) || std::string_view("_.-+$*").find(character) != std::string_view::npos;
    }
    return table;
  }();

  const std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_JSON_JSON_CURSOR_H_
