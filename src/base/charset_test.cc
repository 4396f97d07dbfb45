#include "src/base/charset.h"

#include <string>

#include "gtest/gtest.h"
#include "testing/sample_bodies.h"
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

constexpr std::size_t kPlenty = 1 << 20;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string converted(std::string_view label, std::string_view bytes, TextEnd end = TextEnd::kReal) {
  CharsetConverter converter;
  std::string out;
  EXPECT_EQ(converter.convert(*find_charset(label), bytes, end, kPlenty, out), Conversion::kWhole) << label;
  return out;
}

// Whole characters of `text`, so that cutting it there leaves none torn.
bool begins_at_a_character(std::string_view text, std::string_view beginning) {
  if (!text.starts_with(beginning)) return false;
  return beginning.size() == text.size() || (static_cast<unsigned char>(text[beginning.size()]) & 0xC0) != 0x80;
}

class CharsetTest : public ::testing::Test {
 protected:
  const std::vector<CharsetSample> samples_ = charset_samples(LOGS_SDK_SOURCE_DIR "/testing/bodies");
};

TEST_F(CharsetTest, every_charset_by_every_usual_label_reads_what_others_have_written) {
  CharsetConverter converter;  // one for all of them, which are more than it keeps
  for (int round = 0; round < 2; ++round) {
    for (const CharsetSample& sample : samples_) {
      const Charset* charset = find_charset(sample.label);
      ASSERT_NE(charset, nullptr) << sample.label;
      std::string out = "before ";
      EXPECT_EQ(converter.convert(*charset, sample.bytes, TextEnd::kReal, kPlenty, out), Conversion::kWhole);
      EXPECT_EQ(out, "before " + sample.text) << sample.label;
    }
  }
}

TEST_F(CharsetTest, a_text_torn_at_any_byte_loses_the_torn_character_only) {
  for (const CharsetSample& sample : samples_) {
    for (std::size_t size = 0; size <= sample.bytes.size(); ++size) {
      const std::string out = converted(sample.label, sample.bytes.substr(0, size), TextEnd::kTorn);
      EXPECT_TRUE(begins_at_a_character(sample.text, out)) << sample.label << " " << size << ": " << out;
    }
  }
}

TEST_F(CharsetTest, what_comes_out_ends_at_a_character_wherever_the_limit_is) {
  CharsetConverter converter;
  for (const CharsetSample& sample : samples_) {
    for (std::size_t max = 0; max <= sample.text.size(); ++max) {
      std::string out;
      const Conversion result = converter.convert(*find_charset(sample.label), sample.bytes, TextEnd::kReal, max, out);
      EXPECT_EQ(result, max < sample.text.size() ? Conversion::kCut : Conversion::kWhole) << sample.label << " " << max;
      EXPECT_LE(out.size(), max);
      EXPECT_GE(out.size() + 4, std::min(max, sample.text.size())) << "no more is lost than one character";
      EXPECT_TRUE(begins_at_a_character(sample.text, out)) << sample.label << " " << max;
    }
  }
}

TEST(Charset, a_long_text_is_converted_in_pieces) {
  std::string bytes, text;
  for (int i = 0; i < 5'000; ++i) {
    bytes += "a\xD6\xD0";
    text += "a中";
  }
  EXPECT_EQ(converted("gbk", bytes), text);
}

TEST(Charset, labels_are_known_in_any_case_and_others_are_not) {
  EXPECT_EQ(find_charset("Utf-8"), &kUtf8);
  EXPECT_STREQ(find_charset("GB2312")->name, "GB18030");
  EXPECT_STREQ(find_charset("ISO-8859-1")->name, "CP1252");
  for (const char* label : {"", "utf-7", "ibm037", "ISO-2022-CN-EXT", "utf-8//TRANSLIT", "../../tmp/evil", "x",
                            "a label that is far longer than any that is known"})
    EXPECT_EQ(find_charset(label), nullptr) << label;
}

