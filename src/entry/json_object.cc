#include "src/entry/json_object.h"

#include <cstddef>

#include "src/base/hex.h"

namespace logs_sdk::inline v1 {
namespace {

// Recursive descent over the grammar of RFC 8259; each function consumes what it names or returns false.
class Checker {
 public:
  explicit Checker(std::string_view text) noexcept : text_(text) {}

  bool whole_object() noexcept {
    skip_space();
    if (peek() != '{' || !value(0)) return false;
    skip_space();
    return text_.empty();
  }

 private:
  char peek() const noexcept { return text_.empty() ? '\0' : text_.front(); }

  bool take(char wanted) noexcept {
    if (peek() != wanted || text_.empty()) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool take(std::string_view wanted) noexcept {
    if (!text_.starts_with(wanted)) return false;
    text_.remove_prefix(wanted.size());
    return true;
  }

  void skip_space() noexcept {
    const std::size_t at = text_.find_first_not_of(" \t\n\r");
    text_.remove_prefix(at == std::string_view::npos ? text_.size() : at);
  }

  bool value(int depth) noexcept {
    skip_space();
    switch (peek()) {
      case '{':
        return depth < kMaxJsonDepth && sequence('{', '}', depth);
      case '[':
        return depth < kMaxJsonDepth && sequence('[', ']', depth);
      case '"':
        return string();
      case 't':
        return take("true");
      case 'f':
        return take("false");
      case 'n':
        return take("null");
      default:
        return number();
    }
  }

  // An object or an array: they differ in the names alone.
  bool sequence(char open, char close, int depth) noexcept {
    take(open);
    skip_space();
    if (take(close)) return true;
    do {
      if (open == '{' && !name()) return false;
      if (!value(depth + 1)) return false;
      skip_space();
    } while (take(','));
    return take(close);
  }

  bool name() noexcept {
    skip_space();
    if (!string()) return false;
    skip_space();
    return take(':');
  }

  bool string() noexcept {
    if (!take('"')) return false;
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !escaped()) return false;
    }
    return false;
  }

  bool escaped() noexcept {
    if (take('u')) {
      if (text_.size() < 4 || !is_hex(text_.substr(0, 4))) return false;
      text_.remove_prefix(4);
      return true;
    }
    if (text_.empty() || std::string_view("\"\\/bfnrt").find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool digits() noexcept {
    std::size_t count = 0;
    while (count < text_.size() && text_[count] >= '0' && text_[count] <= '9') ++count;
    text_.remove_prefix(count);
    return count > 0;
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

  std::string_view text_;
};

}  // namespace

bool is_json_object(std::string_view text) noexcept { return Checker(text).whole_object(); }

}  // namespace logs_sdk::inline v1
