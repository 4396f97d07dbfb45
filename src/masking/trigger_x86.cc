// Triggers by VPSHUFB, a look-up of 32 bytes in a table of sixteen: a byte is in a rule when the rule is in what
// its low half leads to and in what its high half leads to. That takes in a few characters more than the rule names
// (those with the high half of one and the low half of another), which costs a look now and then and misses nothing.
#include "src/masking/trigger_kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

#include "src/base/ascii.h"

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

#define LOGS_SDK_AVX2 __attribute__((target("avx2"), always_inline)) inline

// Of up to 64 bytes: which of them end a pair of one rule, and which are digits.
struct Found {
  std::uint64_t pairs, digits;
};

LOGS_SDK_AVX2 __m128i load16(const void* from) noexcept { return _mm_loadu_si128(static_cast<const __m128i*>(from)); }
LOGS_SDK_AVX2 __m256i load32(const void* from) noexcept {
  return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

LOGS_SDK_AVX2 __m256i rules_of(__m256i bytes, const HalfTable& table) noexcept {
  const __m256i half = _mm256_set1_epi8(0x0F);
  const __m256i low = _mm256_broadcastsi128_si256(load16(table.low.data()));
  const __m256i high = _mm256_broadcastsi128_si256(load16(table.high.data()));
  return _mm256_and_si256(_mm256_shuffle_epi8(low, _mm256_and_si256(bytes, half)),
                          _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
}

template <std::uint8_t kRules>
LOGS_SDK_AVX2 Found find(__m256i bytes, __m256i before) noexcept {
  const __m256i rules = _mm256_set1_epi8(static_cast<char>(kRules));
  const __m256i both = _mm256_and_si256(_mm256_and_si256(rules_of(bytes, kAt), rules_of(before, kBefore)), rules);
  const __m256i value = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
  const __m256i digits = _mm256_cmpeq_epi8(_mm256_min_epu8(value, _mm256_set1_epi8(9)), value);
  const int no_pairs = _mm256_movemask_epi8(_mm256_cmpeq_epi8(both, _mm256_setzero_si256()));
  return {static_cast<std::uint32_t>(~no_pairs), static_cast<std::uint32_t>(_mm256_movemask_epi8(digits))};
}

// The first 32 bytes of a text have a zero before them, which only the rules without a character before take.
template <std::uint8_t kRules>
LOGS_SDK_AVX2 Found find_at(const char* text, std::size_t at) noexcept {
  const __m256i bytes = load32(text + at);
  if (at > 0) return find<kRules>(bytes, load32(text + at - 1));
  const __m256i zero_and_low = _mm256_permute2x128_si256(bytes, bytes, 0x08);
  return find<kRules>(bytes, _mm256_alignr_epi8(bytes, zero_and_low, 15));
}

LOGS_SDK_AVX2 Found join(const Found& first, const Found& second, std::size_t second_at) noexcept {
  return {first.pairs | second.pairs << second_at, first.digits | second.digits << second_at};
}

// A text of less than 32 bytes, zeros behind it: no rule has a zero, and it is no digit.
template <std::uint8_t kRules>
LOGS_SDK_AVX2 Found find_in_short(const char* text, std::size_t size) noexcept {
  alignas(32) char bytes[33] = {};  // byte 0 stands before the text
  char* to = bytes + 1;
  if (size >= 16) {
    const __m128i last = load16(text + size - 16);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), load16(text));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + size - 16), last);
  } else if (size >= 8) {
    std::memcpy(to, text, 8);
    std::memcpy(to + size - 8, text + size - 8, 8);
  } else if (size >= 4) {
    std::memcpy(to, text, 4);
    std::memcpy(to + size - 4, text + size - 4, 4);
  } else {
    for (std::size_t i = 0; i < size; ++i) to[i] = text[i];
  }
  return find<kRules>(load32(to), load32(bytes));
}

// Bit i: byte i is the fourth digit in a row or a later one; `earlier`: whether the three before byte 0 are digits.
constexpr std::uint64_t fourth_digits(std::uint64_t digits, std::uint64_t earlier) noexcept {
  return digits & (digits << 1 | earlier >> 2) & (digits << 2 | earlier >> 1) & (digits << 3 | earlier);
}
static_assert(kCardGroupDigits == 4);

// Whether the three bytes before `at` are digits, the last one in the highest bit.
inline std::uint64_t digits_before(std::string_view text, std::size_t at) noexcept {
  std::uint64_t digits = 0;
  for (std::size_t i = 1; i <= 3 && i <= at; ++i)
    if (is_digit(text[at - i])) digits |= 8u >> i;
  return digits;
}

template <std::uint8_t kRules>
__attribute__((target("avx2"))) std::uint64_t scan(std::string_view text, std::size_t begin) noexcept {
  const std::size_t size = text.size();
  if (size >= kTriggerBlock) {
    // The last block ends with the text: it sees some bytes again.
    const std::size_t at = begin + kTriggerBlock <= size ? begin : size - kTriggerBlock;
    const Found found = join(find_at<kRules>(text.data(), at), find_at<kRules>(text.data(), at + 32), 32);
    const std::uint64_t earlier = (found.digits & 7u) != 0 ? digits_before(text, at) : 0;
    return (found.pairs | fourth_digits(found.digits, earlier)) >> (begin - at);
  }
  Found found;
  if (size >= 32)
    found = join(find_at<kRules>(text.data(), 0), find_at<kRules>(text.data(), size - 32), size - 32);
  else
    found = find_in_short<kRules>(text.data(), size);
  return found.pairs | fourth_digits(found.digits, 0);
}

#undef LOGS_SDK_AVX2

}  // namespace

TriggerKernel triggers_by_shuffle() noexcept {
  return __builtin_cpu_supports("avx2") ? scan<0xFF & ~(1u << kUrlRule)> : nullptr;
}

TriggerKernel url_triggers_by_shuffle() noexcept { return __builtin_cpu_supports("avx2") ? scan<0xFF> : nullptr; }

}  // namespace logs_sdk::inline v1

#else

namespace logs_sdk::inline v1 {

TriggerKernel triggers_by_shuffle() noexcept { return nullptr; }
TriggerKernel url_triggers_by_shuffle() noexcept { return nullptr; }

}  // namespace logs_sdk::inline v1

#endif
