#include "src/base/compression.h"

#include <string>

#include "gtest/gtest.h"
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

std::string sample_text(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i)
    text += "{\"path\":\"/orders/" + std::to_string(i * 7919) + "\",\"status\":200},";
  text.resize(size);
  return text;
}

std::string compressed(Encoding encoding, std::string_view input) {
  Compressor compressor;
  std::string out;
  const Status status = compressor.compress(encoding, input, out);
  EXPECT_TRUE(status.ok()) << status.message();
  return out;
}

// Everything at once; the status of write, or of finish when that was well.
Status decompress(Encoding encoding, std::string_view input, std::size_t max_bytes, std::string& out) {
  Decompressor decompressor(encoding, max_bytes);
  const Status status = decompressor.write(input, out);
  return status.ok() ? decompressor.finish() : status;
}

class CompressionOf : public ::testing::TestWithParam<Encoding> {};
INSTANTIATE_TEST_SUITE_P(Encodings, CompressionOf,
                         ::testing::Values(Encoding::kIdentity, Encoding::kGzip, Encoding::kZstd),
                         [](const auto& case_info) { return std::string(encoding_name(case_info.param)); });

class DamageOf : public ::testing::TestWithParam<Encoding> {};
INSTANTIATE_TEST_SUITE_P(Encodings, DamageOf, ::testing::Values(Encoding::kGzip, Encoding::kZstd),
                         [](const auto& case_info) { return std::string(encoding_name(case_info.param)); });

TEST_P(CompressionOf, what_was_compressed_is_read_back_in_pieces_of_any_size) {
  const std::string text = sample_text(100'000);
  const std::string packed = compressed(GetParam(), text);
  for (const std::size_t piece : {1u, 7u, 4096u, 1u << 20}) {
    Decompressor decompressor(GetParam(), text.size());
    std::string out;
    for (std::size_t at = 0; at < packed.size(); at += piece) {
      ASSERT_TRUE(decompressor.write(std::string_view(packed).substr(at, piece), out).ok());
    }
    EXPECT_TRUE(decompressor.finish().ok());
    EXPECT_EQ(out, text);
  }
}

TEST_P(CompressionOf, a_compressor_can_be_used_again_and_empty_input_is_an_input) {
  Compressor compressor;
  for (const std::size_t size : {50'000u, 0u, 1u, 70'000u}) {
    const std::string text = sample_text(size);
    std::string packed, out;
    ASSERT_TRUE(compressor.compress(GetParam(), text, packed).ok());
    EXPECT_TRUE(decompress(GetParam(), packed, size, out).ok()) << size;
    EXPECT_EQ(out, text);
  }
}

TEST_P(CompressionOf, incompressible_input_of_several_pieces_survives) {
  SeededRandom random;
  std::string text(200'000, '\0');
  for (char& c : text) c = static_cast<char>(random.next());
  std::string out;
  EXPECT_TRUE(decompress(GetParam(), compressed(GetParam(), text), text.size(), out).ok());
  EXPECT_EQ(out, text);
}

TEST_P(CompressionOf, the_limit_is_exact_and_never_exceeded) {
  const std::string text = sample_text(90'000);
  const std::string packed = compressed(GetParam(), text);
  std::string out;
  EXPECT_TRUE(decompress(GetParam(), packed, text.size(), out).ok());
  out.clear();
  Decompressor decompressor(GetParam(), text.size() - 1);
  EXPECT_EQ(decompressor.write(packed, out).code(), Code::kInput);
  EXPECT_TRUE(decompressor.over_limit());
  EXPECT_EQ(out, text.substr(0, text.size() - 1));
  EXPECT_EQ(decompressor.write(packed, out).code(), Code::kInput) << "a failed stream stays failed";
  EXPECT_EQ(out.size(), text.size() - 1);
}

TEST_P(DamageOf, a_bomb_stops_at_the_limit) {
  const std::string bomb = compressed(GetParam(), std::string(std::size_t{64} << 20, 'a'));
  ASSERT_LT(bomb.size(), 400'000u);
  constexpr std::size_t kLimit = 1 << 20;
  Decompressor decompressor(GetParam(), kLimit);
  std::string out;
  EXPECT_EQ(decompressor.write(bomb, out).code(), Code::kInput);
  EXPECT_TRUE(decompressor.over_limit());
  EXPECT_EQ(out.size(), kLimit);
  EXPECT_LE(out.capacity(), 3 * kLimit);
}

TEST_P(DamageOf, a_stream_cut_at_any_length_is_not_complete) {
  const std::string text = sample_text(3'000);
  const std::string packed = compressed(GetParam(), text);
  for (std::size_t size = 0; size < packed.size(); ++size) {
    std::string out;
    const Status status = decompress(GetParam(), std::string_view(packed).substr(0, size), text.size(), out);
    ASSERT_EQ(status.code(), Code::kInput) << size;
    ASSERT_EQ(out, text.substr(0, out.size())) << size;
  }
}

TEST_P(DamageOf, a_flipped_byte_never_crashes_nor_exceeds_the_limit) {
  const std::string text = sample_text(3'000);
  const std::string packed = compressed(GetParam(), text);
  std::size_t noticed = 0;
  for (std::size_t at = 0; at < packed.size(); ++at) {
    std::string damaged = packed, out;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    noticed += decompress(GetParam(), damaged, text.size(), out).ok() ? 0u : 1u;
    ASSERT_LE(out.size(), text.size());
  }
  EXPECT_GT(noticed, packed.size() / 4);  // zstd carries no checksum unless asked; gzip always does
}

TEST_P(DamageOf, frames_end_to_end_are_one_stream_and_the_limit_spans_them) {
  const std::string first = sample_text(40'000), second = sample_text(20'000);
  const std::string packed = compressed(GetParam(), first) + compressed(GetParam(), second);
  std::string out;
  EXPECT_TRUE(decompress(GetParam(), packed, 60'000, out).ok());
  EXPECT_EQ(out, first + second);
  out.clear();
  EXPECT_EQ(decompress(GetParam(), packed, 59'999, out).code(), Code::kInput);
}

TEST_P(DamageOf, what_follows_a_complete_stream_must_be_one_too) {
  std::string out;
  EXPECT_EQ(decompress(GetParam(), compressed(GetParam(), "text") + "garbage", 1'000, out).code(), Code::kInput);
}

TEST(Compression, zstd_and_gzip_are_told_by_their_tokens) {
  EXPECT_EQ(encoding_name(Encoding::kGzip), "gzip");
  EXPECT_EQ(encoding_name(Encoding::kZstd), "zstd");
  EXPECT_EQ(encoding_name(Encoding::kIdentity), "identity");
}

TEST(Compression, a_stream_of_the_other_format_is_damaged) {
  std::string out;
  EXPECT_EQ(decompress(Encoding::kGzip, compressed(Encoding::kZstd, "text"), 1'000, out).code(), Code::kInput);
  EXPECT_EQ(decompress(Encoding::kZstd, compressed(Encoding::kGzip, "text"), 1'000, out).code(), Code::kInput);
}

}  // namespace
}  // namespace logs_sdk
