// The ways of computing CRC-32C, apart so that each can be tested on a machine that has them all.
#ifndef LOGS_SDK_BASE_CRC32C_KERNELS_H_
#define LOGS_SDK_BASE_CRC32C_KERNELS_H_

#include <cstddef>
#include <cstdint>

namespace logs_sdk::inline v1 {

// Takes and returns the raw register (the complement of the checksum).
using Crc32cKernel = std::uint32_t (*)(const std::uint8_t* from, std::size_t size, std::uint32_t state);

// Multiplies by x in the reflected representation: bit 31 is the coefficient of x^0.
constexpr std::uint32_t times_x(std::uint32_t value) {
  return (value >> 1) ^ ((value & 1) != 0 ? std::uint32_t{0x82F63B78} : 0);
}

// Eight tables, eight bytes a step ("slicing by 8").
std::uint32_t crc32c_by_table(const std::uint8_t* from, std::size_t size, std::uint32_t state) noexcept;

// By SSE4.2 and PCLMULQDQ, 2.6 KB in about 130 ns; null where the processor has not both.
Crc32cKernel crc32c_by_instruction() noexcept;

// By AVX-512 and VPCLMULQDQ, 2.6 KB in about 50 ns; null where the processor has not both.
Crc32cKernel crc32c_by_folding() noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_CRC32C_KERNELS_H_
