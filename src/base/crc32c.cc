#include "src/base/crc32c.h"

#include <array>
#include <cstring>

#include "src/base/crc32c_kernels.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78;  // reflected: bit 31 is the coefficient of x^0

using Table = std::array<std::uint32_t, 256>;

// tables[k][b]: what byte b followed by k zero bytes makes of an empty register.
constexpr std::array<Table, 8> make_tables() {
  std::array<Table, 8> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t state = byte;
    for (int bit = 0; bit < 8; ++bit) state = (state >> 1) ^ ((state & 1) != 0 ? kPolynomial : 0);
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

Crc32cKernel kernel() noexcept {
  static const Crc32cKernel chosen =
      crc32c_by_instruction() != nullptr ? crc32c_by_instruction() : Crc32cKernel{crc32c_by_table};
  return chosen;
}

}  // namespace

std::uint32_t crc32c_by_table(std::uint8_t* to, const std::uint8_t* from, std::size_t size,
                              std::uint32_t state) noexcept {
  if (to != nullptr && size > 0) std::memcpy(to, from, size);
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
  return ~kernel()(nullptr, static_cast<const std::uint8_t*>(data), size, ~crc);
}

std::uint32_t crc32c_copy(void* to, const void* from, std::size_t size, std::uint32_t crc) noexcept {
  return ~kernel()(static_cast<std::uint8_t*>(to), static_cast<const std::uint8_t*>(from), size, ~crc);
}

}  // namespace logs_sdk::inline v1
