// JsonChecker: whether a text is JSON (RFC 8259), and where it stops being it. One grammar for every limit: how deep it
// may nest and what a string may hold are the caller's.
//
// Thread-safety: one thread at a time; a checker lives for one text.
#ifndef LOGS_SDK_ENTRY_JSON_CHECKER_H_
#define LOGS_SDK_ENTRY_JSON_CHECKER_H_

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "src/base/hex.h"
#include "src/entry/utf8.h"

namespace logs_sdk::inline v1 {

inline constexpr std::string_view kJsonSpaces = " \t\r\n";

constexpr bool is_json_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

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

// Each check returns false and stays at the byte that is wrong.
template <typename Nesting, JsonBytes kBytes>
class JsonChecker {
 public:
  explicit JsonChecker(std::string_view text) noexcept : text_(text) {}

  std::size_t offset() const noexcept { return at_; }

  // One value, with spaces around it.
  bool document() {
    if (!value()) return false;
    while (!open_.empty()) {
      if (!after_value()) return false;
    }
    skip_spaces();
    return at_ == text_.size();
  }

 private:
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_spaces() noexcept {
    while (at_ < text_.size() && is_json_space(text_[at_])) ++at_;
  }
  bool take(char c) noexcept {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // A scalar, or the beginning of a container up to its first value.
  bool value() {
    while (true) {
      skip_spaces();
      switch (peek()) {
        case '{':
          if (!open_.open('}')) return false;
          ++at_;
          skip_spaces();
          if (take('}')) return closed();
          if (!name()) return false;
          break;
        case '[':
          if (!open_.open(']')) return false;
          ++at_;
          skip_spaces();
          if (take(']')) return closed();
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
  bool closed() {
    open_.close();
    return true;
  }

  // What follows a value within a container: its end, or the next value.
  bool after_value() {
    skip_spaces();
    if (take(open_.innermost())) return closed();
    if (!take(',')) return false;
    skip_spaces();
    if (open_.innermost() == '}' && !name()) return false;
    return value();
  }

  bool name() noexcept {
    if (!string()) return false;
    skip_spaces();
    return take(':');
  }

  bool literal(std::string_view word) noexcept {
    for (const char c : word) {
      if (!take(c)) return false;
    }
    return true;
  }

  bool is_at_digit() const noexcept { return peek() >= '0' && peek() <= '9'; }
  bool digits() noexcept {
    if (!is_at_digit()) return false;
    while (is_at_digit()) ++at_;
    return true;
  }

  bool number() noexcept {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  bool string() noexcept {
    if (!take('"')) return false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') return take('"');
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\') {
        if (!escape()) return false;
      } else if (kBytes == JsonBytes::kAny || static_cast<unsigned char>(c) < 0x80) {
        ++at_;
      } else {
        const Utf8Part part = next_utf8(text_.substr(at_));
        if (!part.well_formed) return false;
        at_ += part.size;
      }
    }
    return false;
  }

  bool escape() noexcept {
    ++at_;
    if (take('u')) {
      for (int i = 0; i < 4; ++i) {
        if (hex_value(peek()) < 0) return false;
        ++at_;
      }
      return true;
    }
    if (at_ >= text_.size() || std::string_view("\"\\/bfnrt").find(text_[at_]) == std::string_view::npos) return false;
    ++at_;
    return true;
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  Nesting open_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_JSON_CHECKER_H_
