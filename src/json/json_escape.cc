#include "src/json/json_escape.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace logs_sdk::inline v1 {
namespace {

// What each byte becomes: its bytes, in memory order, and how many of the eight count.
struct EscapeTable {
  std::array<std::array<char, 8>, 256> bytes{};
  std::array<std::uint8_t, 256> size{};
};

constexpr EscapeTable make_table(Escape escape) {
  EscapeTable table;
  for (unsigned byte = 0; byte < 256; ++byte) {
    std::size_t size = 0;
    const auto put = [&](char c) { table.bytes[byte][size++] = c; };
    const auto put_backslash = [&] {
      put('\\');
      if (escape == Escape::kTwice) put('\\');
    };
    constexpr std::string_view kShort = "\b\t\n\f\r", kShortLetter = "btnfr", kDigits = "0123456789abcdef";
    const auto character = static_cast<char>(byte);
    if (const std::size_t at = kShort.find(character); at != std::string_view::npos) {
      put_backslash();
      put(kShortLetter[at]);
    } else if (byte < 0x20) {
      put_backslash();
      for (const char c : {'u', '0', '0', kDigits[byte >> 4], kDigits[byte & 15]}) put(c);
    } else if (character == '"' || character == '\\') {
      // The second time both the backslash put here and the character itself are escaped.
      put_backslash();
      if (escape == Escape::kTwice) put('\\');
      put(character);
    } else {
      put(character);
    }
    table.size[byte] = static_cast<std::uint8_t>(size);
  }
  return table;
}

template <Escape kEscape>
constexpr EscapeTable kTable = make_table(kEscape);

template <typename Word>
Word load(const char* from) noexcept {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

template <typename Word>
void store(char* to, Word word) noexcept {
  std::memcpy(to, &word, sizeof word);
}

// A word of which every byte is `byte`.
template <typename Word>
constexpr Word each_byte(unsigned byte) noexcept {
  return static_cast<Word>(static_cast<Word>(~Word{0}) / 0xFF * byte);
}

// Bit 7 of each byte that is zero. Exact: no carry leaves its byte.
template <typename Word>
constexpr Word zero_bytes(Word word) noexcept {
  constexpr Word kLow = each_byte<Word>(0x7F);
  return static_cast<Word>(~(((word & kLow) + kLow) | word | kLow));
}

// Bit 7 of each byte that has to be escaped.
template <typename Word>
constexpr Word special_bytes(Word word) noexcept {
  return zero_bytes<Word>(word ^ each_byte<Word>('"')) | zero_bytes<Word>(word ^ each_byte<Word>('\\')) |
         zero_bytes<Word>(word & each_byte<Word>(0xE0));
}

template <typename Word>
constexpr bool is_ascii(Word word) noexcept {
  return (word & each_byte<Word>(0x80)) == 0;
}

// Eight bytes in a register. special(): bit 8 i + 7 is set when byte i has to be escaped.
class WordChunk {
 public:
  static constexpr std::size_t kBytes = 8;
  static_assert(std::endian::native == std::endian::little, "byte i is expected at bits 8 i");

  WordChunk() = default;
  explicit WordChunk(const char* from) noexcept : word_(load<std::uint64_t>(from)) {}
  void store_at(char* to) const noexcept { store(to, word_); }
  void operator|=(WordChunk other) noexcept { word_ |= other.word_; }
  bool ascii() const noexcept { return is_ascii(word_); }
  std::uint64_t special() const noexcept { return special_bytes(word_); }
  static unsigned index(std::uint64_t special) noexcept { return static_cast<unsigned>(std::countr_zero(special)) / 8; }
  static bool any_special(std::uint64_t a, std::uint64_t b) noexcept {
    return (special_bytes(a) | special_bytes(b)) != 0;
  }

 private:
  std::uint64_t word_ = 0;
};

#if defined(__SSE2__)
// Sixteen bytes. special(): bit i for byte i.
class SseChunk {
 public:
  static constexpr std::size_t kBytes = 16;

  SseChunk() noexcept : bytes_(_mm_setzero_si128()) {}
  explicit SseChunk(__m128i bytes) noexcept : bytes_(bytes) {}
  explicit SseChunk(const char* from) noexcept : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))) {}
  void store_at(char* to) const noexcept { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_); }
  void operator|=(SseChunk other) noexcept { bytes_ = _mm_or_si128(bytes_, other.bytes_); }
  bool ascii() const noexcept { return _mm_movemask_epi8(bytes_) == 0; }
  std::uint32_t special() const noexcept {
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes_, _mm_set1_epi8(0x1F)), bytes_);
    const __m128i quote = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('"'));
    const __m128i backslash = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('\\'));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))));
  }
  static unsigned index(std::uint32_t special) noexcept { return static_cast<unsigned>(std::countr_zero(special)); }
  static bool any_special(std::uint64_t a, std::uint64_t b) noexcept {
    return SseChunk(_mm_set_epi64x(static_cast<long long>(b), static_cast<long long>(a))).special() != 0;
  }

 private:
  __m128i bytes_;
};
#endif

