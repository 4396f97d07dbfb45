#include "src/json/utf8.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace logs_sdk::inline v1 {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080u;

template <typename Word>
Word load(const char* from) noexcept {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// Row of table 3-7: how many bytes follow `lead`, and the range of the first of them. None: `lead` begins nothing.
struct Follow {
  std::size_t count;
  std::uint8_t low, high;
};

Follow follow_of(std::uint8_t lead) noexcept {
  if (lead < 0xC2 || lead > 0xF4) return {0, 0, 0};  // continuation, overlong C0 and C1, beyond U+10FFFF
  if (lead < 0xE0) return {1, 0x80, 0xBF};
  if (lead < 0xF0) {
    return {2, static_cast<std::uint8_t>(lead == 0xE0 ? 0xA0 : 0x80),  // else overlong
            static_cast<std::uint8_t>(lead == 0xED ? 0x9F : 0xBF)};    // else a surrogate
  }
  return {3, static_cast<std::uint8_t>(lead == 0xF0 ? 0x90 : 0x80),  // else overlong
          static_cast<std::uint8_t>(lead == 0xF4 ? 0x8F : 0xBF)};    // else beyond U+10FFFF
}

// A well-formed character of three bytes at `text`, of which four are readable: CJK, and most of what is not ASCII in
// bodies. One load and three comparisons.
bool is_three_byte_character(const char* text) noexcept {
  if constexpr (std::endian::native != std::endian::little) return false;
  const auto word = load<std::uint32_t>(text);
  const std::uint32_t range = word & 0x200F;  // bit 5 of the second byte, low half of the first
  return (word & 0xC0C0F0) == 0x8080E0 && range != 0 /* E0 80..9F */ && range != 0x200D /* ED A0..BF */;
}

}  // namespace

Utf8Part next_utf8(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  if (byte(0) < 0x80) return {1, true, false};
  auto [count, low, high] = follow_of(byte(0));
  if (count == 0) return {1, false, false};
  for (std::size_t i = 1; i <= count; ++i, low = 0x80, high = 0xBF) {
    if (i == text.size()) return {i, false, true};
    if (byte(i) < low || byte(i) > high) return {i, false, false};
  }
  return {count + 1, true, false};
}

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (end - at >= 8 && (load<std::uint64_t>(at) & kHighBits) == 0) {
      at += 8;
      continue;
    }
    if (static_cast<std::uint8_t>(*at) < 0x80) {
      ++at;
    } else if (end - at >= 4 && is_three_byte_character(at)) {
      at += 3;
    } else {
      const Utf8Part part = next_utf8({at, static_cast<std::size_t>(end - at)});
      if (!part.well_formed) break;
      at += part.size;
    }
  }
  return static_cast<std::size_t>(at - text.data());
}

std::size_t utf8_boundary(std::string_view text, std::size_t max) noexcept {
  if (max >= text.size()) return text.size();
  while (max > 0 && (static_cast<std::uint8_t>(text[max]) & 0xC0) == 0x80) --max;
  return max;
}

std::string_view without_torn_end(std::string_view text) noexcept {
  for (std::size_t size = 1; size <= 3 && size <= text.size(); ++size) {
    const std::string_view end = text.substr(text.size() - size);
    const auto lead = static_cast<std::uint8_t>(end.front());
    if (lead < 0x80) break;
    if (lead >= 0xC0) return next_utf8(end).incomplete ? text.substr(0, text.size() - size) : text;
  }
  return text;
}

void append_repaired(std::string_view text, std::string& out) {
  while (true) {
    const std::size_t valid = valid_utf8_prefix(text);
    out.append(text.substr(0, valid));
    text.remove_prefix(valid);
    if (text.empty()) return;
    out.append(kReplacement);
    text.remove_prefix(next_utf8(text).size);
  }
}

void append_utf8(std::uint32_t code, std::string& out) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

}  // namespace logs_sdk::inline v1
