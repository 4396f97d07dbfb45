// The two ways of computing CRC-32C, apart so that each can be tested on a machine that has both.
#ifndef LOGS_SDK_BASE_CRC32C_KERNELS_H_
#define LOGS_SDK_BASE_CRC32C_KERNELS_H_

#include <cstddef>
#include <cstdint>

namespace logs_sdk::inline v1 {

// Both take and return the raw register (the complement of the checksum) and copy to `to` unless it is null.
using Crc32cKernel = std::uint32_t (*)(std::uint8_t* to, const std::uint8_t* from, std::size_t size,
                                       std::uint32_t state);

// Eight tables, eight bytes a step ("slicing by 8").
std::uint32_t crc32c_by_table(std::uint8_t* to, const std::uint8_t* from, std::size_t size,
                              std::uint32_t state) noexcept;

// By SSE4.2 and PCLMULQDQ; null where the processor has not both.
Crc32cKernel crc32c_by_instruction() noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_CRC32C_KERNELS_H_
