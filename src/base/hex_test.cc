#include "src/base/hex.h"

#include <array>

#include "gtest/gtest.h"

namespace logs_sdk {
namespace {

TEST(Hex, bytes_and_words_are_written_in_lower_case_most_significant_first) {
  EXPECT_EQ(to_hex(std::array<std::uint8_t, 3>{0x00, 0xAB, 0x7F}), "00ab7f");
  EXPECT_EQ(to_hex(std::uint64_t{0x0123456789ABCDEF}), "0123456789abcdef");
}

TEST(Hex, every_byte_is_read_back_in_either_case) {
  for (unsigned value = 0; value < 256; ++value) {
    std::string text = to_hex(std::array{static_cast<std::uint8_t>(value)});
    std::array<std::uint8_t, 1> read{};
    ASSERT_TRUE(parse_hex(text, read));
    EXPECT_EQ(read[0], value);
    for (char& digit : text) digit = static_cast<char>(std::toupper(digit));
    ASSERT_TRUE(parse_hex(text, read));
    EXPECT_EQ(read[0], value);
  }
}

TEST(Hex, the_neighbours_of_the_digits_are_no_digits) {
  for (const char other : {'/', ':', '@', 'G', '`', 'g', ' ', '\0', '\xE9'}) EXPECT_EQ(hex_value(other), -1) << other;
}

TEST(Hex, another_length_or_another_character_is_refused) {
  std::array<std::uint8_t, 2> read{};
  EXPECT_FALSE(parse_hex("012", read));
  EXPECT_FALSE(parse_hex("01234", read));
  EXPECT_FALSE(parse_hex("012x", read));
  EXPECT_FALSE(is_hex(""));
  EXPECT_FALSE(is_hex("12 4"));
  EXPECT_TRUE(is_hex("12aF4"));
}

}  // namespace
}  // namespace logs_sdk
