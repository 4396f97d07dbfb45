#include "src/capture/body_decoder.h"

#include <gtest/gtest.h>

#include <string>

#include "src/json/utf8.h"
#include "testing/sample_bodies.h"
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

constexpr std::size_t kPlenty = 1 << 20;

std::string coded(Encoding encoding, std::string_view content) {
  Compressor compressor;
  std::string out;
  EXPECT_TRUE(compressor.compress(encoding, content, out).ok());
  return out;
}

class BodyDecoderTest : public ::testing::Test {
 protected:
  // The text; "?" for what is not readable, "..." behind what is cut.
  std::string decoded(const RawBody& raw) {
    const BodyText body = decoder_.decode(raw);
    return body.readable ? std::string(body.text) + (body.cut ? "..." : "") : "?";
  }
  std::string text(std::string_view type, std::string_view copy) { return decoded({copy, false, type, "", kPlenty}); }
  std::string coded_text(std::string_view coding, std::string_view copy) {
    return decoded({copy, false, "application/json", coding, kPlenty});
  }

  BodyDecoder decoder_;
  const std::string folder_ = LOGS_SDK_SOURCE_DIR "/testing/bodies";
};

TEST_F(BodyDecoderTest, every_coding_and_several_in_a_row_yield_what_was_coded) {
  const auto samples = coding_samples(folder_);
  for (const CodingSample& sample : samples)
    EXPECT_EQ(coded_text(sample.coding, sample.bytes), samples.front().bytes) << sample.coding;
}

TEST_F(BodyDecoderTest, a_coded_body_torn_at_any_byte_yields_its_beginning_or_nothing_and_is_cut) {
  const auto samples = coding_samples(folder_);
  const std::string& content = samples.front().bytes;
  constexpr std::size_t kTelling = 16;  // the first bytes alone may pass for text that has been decoded
  for (const CodingSample& sample : samples) {
    if (sample.coding.empty() || sample.coding == "identity") continue;
    std::size_t most = 0;
    for (std::size_t size = kTelling; size < sample.bytes.size(); ++size) {
      const BodyText body = decoder_.decode(
          {std::string_view(sample.bytes).substr(0, size), true, "application/json", sample.coding, kPlenty});
      if (!body.readable) continue;
      EXPECT_TRUE(content.starts_with(body.text)) << sample.coding << " " << size;
      EXPECT_TRUE(body.cut) << sample.coding << " " << size;
      most = std::max(most, body.text.size());
    }
    if (sample.coding == "zstd") continue;  // one block, which yields nothing before its end
    EXPECT_GT(most, content.size() / 2) << sample.coding << ": nothing of a torn body was read";
  }
}

