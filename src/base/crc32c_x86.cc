// CRC-32C by instruction. One CRC32 takes three cycles but a new one can start in each, so three thirds of the input
// are summed side by side and then joined. Joining needs the register multiplied by x^(8 n) for a third of n bytes: one
// carry-less multiplication by a constant, reduced by one more CRC32 (Gopal and others, "Fast CRC Computation for iSCSI
// Polynomial Using CRC32 Instruction", 2011). With a constant for every length up to 1 KiB an entry is one round.
#include "src/base/crc32c_kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <array>
#include <cstring>

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxThird = 1024;
constexpr std::size_t kMinThird = 32;  // below, joining costs more than three streams gain

// kShift[i]: x^(64 i - 33), for a register to pass 8 i bytes. 33, since the product of two reflected 32-bit values
// stands one bit low in 64 bits and the reducing CRC32 itself multiplies by x^32.
constexpr auto kShift = [] {
  std::array<std::uint32_t, 2 * kMaxThird / 8 + 1> shift{};
  std::uint32_t power = 1;  // x^31
  for (std::size_t i = 1; i < shift.size(); ++i) {
    shift[i] = power;
    for (int bit = 0; bit < 64; ++bit) power = times_x(power);
  }
  return shift;
}();

inline std::uint64_t load(const std::uint8_t* from) noexcept {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

__attribute__((target("sse4.2,pclmul"), always_inline)) inline __m128i product(std::uint64_t state,
                                                                               std::uint32_t factor) noexcept {
  return _mm_clmulepi64_si128(_mm_cvtsi64_si128(static_cast<long long>(state)),
                              _mm_cvtsi32_si128(static_cast<int>(factor)), 0);
}

__attribute__((target("sse4.2,pclmul"))) std::uint32_t run(const std::uint8_t* from, std::size_t size,
                                                           std::uint32_t initial) noexcept {
  std::uint64_t state = initial;
  while (size >= 3 * kMinThird) {
    const std::size_t third = size >= 3 * kMaxThird ? kMaxThird : size / 24 * 8;
    std::uint64_t second = 0, last = 0;
    for (std::size_t i = 0; i < third; i += 8) {
      state = _mm_crc32_u64(state, load(from + i));
      second = _mm_crc32_u64(second, load(from + third + i));
      last = _mm_crc32_u64(last, load(from + 2 * third + i));
    }
    const __m128i joined = _mm_xor_si128(product(state, kShift[third / 4]), product(second, kShift[third / 8]));
    state = _mm_crc32_u64(0, static_cast<std::uint64_t>(_mm_cvtsi128_si64(joined))) ^ last;
    from += 3 * third;
    size -= 3 * third;
  }
  for (; size >= 8; size -= 8, from += 8) state = _mm_crc32_u64(state, load(from));
  for (; size > 0; --size, ++from) state = _mm_crc32_u8(static_cast<std::uint32_t>(state), *from);
  return static_cast<std::uint32_t>(state);
}

}  // namespace

Crc32cKernel crc32c_by_instruction() noexcept {
  return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul") ? run : nullptr;
}

}  // namespace logs_sdk::inline v1

#else

namespace logs_sdk::inline v1 {

Crc32cKernel crc32c_by_instruction() noexcept { return nullptr; }

}  // namespace logs_sdk::inline v1

#endif