TEST(Charset, what_is_ill_formed_becomes_the_replacement_character_and_swallows_nothing) {
  const std::string mark(kReplacement);
  EXPECT_EQ(converted("gbk", "a\xD6\"b"), "a" + mark + "\"b") << "a quote after a torn character is one";
  EXPECT_EQ(converted("shift_jis", "\x81:x"), mark + ":x");
  EXPECT_EQ(converted("windows-1252", "a\x81z"), "a" + mark + "z");
  EXPECT_EQ(converted("gbk", "a\xD6"), "a" + mark) << "the text has ended";
  EXPECT_EQ(converted("gbk", "a\xD6", TextEnd::kTorn), "a") << "the copy has";
  const std::string_view lone_high(
      "\x3D\xD8"
      "a\0",
      4);
  const std::string_view lone_low(
      "\x00\xDC"
      "a\0",
      4);
  EXPECT_EQ(converted("utf-16le", lone_high), mark + "a");
  EXPECT_EQ(converted("utf-16le", lone_low), mark + "a");
  EXPECT_EQ(converted("utf-16le", std::string_view("a\0b", 3)), "a" + mark);
}

TEST(Charset, bytes_that_are_no_text_of_it_are_given_up) {
  CharsetConverter converter;
  std::string out;
  EXPECT_EQ(converter.convert(*find_charset("gbk"), std::string(1 << 20, '\xFF'), TextEnd::kReal, kPlenty, out),
            Conversion::kUnreadable);
  EXPECT_LT(out.size(), 1'000u);
}

TEST(Charset, any_bytes_become_well_bounded_text_in_every_charset) {
  SeededRandom random;
  CharsetConverter converter;
  for (const char* label : {"gb18030", "big5", "big5-hkscs", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr", "utf-16le",
                            "utf-16be", "utf-32le", "utf-32be", "windows-1252", "utf-8"}) {
    for (int round = 0; round < 300; ++round) {
      std::string bytes(random.below(200), '\0'), out;
      for (char& c : bytes) c = static_cast<char>(random.next());
      converter.convert(*find_charset(label), bytes, round % 2 == 0 ? TextEnd::kReal : TextEnd::kTorn, 100, out);
      EXPECT_LE(out.size(), 100u);
    }
  }
}

TEST(Charset, a_byte_order_mark_says_which_unicode_it_is) {
  const auto name = [](std::string_view text) -> std::string {
    const ByteOrderMark mark = find_byte_order_mark(text);
    return mark.charset == nullptr ? "none" : mark.charset->name + std::to_string(mark.size_bytes);
  };
  EXPECT_EQ(name("\xEF\xBB\xBFx"), "UTF-83");
  EXPECT_EQ(name({"\xFF\xFEx\0", 4}), "UTF-16LE2");
  EXPECT_EQ(name({"\xFE\xFF\0x", 4}), "UTF-16BE2");
  EXPECT_EQ(name({"\xFF\xFE\0\0x\0\0\0", 8}), "UTF-32LE4");
  EXPECT_EQ(name({"\0\0\xFE\xFF\0\0\0x", 8}), "UTF-32BE4");
  for (const std::string_view text : {"", "x", "\xFF", "\xEF\xBB"}) EXPECT_EQ(name(text), "none");
}

TEST(Charset, wide_text_without_a_mark_is_known_by_its_zeros) {
  const auto name = [](std::string_view text) -> std::string {
    const Charset* charset = find_wide_charset(text);
    return charset == nullptr ? "none" : charset->name;
  };
  EXPECT_EQ(name({"{\0\"\0", 4}), "UTF-16LE");
  EXPECT_EQ(name({"\0{\0\"", 4}), "UTF-16BE");
  EXPECT_EQ(name({"{\0\x2D\x4E", 4}), "UTF-16LE");
  EXPECT_EQ(name({"{\0\0\0", 4}), "UTF-32LE");
  EXPECT_EQ(name({"\0\0\0{", 4}), "UTF-32BE");
  for (const std::string_view text :
       {std::string_view(), std::string_view("{\0\"", 3), std::string_view("text"), std::string_view("\0\0\0\0", 4)})
    EXPECT_EQ(name(text), "none");
}

}  // namespace
}  // namespace logs_sdk
