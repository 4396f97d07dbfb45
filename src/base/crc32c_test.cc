#include "src/base/crc32c.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "src/base/crc32c_kernels.h"
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

std::uint32_t crc_of(std::string_view bytes) { return crc32c(bytes.data(), bytes.size()); }

// The definition, one bit at a time.
std::uint32_t slow_crc32c(const std::vector<std::uint8_t>& bytes) {
  std::uint32_t state = ~std::uint32_t{0};
  for (const std::uint8_t byte : bytes) {
    state ^= byte;
    for (int bit = 0; bit < 8; ++bit) state = (state >> 1) ^ (0x82F63B78u & (0u - (state & 1)));
  }
  return ~state;
}

std::vector<std::uint8_t> random_bytes(Random& random, std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  return bytes;
}

TEST(Crc32c, the_vectors_of_rfc_3720_b4) {
  EXPECT_EQ(crc_of(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc_of(std::string(32, '\xFF')), 0x62A8AB43u);
  std::string up, down;
  for (int i = 0; i < 32; ++i) up += static_cast<char>(i), down += static_cast<char>(31 - i);
  EXPECT_EQ(crc_of(up), 0x46DD794Eu);
  EXPECT_EQ(crc_of(down), 0x113FDB5Cu);
  EXPECT_EQ(crc_of("123456789"), 0xE3069283u);
  EXPECT_EQ(crc_of(""), 0u);
}

TEST(Crc32c, all_kernels_agree_with_the_definition_at_every_length) {
  SeededRandom random;
  for (std::size_t size = 0; size <= 3'400; size += size < 300 ? 1 : 37) {
    const std::vector<std::uint8_t> bytes = random_bytes(random, size);
    const std::uint32_t expected = slow_crc32c(bytes);
    ASSERT_EQ(~crc32c_by_table(bytes.data(), size, ~0u), expected) << size;
    for (const Crc32cKernel kernel : {crc32c_by_instruction(), crc32c_by_folding()}) {
      if (kernel == nullptr) continue;  // not this processor
      ASSERT_EQ(~kernel(bytes.data(), size, ~0u), expected) << size;
    }
  }
}

TEST(Crc32c, a_sum_continues_from_the_sum_of_what_came_before) {
  SeededRandom random;
  const std::vector<std::uint8_t> bytes = random_bytes(random, 2'600);
  const std::uint32_t whole = crc32c(bytes.data(), bytes.size());
  for (std::size_t cut = 0; cut <= bytes.size(); cut += 13) {
    const std::uint32_t head = crc32c(bytes.data(), cut);
    ASSERT_EQ(crc32c(bytes.data() + cut, bytes.size() - cut, head), whole) << cut;
  }
}

TEST(Crc32c, every_flipped_bit_changes_the_sum) {
  SeededRandom random;
  std::vector<std::uint8_t> bytes = random_bytes(random, 500);
  const std::uint32_t whole = crc32c(bytes.data(), bytes.size());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1u << (bit % 8)));
    ASSERT_NE(crc32c(bytes.data(), bytes.size()), whole) << bit;
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1u << (bit % 8)));
  }
}

}  // namespace
}  // namespace logs_sdk