TEST_F(BodyDecoderTest, a_long_body_in_zstd_is_read_from_the_copy_that_is_made_of_it) {
  SeededRandom random;
  std::string content;  // hardly compressible, so that a block is as long as it may be
  while (content.size() < 400'000) content += static_cast<char>(' ' + random.below(90));
  const std::string bytes = coded(Encoding::kZstd, content);
  const std::size_t copied = copied_bytes_for(4160, "text/plain", "zstd", bytes);
  ASSERT_LT(copied, bytes.size());
  const BodyText body = decoder_.decode({std::string_view(bytes).substr(0, copied), true, "text/plain", "zstd", 4160});
  EXPECT_TRUE(body.cut);
  EXPECT_EQ(body.text, content.substr(0, 4160));
}

TEST_F(BodyDecoderTest, a_copy_is_as_long_as_its_charset_needs) {
  EXPECT_EQ(copied_bytes_for(100, "application/json", "", "{\"a\":1}"), 100u);
  EXPECT_EQ(copied_bytes_for(100, "text/plain; charset=utf-16", "", "x"), 200u);
  EXPECT_EQ(copied_bytes_for(100, "text/plain", "", "\xFE\xFF"), 200u);
  EXPECT_EQ(copied_bytes_for(100, "text/plain; charset=UTF-32BE", "", ""), 400u);
  EXPECT_EQ(copied_bytes_for(100, "text/plain; charset=gbk", "gzip", "x"), 100u);
}

TEST_F(BodyDecoderTest, every_charset_becomes_utf8_also_within_a_coding) {
  for (const CharsetSample& sample : charset_samples(folder_)) {
    const std::string type = "text/plain; charset=" + sample.label;
    EXPECT_EQ(text(type, sample.bytes), sample.text) << sample.label;
    EXPECT_EQ(text("text/plain;format=flowed; CHARSET=\"" + sample.label + "\"; x=y", sample.bytes), sample.text);
    EXPECT_EQ(decoded({coded(Encoding::kGzip, sample.bytes), false, type, "gzip", kPlenty}), sample.text);
  }
}

TEST_F(BodyDecoderTest, a_text_torn_at_any_byte_is_utf8_and_loses_the_torn_character_only) {
  for (const CharsetSample& sample : charset_samples(folder_)) {
    const std::string type = "text/plain; charset=" + sample.label;
    for (std::size_t size = 1; size < sample.bytes.size(); ++size) {
      const BodyText body = decoder_.decode({std::string_view(sample.bytes).substr(0, size), true, type, "", kPlenty});
      ASSERT_TRUE(body.readable) << sample.label << " " << size;
      EXPECT_TRUE(body.cut);
      EXPECT_TRUE(sample.text.starts_with(without_torn_end(body.text))) << sample.label << " " << size;
    }
  }
}

TEST_F(BodyDecoderTest, unicode_is_known_by_its_mark_and_by_its_zeros_whatever_is_declared) {
  const std::string json = R"({"name":"Zoë","n":1})";
  const std::u16string wide = u"{\"name\":\"Zoë\",\"n\":1}";
  std::string little, big;
  for (const char16_t c : wide) {
    little += {static_cast<char>(c & 0xFF), static_cast<char>(c >> 8)};
    big += {static_cast<char>(c >> 8), static_cast<char>(c & 0xFF)};
  }
  for (const char* type : {"application/json", "", "text/plain; charset=utf-8", "text/plain; charset=gbk"}) {
    EXPECT_EQ(text(type, "\xFF\xFE" + little), json) << type;
    EXPECT_EQ(text(type, "\xFE\xFF" + big), json) << type;
    EXPECT_EQ(text(type, "\xEF\xBB\xBF" + json), json) << type;
  }
  EXPECT_EQ(text("application/json", little), json);
  EXPECT_EQ(text("application/json", big), json);
  EXPECT_EQ(text("application/octet-stream", "\xFF\xFE" + little), json);
}

TEST_F(BodyDecoderTest, utf8_that_is_declared_to_be_something_else_stays_utf8) {
  const std::string json = R"({"名前":"注文","password":"hunter2"})";
  for (const char* label : {"iso-8859-1", "gbk", "utf-16", "utf-32", "no-such-charset"})
    EXPECT_EQ(text(std::string("application/json; charset=") + label, json), json) << label;
  EXPECT_EQ(text("text/plain; charset=no-such-charset", "a\xD6\xD0"), "?");
  EXPECT_EQ(text("text/plain; charset=utf-7", "+AHAAYQBzAHM-"), "?");
}

TEST_F(BodyDecoderTest, a_document_that_names_its_charset_is_read_by_it) {
  const std::string word = "\xD6\xD0\xCE\xC4";  // in GBK
  EXPECT_EQ(text("text/html", "<html><meta charset=\"gbk\"><p>" + word), "<html><meta charset=\"gbk\"><p>中文");
  const std::string meta = "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=GB2312\"><p>";
  EXPECT_EQ(text("text/html", meta + word), meta + "中文");
  const std::string xml = "<?xml version=\"1.0\" encoding='gb18030'?><a>";
  EXPECT_EQ(text("application/xml", xml + word), xml + "中文");
  EXPECT_EQ(text("text/html", "<meta charset=\"gbk\"><p>中文"), "<meta charset=\"gbk\"><p>中文") << "it lies";
}

TEST_F(BodyDecoderTest, what_the_framework_has_decoded_already_is_not_decoded_again) {
  const std::string json = R"({"a":1})";
  for (const char* coding : {"gzip", "zstd", "deflate", "br", "x-gzip", "gzip, br"})
    EXPECT_EQ(coded_text(coding, json), json) << coding;
}

TEST_F(BodyDecoderTest, codings_that_are_unknown_damaged_or_too_many_are_not_read) {
  const std::string gzip = coded(Encoding::kGzip, R"({"a":1})");
  EXPECT_EQ(coded_text("aes128gcm", gzip), "?");
  EXPECT_EQ(coded_text("gzip, aes128gcm", gzip), "?");
  EXPECT_EQ(coded_text("br", gzip), "?");
  EXPECT_EQ(coded_text("gzip", "\x1F\x8B\xFF\xFF"), "?");
  EXPECT_EQ(coded_text("identity,identity,identity,identity,gzip", gzip), "?");
  EXPECT_EQ(coded_text("gzip", coded(Encoding::kGzip, "")), "");
}

TEST_F(BodyDecoderTest, a_bomb_yields_no_more_than_is_wanted) {
  constexpr std::size_t kWanted = 4160;
  const std::string zeros(std::size_t{64} << 20, '0');
  for (const Encoding encoding : {Encoding::kGzip, Encoding::kZstd}) {
    const std::string bomb = coded(encoding, zeros);
    const BodyText body = decoder_.decode({bomb, false, "text/plain", encoding_name(encoding), kWanted});
    EXPECT_TRUE(body.readable);
    EXPECT_TRUE(body.cut);
    EXPECT_EQ(body.text, zeros.substr(0, kWanted));
    // A bomb within a bomb: what is between them is bounded as well.
    const std::string twice = coded(encoding, bomb);
    const std::string codings = std::string(encoding_name(encoding)) + ", " + std::string(encoding_name(encoding));
    const BodyText inner = decoder_.decode({twice, false, "text/plain", codings, kWanted});
    EXPECT_LE(inner.text.size(), kWanted);
  }
}

TEST_F(BodyDecoderTest, endless_members_that_hold_nothing_end) {
  std::string members;
  const std::string empty = coded(Encoding::kGzip, "");
  while (members.size() < 60'000) members += empty;
  const std::string outer = coded(Encoding::kGzip, members);
  EXPECT_EQ(decoded({members, true, "text/plain", "gzip", 4160}), "...");
  EXPECT_EQ(decoded({outer, true, "text/plain", "gzip, gzip", 4160}), "...");
}

TEST_F(BodyDecoderTest, what_is_text_is_told_by_type_and_bytes) {
  struct Case {
    std::string_view type, bytes;
    bool readable;
  };
  constexpr std::string_view kNul("{\"a\":\"\0\"}", 9);
  const Case cases[] = {
      {"application/json", "{}", true},
      {"application/json", kNul, false},
      {"text/plain", "\x89PNG\r\n\x1A\n\x00\x00", false},
      {"text/plain", "\x1F\x8B\x08\x02\x01\x03\x04\x05", false},
      {"text/plain", "\x1B[31mred\x1B[0m\ttab\r\n", true},
      {"text/plain", "one bell \x07 in a line of text is no reason", true},
      {"application/octet-stream", "{\"plain\":\"text\"}\n", true},
      {"application/octet-stream", "caf\xC3", true},  // torn
      {"application/octet-stream", "caf\xE9 au lait", false},
      {"application/octet-stream", "%PDF-1.7\n", false},
      {"application/octet-stream", "a\x01", false},
      {"application/x-ndjson", "{}\n{}\n", true},
      {"application/vnd.something", "text", true},
      {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK", false},
      {"application/x-protobuf", "\n\x05hello", false},
      {"application/grpc+json", "{}", false},
      {"image/svg+xml", "<svg/>", true},
      {"image/png", "text", false},
      {"video/mp4", "text", false},
      {"multipart/form-data; boundary=b", kNul, true},
  };
  for (const Case& c : cases)
    EXPECT_EQ(decoder_.decode({c.bytes, false, c.type, "", kPlenty}).readable, c.readable) << c.type << ": " << c.bytes;
}

TEST_F(BodyDecoderTest, hostile_bytes_at_random_are_bounded) {
  SeededRandom random;
  const auto codings = coding_samples(folder_);
  const auto charsets = charset_samples(folder_);
  for (int round = 0; round < 3'000; ++round) {
    const CodingSample& coding = codings[random.below(codings.size())];
    std::string bytes = coding.bytes;
    for (int flips = 0; flips < 3; ++flips) bytes[random.below(bytes.size())] = static_cast<char>(random.next());
    const std::string type = "text/plain; charset=" + charsets[random.below(charsets.size())].label;
    const BodyText body = decoder_.decode({bytes, random.one_in(2), type, coding.coding, 500});
    EXPECT_TRUE(body.is_of_copy || body.text.size() <= 2'000u);
  }
}

}  // namespace
}  // namespace logs_sdk