template <Escape kEscape>
char* put_byte(char byte, char* out) noexcept {
  const auto index = static_cast<std::uint8_t>(byte);
  std::memcpy(out, kTable<kEscape>.bytes[index].data(), 8);
  return out + kTable<kEscape>.size[index];
}

// Byte by byte, without a branch on what the bytes are.
template <Escape kEscape>
Escaped escape_bytes(const char* at, const char* end, char* out) noexcept {
  unsigned char seen = 0;
  for (; at != end; ++at) {
    seen = static_cast<unsigned char>(seen | static_cast<unsigned char>(*at));
    out = put_byte<kEscape>(*at, out);
  }
  return {out, seen < 0x80};
}

// Less than 16 bytes: two words that overlap, looked at together.
template <Escape kEscape, typename Chunk>
Escaped escape_short(const char* at, const char* end, char* out) noexcept {
  char* const out_end = out + (end - at);
  if (end - at >= 8) {
    const auto first = load<std::uint64_t>(at), last = load<std::uint64_t>(end - 8);
    if (Chunk::any_special(first, last)) return escape_bytes<kEscape>(at, end, out);
    store(out, first);
    store(out_end - 8, last);
    return {out_end, is_ascii(first | last)};
  }
  if (end - at >= 4) {
    const auto first = load<std::uint32_t>(at), last = load<std::uint32_t>(end - 4);
    const std::uint64_t both = std::uint64_t{last} << 32 | first;
    if (special_bytes(both) != 0) return escape_bytes<kEscape>(at, end, out);
    store(out, first);
    store(out_end - 4, last);
    return {out_end, is_ascii(both)};
  }
  return escape_bytes<kEscape>(at, end, out);
}

// A chunk with something to escape, and another chunk readable behind it. The positions come from the mask; what lies
// between two of them is copied by one wide load and store, the surplus overwritten by what follows.
template <Escape kEscape, typename Chunk, typename Mask>
char* escape_chunk(const char* at, Mask special, char* out) noexcept {
  Chunk(at).store_at(out);
  std::size_t done = 0;
  for (; special != 0; special &= special - 1) {
    const std::size_t position = Chunk::index(special);
    out = put_byte<kEscape>(at[position], out + (position - done));
    done = position + 1;
    Chunk(at + done).store_at(out);
  }
  return out + (Chunk::kBytes - done);
}

// From the first chunk with something to escape on.
template <Escape kEscape, typename Chunk>
Escaped escape_mixed(const char* at, const char* end, char* out, Chunk seen) noexcept {
  constexpr auto kBytes = static_cast<std::ptrdiff_t>(Chunk::kBytes);
  for (; end - at >= 2 * kBytes; at += kBytes) {
    const Chunk chunk(at);
    seen |= chunk;
    out = escape_chunk<kEscape, Chunk>(at, chunk.special(), out);
  }
  const Escaped rest = escape_bytes<kEscape>(at, end, out);
  return {rest.end, rest.ascii && seen.ascii()};
}

template <Escape kEscape, typename Chunk>
Escaped escape_by(std::string_view text, char* out) noexcept {
  constexpr auto kBytes = static_cast<std::ptrdiff_t>(Chunk::kBytes);
  const char* at = text.data();
  const char* const end = at + text.size();
  if (end - at < kBytes) return escape_short<kEscape, Chunk>(at, end, out);
  // Most texts have nothing to escape: they are copied until the contrary is found.
  Chunk seen;
  do {
    const Chunk chunk(at);
    if (chunk.special() != 0) return escape_mixed<kEscape>(at, end, out, seen);
    chunk.store_at(out);
    seen |= chunk;
    at += kBytes;
    out += kBytes;
  } while (end - at >= kBytes);
  // The last chunk overlaps the one before, which was copied as it is.
  const std::ptrdiff_t left = end - at;
  const Chunk last(end - kBytes);
  if (last.special() != 0) return escape_mixed<kEscape>(at, end, out, seen);
  seen |= last;
  last.store_at(out + left - kBytes);
  return {out + left, seen.ascii()};
}

}  // namespace

template <Escape kEscape>
Escaped escape_json(std::string_view text, char* out) noexcept {
#if defined(__SSE2__)
  return escape_by<kEscape, SseChunk>(text, out);
#else
  return escape_by<kEscape, WordChunk>(text, out);
#endif
}

template <Escape kEscape>
Escaped escape_json_by_words(std::string_view text, char* out) noexcept {
  return escape_by<kEscape, WordChunk>(text, out);
}

template Escaped escape_json<Escape::kOnce>(std::string_view, char*) noexcept;
template Escaped escape_json<Escape::kTwice>(std::string_view, char*) noexcept;
template Escaped escape_json_by_words<Escape::kOnce>(std::string_view, char*) noexcept;
template Escaped escape_json_by_words<Escape::kTwice>(std::string_view, char*) noexcept;

}  // namespace logs_sdk::inline v1
