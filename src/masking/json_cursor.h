// JsonCursor: the tokens of a text that may be JSON, one after the other.
//
// Takes what writers get wrong (single quotes, comments, words without quotes) and what is torn; whether tokens may
// follow one another is its user's business. Each byte is looked at a bounded number of times.
#ifndef LOGS_SDK_MASKING_JSON_CURSOR_H_
#define LOGS_SDK_MASKING_JSON_CURSOR_H_

#include <array>
#include <cstddef>
#include <string_view>

#include "src/masking/characters.h"
#include "src/masking/span.h"

namespace logs_sdk::inline v1 {

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

  bool at_end() const noexcept { return at_ >= text_.size(); }
  char peek() const noexcept { return text_[at_]; }  // not at the end
  std::size_t at() const noexcept { return at_; }
  void skip(std::size_t count) noexcept { at_ += count; }
  void go_to(std::size_t at) noexcept { at_ = at; }

  // RFC 7464 puts a record separator before each document.
  void skip_spaces() noexcept {
    while (at_ < text_.size() && text_[at_] <= ' ' && (is_space(text_[at_]) || text_[at_] == '\x1E')) ++at_;
  }
  bool at_quote() const noexcept { return peek() == '"' || peek() == '\''; }

  // At a quote: the string; the cursor stands behind it.
  JsonString take_string() noexcept;
  // A comment that begins here, with what marks it; empty when none does. The cursor stands behind it.
  Span take_comment() noexcept;
  // A number, or a word without quotes; empty for any other character.
  Span take_word() noexcept;
  // What stands for a value without quotes: to the next comma, bracket or end of the line.
  Span take_rest_of_value() noexcept;
  // At an opening bracket: to the one that closes it; to the end of the text when none does.
  Span take_brackets() noexcept;

 private:
  static constexpr auto kInWord = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c) {
      const char character = static_cast<char>(c);
      table[c] = is_alphanumeric(character) || std::string_view("_.-+$*").find(character) != std::string_view::npos;
    }
    return table;
  }();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_JSON_CURSOR_H_
