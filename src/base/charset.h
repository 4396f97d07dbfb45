// Charsets: what a label means, and text in any of them as UTF-8.
//
// Labels are those of the Encoding standard (WHATWG), which says what senders mean by them: "iso-8859-1" is
// Windows-1252, "gb2312" is GB18030, "shift_jis" is Windows-31J. Nothing but these reaches the C library, so that
// nobody can have it load a converter of his choice. The conversion is the C library's; where a system has been
// stripped of its converters, only UTF-8 is read.
#ifndef LOGS_SDK_BASE_CHARSET_H_
#define LOGS_SDK_BASE_CHARSET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

struct Charset {
  const char* name;         // as the C library knows it
  std::uint8_t unit_bytes;  // of its smallest unit: 1, in UTF-16 2, in UTF-32 4
};

inline constexpr Charset kUtf8{"UTF-8", 1};

inline bool is_utf8(const Charset& charset) noexcept { return charset.name == kUtf8.name; }

// By its label, in any case; null when it is none that is known.
const Charset* find_charset(std::string_view label) noexcept;

// What `text` begins with: a byte order mark, which says more than any label.
struct ByteOrderMark {
  const Charset* charset = nullptr;  // null: there is none
  std::size_t size_bytes = 0;
};
ByteOrderMark find_byte_order_mark(std::string_view text) noexcept;

// UTF-16 or UTF-32 without a mark, known by the zeros beside its first character, which is ASCII; else null. `text` in
// any other charset has no zeros.
const Charset* find_wide_charset(std::string_view text) noexcept;

// Whether the text goes on after what is converted: a character that is torn at its end is then left out, and is
// ill-formed otherwise.
enum class TextEnd { kReal, kTorn };

enum class Conversion {
  kWhole,
  kCut,          // more would have come out than was allowed
  kUnreadable,   // so much of it is ill-formed that it is no text of that charset
  kUnavailable,  // the C library has no converter for it
};

// Keeps the converters that it has used last. One thread at a time.
class CharsetConverter {
 public:
  CharsetConverter() = default;
  ~CharsetConverter();
  CharsetConverter(const CharsetConverter&) = delete;
  CharsetConverter& operator=(const CharsetConverter&) = delete;

  // Appends `text`, without byte order mark, to `out` as UTF-8, at most `max_bytes` and whole characters; what is
  // ill-formed becomes U+FFFD. Time: linear.
  Conversion convert(const Charset& charset, std::string_view text, TextEnd end, std::size_t max_bytes,
                     std::string& out);

 private:
  // A service meets one or two charsets; somebody who names all of them keeps no more than this.
  static constexpr std::size_t kMaxKept = 8;
  struct Kept {
    const char* name = nullptr;
    void* descriptor = nullptr;  // iconv_t
  };
  void* descriptor_of(const Charset& charset);

  std::array<Kept, kMaxKept> kept_;
  std::size_t next_ = 0;  // the one that makes room for another
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_CHARSET_H_
