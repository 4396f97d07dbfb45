#include "src/shipper/json_reader.h"

#include <charconv>

#include "src/base/hex.h"

namespace logs_sdk::inline v1 {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// `digits` are four hexadecimal digits, as read_escape has seen.
std::uint32_t code_unit(std::string_view digits) noexcept {
  std::uint32_t unit = 0;
  for (const char c : digits) unit = unit << 4 | static_cast<std::uint32_t>(hex_value(c));
  return unit;
}

bool is_high_surrogate(std::uint32_t unit) noexcept { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(std::uint32_t unit) noexcept { return unit >= 0xDC00 && unit < 0xE000; }

void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (point >> shift & 0x3F)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

// `at` is behind "\u"; returns where reading goes on.
std::size_t append_unicode_escape(std::string& out, std::string_view text, std::size_t at) {
  std::uint32_t point = code_unit(text.substr(at, 4));
  at += 4;
  if (is_high_surrogate(point) && text.substr(at, 2) == "\\u") {
    const std::uint32_t low = code_unit(text.substr(at + 2, 4));
    if (is_low_surrogate(low)) {
      append_utf8(out, 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00));
      return at + 6;
    }
  }
  if (is_high_surrogate(point) || is_low_surrogate(point)) point = 0xFFFD;
  append_utf8(out, point);
  return at;
}

char unescape(char letter) noexcept {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return letter;  // quote, backslash, slash
  }
}

}  // namespace

JsonReader::Token JsonReader::next() noexcept {
  if (failed_) return Token::kError;
  skip_space();
  switch (expect_) {
    case Expect::kNothing:
      return at_ == text_.size() ? Token::kEnd : fail();
    case Expect::kFirstNameOrEnd:
      return take('}') ? close() : read_name();
    case Expect::kFirstValueOrEnd:
      return take(']') ? close() : read_value();
    case Expect::kCommaOrEnd:
      if (take(',')) return read_after_comma();
      return take(in_object() ? '}' : ']') ? close() : fail();
    case Expect::kValue:
      break;
  }
  return read_value();
}

std::string JsonReader::string() const {
  std::string out;
  out.reserve(token_.size());
  for (std::size_t at = 0; at < token_.size();) {
    const char c = token_[at++];
    if (c != '\\') {
      out += c;
      continue;
    }
    const char letter = token_[at++];
    if (letter == 'u') {
      at = append_unicode_escape(out, token_, at);
    } else {
      out += unescape(letter);
    }
  }
  return out;
}

std::optional<std::uint64_t> JsonReader::natural() const noexcept {
  std::int64_t value = 0;
  const char* end = token_.data() + token_.size();
  const auto [stop, error] = std::from_chars(token_.data(), end, value);
  if (error != std::errc{} || stop != end || value < 0 || token_.front() == '-') return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

bool JsonReader::skip(Token first) noexcept {
  if (first != Token::kObject && first != Token::kArray) return first != Token::kError;
  const int outside = depth_ - 1;
  while (depth_ > outside) {
    if (next() == Token::kError) return false;
  }
  return true;
}

void JsonReader::skip_space() noexcept {
  const std::size_t found = text_.find_first_not_of(" \t\r\n", at_);
  at_ = found == std::string_view::npos ? text_.size() : found;
}

bool JsonReader::take(char wanted) noexcept {
  if (at_ == text_.size() || text_[at_] != wanted) return false;
  ++at_;
  return true;
}

JsonReader::Token JsonReader::fail() noexcept {
  failed_ = true;
  return Token::kError;
}

JsonReader::Token JsonReader::read_after_comma() noexcept {
  skip_space();
  return in_object() ? read_name() : read_value();
}

JsonReader::Token JsonReader::read_name() noexcept {
  if (!read_string()) return fail();
  skip_space();
  if (!take(':')) return fail();
  expect_ = Expect::kValue;
  return Token::kName;
}

JsonReader::Token JsonReader::read_value() noexcept {
  if (at_ == text_.size()) return fail();
  switch (text_[at_]) {
    case '{':
      return open(Token::kObject, true);
    case '[':
      return open(Token::kArray, false);
    case '"':
      if (!read_string()) return fail();
      value_done();
      return Token::kString;
    case 't':
      return read_word("true", Token::kTrue);
    case 'f':
      return read_word("false", Token::kFalse);
    case 'n':
      return read_word("null", Token::kNull);
    default:
      return read_number();
  }
}

JsonReader::Token JsonReader::read_word(std::string_view word, Token token) noexcept {
  if (text_.substr(at_, word.size()) != word) return fail();
  at_ += word.size();
  value_done();
  return token;
}

JsonReader::Token JsonReader::read_number() noexcept {
  const std::size_t begin = at_;
  take('-');
  if (!take('0') && !read_digits()) return fail();
  if (take('.') && !read_digits()) return fail();
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    if (!read_digits()) return fail();
  }
  token_ = text_.substr(begin, at_ - begin);
  value_done();
  return Token::kNumber;
}

bool JsonReader::read_digits() noexcept {
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  return at_ > begin;
}

bool JsonReader::read_string() noexcept {
  if (!take('"')) return false;
  const std::size_t begin = at_;
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '"') {
      token_ = text_.substr(begin, at_ - 1 - begin);
      return true;
    }
    if (static_cast<unsigned char>(c) < 0x20) return false;
    if (c == '\\' && !read_escape()) return false;
  }
  return false;
}

bool JsonReader::read_escape() noexcept {
  if (at_ == text_.size()) return false;
  const char letter = text_[at_++];
  if (letter != 'u') return std::string_view("\"\\/bfnrt").find(letter) != std::string_view::npos;
  for (int i = 0; i < 4; ++i, ++at_) {
    if (at_ == text_.size() || hex_value(text_[at_]) < 0) return false;
  }
  return true;
}

JsonReader::Token JsonReader::open(Token token, bool object) noexcept {
  if (depth_ == kMaxDepth) return fail();
  ++at_;
  const std::uint32_t bit = std::uint32_t{1} << depth_;
  objects_ = object ? objects_ | bit : objects_ & ~bit;
  ++depth_;
  expect_ = object ? Expect::kFirstNameOrEnd : Expect::kFirstValueOrEnd;
  return token;
}

JsonReader::Token JsonReader::close() noexcept {
  const Token token = in_object() ? Token::kObjectEnd : Token::kArrayEnd;
  --depth_;
  value_done();
  return token;
}

}  // namespace logs_sdk::inline v1
