// JsonWriter: bytes of JSON into a ByteBuffer, through a raw pointer that stays in a register.
//
// The rule that keeps it in bounds: kHeadroomBytes are free at the beginning and after every make_room(), text() and
// json(). What is written between two of those (names, numbers, punctuation) is shorter, so nothing else looks for
// room. Thread-safety: one thread at a time; a writer lives for one entry.
#ifndef LOGS_SDK_ENTRY_JSON_WRITER_H_
#define LOGS_SDK_ENTRY_JSON_WRITER_H_

#include <array>
#include <cassert>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "src/entry/byte_buffer.h"
#include "src/json/json_escape.h"
#include "src/json/utf8.h"

namespace logs_sdk::inline v1 {

// How much of a value may still be written, in bytes of UTF-8 before escaping. A value in several pieces shares one.
struct TextBudget {
  std::size_t left;
  bool cut = false;  // something did not fit; nothing more is written
};

class JsonWriter {
 public:
  // More than all names, numbers and punctuation of an entry together; lists call make_room() for each element.
  static constexpr std::size_t kHeadroomBytes = 4096;

  explicit JsonWriter(ByteBuffer& buffer)
      : buffer_(buffer), out_(buffer.grow_if_less(buffer.begin(), kHeadroomBytes)) {}

  void make_room() { reserve(0); }

  // Characters that need no escaping, at most a few dozen: JSON itself, or names known here.
  template <std::size_t kSize>
  void raw(const std::array<char, kSize>& bytes) noexcept {
    std::memcpy(out_, bytes.data(), kSize);
    out_ += kSize;
  }
  template <std::size_t kSizeWithNul>
  void raw(const char (&bytes)[kSizeWithNul]) noexcept {
    std::memcpy(out_, bytes, kSizeWithNul - 1);
    out_ += kSizeWithNul - 1;
  }

  template <std::integral Integer>
  void number(Integer value) noexcept {
    out_ = std::to_chars(out_, out_ + kMaxNumberBytes, value).ptr;
  }
  // `value` is finite. The shortest text that reads back as the same number.
  void number(double value) noexcept { out_ = std::to_chars(out_, out_ + kMaxNumberBytes, value).ptr; }

  // JSON that was written before, of any length.
  void json(std::string_view json) {
    reserve(json.size());
    if (!json.empty()) std::memcpy(out_, json.data(), json.size());
    out_ += json.size();
  }

  // Content of a JSON string: repaired, cut to `limit` with the marker behind it, escaped.
  template <Escape kEscape = Escape::kOnce>
  void text(std::string_view text, std::size_t limit) {
    if (text.empty()) return;
    TextBudget budget{limit};
    piece<kEscape>(text, budget);
    if (budget.cut) marker();
  }

  // A piece of such content; does nothing once the budget is cut.
  template <Escape kEscape = Escape::kOnce>
  void piece(std::string_view text, TextBudget& budget) {
    if (text.size() <= budget.left && !budget.cut) {
      reserve(text.size() * max_escaped(kEscape));
      // Escape first and look at UTF-8 only where there is something but ASCII: what was written mostly stands.
      const Escaped escaped = escape_json<kEscape>(text, out_);
      if (escaped.ascii || is_valid_utf8(text)) {
        out_ = escaped.end;
        budget.left -= text.size();
        return;
      }
    }
    repaired_piece<kEscape>(text, budget);
  }

  // `...[truncated]`: nothing in it needs escaping.
  void marker() noexcept;

  // Where the next byte goes, as an offset, and back to such a place.
  std::size_t position() noexcept { return static_cast<std::size_t>(out_ - buffer_.begin()); }
  void rewind(std::size_t position) noexcept { out_ = buffer_.begin() + position; }

  void finish() noexcept { buffer_.set_end(out_); }

 private:
  static constexpr std::size_t kMaxNumberBytes = 32;  // -1.7976931348623157e+308 has 24

  void reserve(std::size_t size) { out_ = buffer_.grow_if_less(out_, size + kHeadroomBytes); }
  template <Escape kEscape>
  void repaired_piece(std::string_view text, TextBudget& budget);

  ByteBuffer& buffer_;
  char* out_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_JSON_WRITER_H_
