#include "src/base/whole_number.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace logs_sdk {
namespace {

TEST(WholeNumber, the_whole_text_is_the_number_or_there_is_none) {
  EXPECT_EQ(parse_whole<std::int64_t>("-42"), -42);
  EXPECT_EQ(parse_whole<std::uint16_t>("65535"), 65535);
  EXPECT_EQ(parse_whole<double>("1.5e3"), 1500);
  for (const char* text : {"", " 1", "1 ", "1x", "+1", "0x1", "1.0", "--1"}) {
    EXPECT_EQ(parse_whole<std::int64_t>(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_whole<std::uint16_t>("65536"), std::nullopt);
  EXPECT_EQ(parse_whole<std::uint16_t>("-1"), std::nullopt);
  EXPECT_EQ(parse_whole<double>("1e400"), std::nullopt);
}

}  // namespace
}  // namespace logs_sdk
