// CRC-32C by folding: 256 bytes at a time are multiplied by the power of x that carries them over the next 256, without
// reducing, until one 128-bit lane is left for the CRC32 instruction (Gopal and others, "Fast CRC Computation for
// Generic Polynomials Using PCLMULQDQ Instruction", 2009), here on four 512-bit registers.
#include "src/base/crc32c_kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

namespace logs_sdk::inline v1 {
namespace {

#define LOGS_SDK_FOLDING_TARGET __attribute__((target("avx512f,avx512vl,vpclmulqdq,pclmul,sse4.2")))

constexpr std::size_t kBlockBytes = 64;
constexpr std::size_t kStrideBytes = 4 * kBlockBytes;

// x^n reduced, as the reflected 64-bit factor of a carry-less multiplication: the coefficient of x^d at bit 63 - d.
constexpr std::uint64_t power_of_x(unsigned n) {
  std::uint32_t power = 0x80000000;
  for (unsigned i = 0; i < n; ++i) power = times_x(power);
  return std::uint64_t{power} << 32;
}

// Factors that carry a lane over `bits`: `low` for its first eight bytes, which stand 64 powers higher. One power less
// than meant, because the product of two reflected 64-bit values stands one bit low in 128.
struct Factors {
  std::uint64_t low;
  std::uint64_t high;
};
constexpr Factors over(unsigned bits) { return {power_of_x(bits + 63), power_of_x(bits - 1)}; }
constexpr Factors kOverStride = over(kStrideBytes * 8);
constexpr Factors kOverBlock = over(kBlockBytes * 8);
constexpr Factors kOverThreeLanes = over(384);
constexpr Factors kOverTwoLanes = over(256);
constexpr Factors kOverLane = over(128);

LOGS_SDK_FOLDING_TARGET inline __m512i load(const std::uint8_t* from) noexcept { return _mm512_loadu_si512(from); }

LOGS_SDK_FOLDING_TARGET inline __m128i factors(const Factors& f) noexcept {
  return _mm_set_epi64x(static_cast<long long>(f.high), static_cast<long long>(f.low));
}

LOGS_SDK_FOLDING_TARGET inline __m512i in_every_lane(const Factors& f) noexcept {
  const auto low = static_cast<long long>(f.low), high = static_cast<long long>(f.high);
  return _mm512_set_epi64(high, low, high, low, high, low, high, low);
}

// Each lane of `lanes` carried over its distance, added to `next`.
LOGS_SDK_FOLDING_TARGET inline __m512i fold(__m512i lanes, __m512i by, __m512i next) noexcept {
  constexpr int kExclusiveOrOfThree = 0x96;
  return _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(lanes, by, 0x00), _mm512_clmulepi64_epi128(lanes, by, 0x11),
                                   next, kExclusiveOrOfThree);
}

LOGS_SDK_FOLDING_TARGET inline __m128i fold_lane(__m128i lane, const Factors& by) noexcept {
  const __m128i f = factors(by);
  return _mm_xor_si128(_mm_clmulepi64_si128(lane, f, 0x00), _mm_clmulepi64_si128(lane, f, 0x11));
}

LOGS_SDK_FOLDING_TARGET std::uint64_t reduce(__m512i lanes) noexcept {
  __m128i lane = _mm512_maskz_extracti32x4_epi32(0xF, lanes, 3);
  lane = _mm_xor_si128(lane, fold_lane(_mm512_maskz_extracti32x4_epi32(0xF, lanes, 0), kOverThreeLanes));
  lane = _mm_xor_si128(lane, fold_lane(_mm512_maskz_extracti32x4_epi32(0xF, lanes, 1), kOverTwoLanes));
  lane = _mm_xor_si128(lane, fold_lane(_mm512_maskz_extracti32x4_epi32(0xF, lanes, 2), kOverLane));
  const std::uint64_t state = _mm_crc32_u64(0, static_cast<std::uint64_t>(_mm_cvtsi128_si64(lane)));
  return _mm_crc32_u64(state, static_cast<std::uint64_t>(_mm_extract_epi64(lane, 1)));
}

// Sums `size` bytes, at least one stride; `size` becomes what is left, less than a block.
LOGS_SDK_FOLDING_TARGET std::uint64_t sum_blocks(const std::uint8_t*& from, std::size_t& size,
                                                 std::uint32_t initial) noexcept {
  const __m512i start = _mm512_zextsi128_si512(_mm_cvtsi32_si128(static_cast<int>(initial)));
  __m512i a = _mm512_xor_si512(load(from), start);
  __m512i b = load(from + kBlockBytes);
  __m512i c = load(from + 2 * kBlockBytes);
  __m512i d = load(from + 3 * kBlockBytes);
  from += kStrideBytes;
  size -= kStrideBytes;
  const __m512i over_stride = in_every_lane(kOverStride);
  for (; size >= kStrideBytes; size -= kStrideBytes, from += kStrideBytes) {
    a = fold(a, over_stride, load(from));
    b = fold(b, over_stride, load(from + kBlockBytes));
    c = fold(c, over_stride, load(from + 2 * kBlockBytes));
    d = fold(d, over_stride, load(from + 3 * kBlockBytes));
  }
  const __m512i over_block = in_every_lane(kOverBlock);
  a = fold(fold(fold(a, over_block, b), over_block, c), over_block, d);
  for (; size >= kBlockBytes; size -= kBlockBytes, from += kBlockBytes) a = fold(a, over_block, load(from));
  return reduce(a);
}

LOGS_SDK_FOLDING_TARGET std::uint32_t run(const std::uint8_t* from, std::size_t size, std::uint32_t initial) noexcept {
  std::uint64_t state = size >= kStrideBytes ? sum_blocks(from, size, initial) : initial;
  for (; size >= 8; size -= 8, from += 8) {
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    state = _mm_crc32_u64(state, word);
  }
  for (; size > 0; --size, ++from) state = _mm_crc32_u8(static_cast<std::uint32_t>(state), *from);
  return static_cast<std::uint32_t>(state);
}

}  // namespace

Crc32cKernel crc32c_by_folding() noexcept {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                 __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("pclmul") &&
                 __builtin_cpu_supports("sse4.2")
             ? run
             : nullptr;
}

}  // namespace logs_sdk::inline v1

#else

namespace logs_sdk::inline v1 {

Crc32cKernel crc32c_by_folding() noexcept { return nullptr; }

}  // namespace logs_sdk::inline v1

#endif
