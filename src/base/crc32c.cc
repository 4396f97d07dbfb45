#include "src/base/crc32c.h"

#include <array>

#include "src/base/crc32c_kernels.h"

namespace logs_sdk::inline v1 {
namespace {

using Table = std::array<std::uint32_t, 256>;

// tables[k][b]: what byte b followed by k zero bytes makes of an empty register.
constexpr std::array<Table, 8> make_tables() {
  std::array<Table, 8> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t state = byte;
    for (int bit = 0; bit < 8; ++bit) state = times_x(state);
    tables[0][byte] = state;
  }
  for (std::size_t k = 1; k < tables.size(); ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 255];
    }
  }
  return tables;
}
constexpr std::array<Table, 8> kTables = make_tables();

Crc32cKernel choose_kernel() noexcept {
  if (const Crc32cKernel kernel = crc32c_by_folding()) return kernel;
  if (const Crc32cKernel kernel = crc32c_by_instruction()) return kernel;
  return crc32c_by_table;
}

}  // namespace

std::uint32_t crc32c_by_table(const std::uint8_t* from, std::size_t size, std::uint32_t state) noexcept {
  for (; size >= 8; size -= 8, from += 8) {
    state ^= static_cast<std::uint32_t>(from[0]) | static_cast<std::uint32_t>(from[1]) << 8 |
             static_cast<std::uint32_t>(from[2]) << 16 | static_cast<std::uint32_t>(from[3]) << 24;
    state = kTables[7][state & 255] ^ kTables[6][(state >> 8) & 255] ^ kTables[5][(state >> 16) & 255] ^
            kTables[4][state >> 24] ^ kTables[3][from[4]] ^ kTables[2][from[5]] ^ kTables[1][from[6]] ^
            kTables[0][from[7]];
  }
  for (; size > 0; --size, ++from) state = (state >> 8) ^ kTables[0][(state ^ *from) & 255];
  return state;
}

std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t crc) noexcept {
  static const Crc32cKernel kernel = choose_kernel();
  return ~kernel(static_cast<const std::uint8_t*>(data), size, ~crc);
}

}  // namespace logs_sdk::inline v1
