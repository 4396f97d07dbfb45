// Triggers by PSHUFB, a look-up of sixteen bytes in a table of sixteen: a byte is in a rule when the rule is in what
// its low half leads to and in what its high half leads to. That takes in a few characters more than the rule names
// (those with the high half of one and the low half of another), which costs a look now and then and misses nothing.
#include "src/masking/trigger_kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

#include "src/masking/characters.h"

namespace logs_sdk::inline v1 {
namespace {

struct alignas(16) HalfTable {
  std::array<std::uint8_t, 16> low{}, high{};
};

constexpr HalfTable make_table(std::string_view TriggerRule::*side) noexcept {
  HalfTable table;
  for (std::size_t rule = 0; rule < kTriggerRules.size(); ++rule) {
    const std::string_view characters = kTriggerRules[rule].*side;
    const auto bit = static_cast<std::uint8_t>(1u << rule);
    for (std::size_t c = 0; c < 256; ++c) {
      if (!characters.empty() && characters.find(static_cast<char>(c)) == std::string_view::npos) continue;
      table.low[c & 15] = static_cast<std::uint8_t>(table.low[c & 15] | bit);
      table.high[c >> 4] = static_cast<std::uint8_t>(table.high[c >> 4] | bit);
    }
  }
  return table;
}
constexpr HalfTable kBefore = make_table(&TriggerRule::before), kAt = make_table(&TriggerRule::at);

#define LOGS_SDK_SSSE3 __attribute__((target("ssse3"), always_inline)) inline

LOGS_SDK_SSSE3 __m128i load(const void* from) noexcept { return _mm_loadu_si128(static_cast<const __m128i*>(from)); }

LOGS_SDK_SSSE3 __m128i rules_of(__m128i bytes, const HalfTable& table) noexcept {
  const __m128i half = _mm_set1_epi8(0x0F);
  const __m128i low = _mm_shuffle_epi8(load(table.low.data()), _mm_and_si128(bytes, half));
  const __m128i high = _mm_shuffle_epi8(load(table.high.data()), _mm_and_si128(_mm_srli_epi16(bytes, 4), half));
  return _mm_and_si128(low, high);
}

// Bit i: byte i and the one before it are a pair of one rule.
LOGS_SDK_SSSE3 unsigned pairs_of(__m128i bytes, __m128i before, __m128i rules) noexcept {
  const __m128i found = _mm_and_si128(_mm_and_si128(rules_of(bytes, kAt), rules_of(before, kBefore)), rules);
  return ~static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(found, _mm_setzero_si128()))) & 0xFFFFu;
}

LOGS_SDK_SSSE3 unsigned digits_of(__m128i bytes) noexcept {
  const __m128i value = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(9)), value)));
}

// The bytes of a text shorter than a step, zeros behind them: no rule has a zero, and it is no digit.
LOGS_SDK_SSSE3 __m128i load_short(const char* from, std::size_t size) noexcept {
  alignas(16) char bytes[16] = {};
  if (size >= 8) {
    std::uint64_t first, last;
    std::memcpy(&first, from, 8);
    std::memcpy(&last, from + size - 8, 8);
    std::memcpy(bytes + size - 8, &last, 8);
    std::memcpy(bytes, &first, 8);
  } else if (size >= 4) {
    std::uint32_t first, last;
    std::memcpy(&first, from, 4);
    std::memcpy(&last, from + size - 4, 4);
    std::memcpy(bytes + size - 4, &last, 4);
    std::memcpy(bytes, &first, 4);
  } else {
    for (std::size_t i = 0; i < size; ++i) bytes[i] = from[i];
  }
  return load(bytes);
}

// Bit i: byte i is the fourth digit in a row or a later one; `earlier`: whether the three before byte 0 are digits.
constexpr unsigned fourth_digits(unsigned digits, unsigned earlier) noexcept {
  const unsigned row = digits << 3 | earlier;
  return row & row >> 1 & row >> 2 & row >> 3 & 0xFFFFu;
}
static_assert(kCardGroupDigits == 4);

// Whether the three bytes before `begin` are digits, the last one in the highest bit.
unsigned digits_before(std::string_view text, std::size_t begin) noexcept {
  unsigned digits = 0;
  for (std::size_t i = 1; i <= 3 && i <= begin; ++i)
    if (is_digit(text[begin - i])) digits |= 8u >> i;
  return digits;
}

template <std::uint8_t kRules>
__attribute__((target("ssse3"))) std::uint64_t scan(std::string_view text, std::size_t begin) noexcept {
  constexpr std::size_t kStep = 16;
  const __m128i rules = _mm_set1_epi8(static_cast<char>(kRules));
  const std::size_t size = text.size();
  if (size < kStep) {
    const __m128i bytes = load_short(text.data(), size);
    return pairs_of(bytes, _mm_slli_si128(bytes, 1), rules) | fourth_digits(digits_of(bytes), 0);
  }
  unsigned earlier = digits_before(text, begin);
  const std::size_t end = begin + kTriggerBlock < size ? begin + kTriggerBlock : size;
  std::uint64_t found = 0;
  for (std::size_t at = begin; at < end; at += kStep) {
    // The last step ends with the text, so it sees some bytes again.
    const std::size_t again = at + kStep <= size ? 0 : at + kStep - size;
    const char* from = text.data() + at - again;
    const __m128i bytes = load(from);
    const __m128i before = at > again ? load(from - 1) : _mm_slli_si128(bytes, 1);
    const unsigned digits = digits_of(bytes);
    // The three digits before byte 0, of which bytes seen again are left aside.
    const unsigned step = pairs_of(bytes, before, rules) | fourth_digits(digits, again < 3 ? earlier << again & 7u : 0);
    found |= static_cast<std::uint64_t>(step >> again) << (at - begin);
    earlier = digits >> 13;
  }
  return found;
}

#undef LOGS_SDK_SSSE3

}  // namespace

TriggerKernel triggers_by_shuffle() noexcept {
  return __builtin_cpu_supports("ssse3") ? scan<0xFF & ~(1u << kUrlRule)> : nullptr;
}

TriggerKernel url_triggers_by_shuffle() noexcept { return __builtin_cpu_supports("ssse3") ? scan<0xFF> : nullptr; }

}  // namespace logs_sdk::inline v1

#else

namespace logs_sdk::inline v1 {

TriggerKernel triggers_by_shuffle() noexcept { return nullptr; }
TriggerKernel url_triggers_by_shuffle() noexcept { return nullptr; }

}  // namespace logs_sdk::inline v1

#endif
