#include "src/base/uuid7.h"

#include <algorithm>
#include <atomic>

#include "src/base/hex.h"
#include "src/base/random.h"

// Layout (RFC 9562, 5.7 and 6.2 method 1):
//
//     | 48 bits Unix ms | version 7 | counter, high 12 | variant 10 | counter, low 4 | 58 random bits |
//
// Milliseconds and counter together are one 64-bit word, and that word is all the state there is: it only ever grows.
namespace logs_sdk::inline v1 {
namespace {

constexpr unsigned kCounterBits = 16;
constexpr std::uint64_t kMaxUnixMs = (std::uint64_t{1} << 48) - 1;

// The word of the last identifier made. relaxed everywhere: nothing else is published by it, and the growth of one
// atomic is seen by all threads in one order.
std::atomic<std::uint64_t> last_word{0};

std::uint64_t next_word(std::uint64_t unix_ms, std::uint64_t random) noexcept {
  // The counter of a new millisecond starts at random in the lower half (RFC 9562, 6.2: a guard against early
  // overflow); 32,768 identifiers in one millisecond go by before it carries into the next.
  const std::uint64_t fresh = (unix_ms << kCounterBits) | (random >> (64 - kCounterBits + 1));
  std::uint64_t last = last_word.load(std::memory_order_relaxed);
  std::uint64_t next;
  do {
    next = unix_ms > (last >> kCounterBits) ? fresh : last + 1;
  } while (!last_word.compare_exchange_weak(last, next, std::memory_order_relaxed));
  return next;
}

void store_big_endian(std::uint64_t value, std::uint8_t* to) noexcept {
  for (int shift = 56; shift >= 0; shift -= 8) *to++ = static_cast<std::uint8_t>(value >> shift);
}

}  // namespace

std::int64_t Uuid::unix_ms() const noexcept {
  std::int64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i) ms = ms * 256 + bytes[i];
  return ms;
}

void Uuid::to_hex(char (&out)[32]) const noexcept { write_hex(bytes, out); }

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
  constexpr std::size_t kHyphens[] = {8, 13, 18, 23};
  char digits[32];
  if (text.size() == 36) {
    std::size_t used = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool hyphen = std::find(std::begin(kHyphens), std::end(kHyphens), i) != std::end(kHyphens);
      if (hyphen != (text[i] == '-')) return std::nullopt;
      if (!hyphen) digits[used++] = text[i];
    }
    text = std::string_view(digits, sizeof digits);
  }
  Uuid uuid;
  if (!parse_hex(text, uuid.bytes)) return std::nullopt;
  return uuid;
}

Uuid next_uuid7(WallTime now) noexcept {
  const std::int64_t ms = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const std::uint64_t unix_ms = std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(ms, 0)), kMaxUnixMs);
  Random& random = system_random();
  const std::uint64_t word = next_word(unix_ms, random.next());
  const std::uint64_t counter = word & ((1u << kCounterBits) - 1);
  Uuid uuid;
  store_big_endian((word & ~std::uint64_t{0xFFFF}) | 0x7000 | (counter >> 4), uuid.bytes.data());
  constexpr std::uint64_t kRandomMask = (std::uint64_t{1} << 58) - 1;
  store_big_endian((std::uint64_t{2} << 62) | ((counter & 15) << 58) | (random.next() & kRandomMask),
                   uuid.bytes.data() + 8);
  return uuid;
}

}  // namespace logs_sdk::inline v1
