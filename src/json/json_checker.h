// JsonChecker: whether a text is JSON (RFC 8259), and where it stops being it. One grammar for every limit: how deep it
// may nest and what a string may hold are the caller's.
//
// Thread-safety: one thread at a time; a checker lives for one text.
#ifndef LOGS_SDK_JSON_JSON_CHECKER_H_
#define LOGS_SDK_JSON_JSON_CHECKER_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "src/json/json_cursor.h"

namespace logs_sdk::inline v1 {

// The brackets that are to be closed, at most kMaxDepth of them; no allocation.
template <std::size_t kMaxDepth>
class BoundedNesting {
 public:
  bool open(char closing) noexcept {
    if (depth_ == kMaxDepth) return false;
    closing_[depth_++] = closing;
    return true;
  }
  void close() noexcept { --depth_; }
  bool empty() const noexcept { return depth_ == 0; }
  char innermost() const noexcept { return closing_[depth_ - 1]; }

 private:
  std::array<char, kMaxDepth> closing_;
  std::size_t depth_ = 0;
};

// The same without a bound: on the heap, so that nesting cannot exhaust the stack.
class UnboundedNesting {
 public:
  bool open(char closing) {
    closing_.push_back(closing);
    return true;
  }
  void close() { closing_.pop_back(); }
  bool empty() const { return closing_.empty(); }
  char innermost() const { return closing_.back(); }

 private:
  std::vector<char> closing_;
};

// Bytes from 0x80 within strings: must be UTF-8, or may be any.
enum class JsonBytes { kUtf8, kAny };

// Where what stands between the quotes of a string is wrong: a control character, an escape that is none, or bytes that
// are no UTF-8; inside.size() for an escape that is torn at the end. None: it is right.
std::optional<std::size_t> first_string_error(std::string_view inside, JsonBytes bytes) noexcept;

// Each check returns false and stays at the byte that is wrong.
template <typename Nesting, JsonBytes kBytes>
class JsonChecker {
 public:
  explicit JsonChecker(std::string_view text) noexcept : cursor_(text) {}

  std::size_t offset() const noexcept { return cursor_.at(); }

  // One value, with spaces around it.
  bool document() {
    if (!value()) return false;
    while (!open_.empty()) {
      if (!after_value()) return false;
    }
    cursor_.skip_spaces();
    return cursor_.at_end();
  }

 private:
  // A scalar, or the beginning of a container up to its first value.
  bool value() {
    while (true) {
      cursor_.skip_spaces();
      switch (cursor_.peek()) {
        case '{':
          if (!open('}')) return false;
          if (cursor_.take('}')) return closed();
          if (!name()) return false;
          break;
        case '[':
          if (!open(']')) return false;
          if (cursor_.take(']')) return closed();
          break;
        case '"':
          return string();
        case 't':
          return literal("true");
        case 'f':
          return literal("false");
        case 'n':
          return literal("null");
        default:
          return number();
      }
    }
  }
  bool open(char closing) {
    if (!open_.open(closing)) return false;
    cursor_.skip(1);
    cursor_.skip_spaces();
    return true;
  }
  bool closed() {
    open_.close();
    return true;
  }

  // What follows a value within a container: its end, or the next value.
  bool after_value() {
    cursor_.skip_spaces();
    if (cursor_.take(open_.innermost())) return closed();
    if (!cursor_.take(',')) return false;
    cursor_.skip_spaces();
    if (open_.innermost() == '}' && !name()) return false;
    return value();
  }

  bool name() noexcept {
    if (!string()) return false;
    cursor_.skip_spaces();
    return cursor_.take(':');
  }

  bool literal(std::string_view word) noexcept {
    for (const char c : word) {
      if (!cursor_.take(c)) return false;
    }
    return true;
  }

  bool digits() noexcept {
    if (!is_digit(cursor_.peek())) return false;
    while (is_digit(cursor_.peek())) cursor_.skip(1);
    return true;
  }

  bool number() noexcept {
    cursor_.take('-');
    if (!cursor_.take('0') && !digits()) return false;
    if (cursor_.take('.') && !digits()) return false;
    if (cursor_.take('e') || cursor_.take('E')) {
      if (!cursor_.take('+')) cursor_.take('-');
      return digits();
    }
    return true;
  }

  bool string() noexcept {
    if (cursor_.peek() != '"') return false;
    const JsonString string = cursor_.take_string();
    const auto error = first_string_error(cursor_.view(string.inside), kBytes);
    if (error) cursor_.go_to(string.inside.begin + *error);
    return !error && string.closed;
  }

  JsonCursor cursor_;
  Nesting open_;
};

// Whether a text is one JSON object: for fields that hold JSON as text. Bytes from 0x80 are accepted within strings,
// well-formed or not: the encoder repairs them.
bool is_json_object(std::string_view text) noexcept;

// Deeper than this is_json_object() refuses: readers have limits too, and a stack must not end on hostile input.
inline constexpr int kMaxJsonDepth = 64;

// The offset of the first byte at which `text` cannot go on as one JSON value in UTF-8, text.size() when it ends too
// early; none when it is one. Nesting is not limited.
std::optional<std::size_t> first_json_error(std::string_view text);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_JSON_JSON_CHECKER_H_
