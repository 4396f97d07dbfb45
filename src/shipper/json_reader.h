// JsonReader: a strict pull parser (RFC 8259) for the answers of a platform, which are hostile until they are read.
//
// It builds nothing: the caller asks for one token after the other, so memory is constant whatever the text holds, and
// nesting is bounded by kMaxDepth. After the first error every call returns kError.
// Thread-safety: none. The text outlives the reader.
#ifndef LOGS_SDK_SHIPPER_JSON_READER_H_
#define LOGS_SDK_SHIPPER_JSON_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

class JsonReader {
 public:
  // An answer of ours has three levels; the rest is for platforms that wrap theirs.
  static constexpr int kMaxDepth = 16;

  enum class Token {
    kObject,
    kObjectEnd,
    kArray,
    kArrayEnd,
    kName,  // of a member; its value follows
    kString,
    kNumber,
    kTrue,
    kFalse,
    kNull,
    kEnd,  // one complete value was read and nothing but white space follows
    kError,
  };

  explicit JsonReader(std::string_view text) noexcept : text_(text) {}

  Token next() noexcept;
  // The last kName or kString, unescaped. Half of a surrogate pair becomes U+FFFD; ill-formed UTF-8 stays as it is.
  std::string string() const;
  // The last kNumber when it is a natural number below 2^63 written in digits only.
  std::optional<std::uint64_t> natural() const noexcept;
  // Reads to the end of the value that begins with `first`, the token just returned. False on an error.
  bool skip(Token first) noexcept;

 private:
  enum class Expect { kValue, kFirstValueOrEnd, kFirstNameOrEnd, kCommaOrEnd, kNothing };

  void skip_space() noexcept;
  bool take(char wanted) noexcept;
  Token fail() noexcept;
  Token read_value() noexcept;
  Token read_name() noexcept;
  Token read_after_comma() noexcept;
  Token read_word(std::string_view word, Token token) noexcept;
  Token read_number() noexcept;
  bool read_digits() noexcept;
  bool read_string() noexcept;
  bool read_escape() noexcept;
  Token open(Token token, bool object) noexcept;
  Token close() noexcept;
  void value_done() noexcept { expect_ = depth_ == 0 ? Expect::kNothing : Expect::kCommaOrEnd; }
  bool in_object() const noexcept { return depth_ > 0 && (objects_ >> (depth_ - 1) & 1) != 0; }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view token_;  // the text of the last name, string (without quotes) or number
  Expect expect_ = Expect::kValue;
  int depth_ = 0;
  std::uint32_t objects_ = 0;  // bit n: the container at depth n + 1 is an object
  bool failed_ = false;
};
static_assert(JsonReader::kMaxDepth <= 32, "one bit of objects_ for each level");

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_JSON_READER_H_
