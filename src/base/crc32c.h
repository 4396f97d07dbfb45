// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78): the checksum of every durable format here. By the processor's
// instruction where there is one, chosen at run time, else by tables.
#ifndef LOGS_SDK_BASE_CRC32C_H_
#define LOGS_SDK_BASE_CRC32C_H_

#include <cstddef>
#include <cstdint>

namespace logs_sdk::inline v1 {

// Checksum of `size` bytes, continuing from `crc`, the checksum of what came before (0 to begin).
std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t crc = 0) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_CRC32C_H_
