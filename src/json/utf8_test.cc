#include "src/json/utf8.h"

#include "gtest/gtest.h"

namespace logs_sdk {
namespace {

std::string repaired(std::string_view text) {
  std::string out;
  append_repaired(text, out);
  return out;
}

void append_point(std::uint32_t point, std::string& out) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6), put(0x80 | (point & 63));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12), put(0x80 | (point >> 6 & 63)), put(0x80 | (point & 63));
  } else {
    put(0xF0 | point >> 18), put(0x80 | (point >> 12 & 63)), put(0x80 | (point >> 6 & 63)), put(0x80 | (point & 63));
  }
}

TEST(Utf8, every_code_point_is_well_formed_and_every_surrogate_is_not) {
  for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
    std::string text;
    append_point(point, text);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    ASSERT_EQ(is_valid_utf8(text), !surrogate) << point;
    text += "-----";  // enough behind it for the wide path
    ASSERT_EQ(is_valid_utf8(text), !surrogate) << point;
  }
}

TEST(Utf8, every_two_bytes_are_repaired_to_something_valid_and_stay_when_they_were) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      ASSERT_TRUE(is_valid_utf8(repaired(text)));
      ASSERT_EQ(repaired(text) == text, is_valid_utf8(text));
    }
  }
}

TEST(Utf8, the_example_of_unicode_3_9_gives_the_replacements_shown_there) {
  // Table 3-11: E1 80 E2 F0 91 92 F1 BF 41.
  EXPECT_EQ(repaired("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\x41");
  // Table 3-8: C0 AF E0 80 BF F0 81 82 41.
  EXPECT_EQ(repaired("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41").size(), 8u * 3 + 1);
}

TEST(Utf8, a_boundary_never_falls_into_a_character) {
  const std::string text = "a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80z";
  const std::size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
  for (std::size_t max = 0; max < std::size(expected); ++max) EXPECT_EQ(utf8_boundary(text, max), expected[max]) << max;
}

TEST(Utf8, a_torn_end_is_left_out_and_any_other_end_stays) {
  EXPECT_EQ(without_torn_end("ab\xE4\xB8"), "ab");
  EXPECT_EQ(without_torn_end("ab\xF0\x9F\x98"), "ab");
  EXPECT_EQ(without_torn_end("ab\xC3"), "ab");
  for (const std::string_view whole : {"", "ab", "ab\xC3\xA9", "ab\xF0\x9F\x98\x80", "ab\x80", "\x80\x80\x80\x80",
                                       "ab\xED\xA0", "ab\xFF", "ab\xE4\xB8\xAD\x80"}) {
    EXPECT_EQ(without_torn_end(whole), whole);
  }
}

}  // namespace
}  // namespace logs_sdk
