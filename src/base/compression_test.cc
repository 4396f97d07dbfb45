#include "src/base/compression.h"

#include <brotli/encode.h>
#include <zlib.h>

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

constexpr int kZlibWindow = 15, kBareWindow = -15;

std::string deflated(std::string_view input, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, input.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string compressed_by_brotli(std::string_view input) {
  std::string out(BrotliEncoderMaxCompressedSize(input.size()) + 64, '\0');
  std::size_t size = out.size();
  EXPECT_EQ(BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, input.size(),
                                  reinterpret_cast<const std::uint8_t*>(input.data()), &size,
                                  reinterpret_cast<std::uint8_t*>(out.data())),
            BROTLI_TRUE);
  out.resize(size);
  return out;
}

std::string compressed(Encoding encoding, std::string_view input) {
  if (encoding == Encoding::kDeflate) return deflated(input, kZlibWindow);
  if (encoding == Encoding::kBrotli) return compressed_by_brotli(input);
  Compressor compressor;
  std::string out;
  const Status status = compressor.compress(encoding, input, out);
  EXPECT_TRUE(status.ok()) << status.message();
  return out;
}

// The others are read only.
bool is_written(Encoding encoding) { return encoding != Encoding::kDeflate && encoding != Encoding::kBrotli; }

// Everything at once; the status of write, or of finish when that was well.
Status decompress(Encoding encoding, std::string_view input, std::size_t max_bytes, std::string& out) {
  Decompressor decompressor(encoding, max_bytes);
  const Status status = decompressor.write(input, out);
  return status.ok() ? decompressor.finish() : status;
}

class CompressionOf : public ::testing::TestWithParam<Encoding> {};
INSTANTIATE_TEST_SUITE_P(Encodings, CompressionOf,
                         ::testing::Values(Encoding::kIdentity, Encoding::kGzip, Encoding::kZstd, Encoding::kDeflate,
                                           Encoding::kBrotli),
                         [](const auto& case_info) { return std::string(encoding_name(case_info.param)); });

class DamageOf : public ::testing::TestWithParam<Encoding> {};
INSTANTIATE_TEST_SUITE_P(Encodings, DamageOf,
                         ::testing::Values(Encoding::kGzip, Encoding::kZstd, Encoding::kDeflate, Encoding::kBrotli),
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
    std::string packed = compressed(GetParam(), text), out;
    if (is_written(GetParam())) {
      ASSERT_TRUE(compressor.compress(GetParam(), text, packed).ok());
    }
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

TEST_P(DamageOf, a_decompressor_begins_again_after_any_end_with_any_encoding) {
  const std::string text = sample_text(5'000);
  Decompressor decompressor(Encoding::kIdentity, 0);
  std::string out;
  for (const Encoding before : {Encoding::kGzip, Encoding::kZstd, Encoding::kDeflate, Encoding::kBrotli}) {
    for (const std::size_t size : {std::size_t{20}, compressed(before, text).size()}) {
      decompressor.reset(before, 1'000);
      static_cast<void>(decompressor.write(compressed(before, text).substr(0, size), out));
      decompressor.reset(GetParam(), text.size());
      out.clear();
      ASSERT_TRUE(decompressor.write(compressed(GetParam(), text), out).ok());
      EXPECT_TRUE(decompressor.finish().ok());
      EXPECT_FALSE(decompressor.over_limit());
      EXPECT_EQ(out, text);
    }
  }
}

TEST(Compression, frames_end_to_end_are_one_stream_and_the_limit_spans_them) {
  for (const Encoding encoding : {Encoding::kGzip, Encoding::kZstd}) {
    const std::string first = sample_text(40'000), second = sample_text(20'000);
    const std::string packed = compressed(encoding, first) + compressed(encoding, second);
    std::string out;
    EXPECT_TRUE(decompress(encoding, packed, 60'000, out).ok());
    EXPECT_EQ(out, first + second);
    out.clear();
    EXPECT_EQ(decompress(encoding, packed, 59'999, out).code(), Code::kInput);
  }
}

TEST(Compression, deflate_is_read_with_its_wrapper_and_without_in_pieces_of_any_size) {
  SeededRandom random;
  std::string noise(3'000, '\0');
  for (char& c : noise) c = static_cast<char>(random.next());
  for (const std::string& text : {sample_text(3'000), noise, std::string(), std::string("a")}) {
    for (const int window : {kZlibWindow, kBareWindow}) {
      const std::string packed = deflated(text, window);
      for (const std::size_t piece : {1u, 2u, 3u, 4096u}) {
        Decompressor decompressor(Encoding::kDeflate, text.size());
        std::string out;
        for (std::size_t at = 0; at < packed.size(); at += piece)
          ASSERT_TRUE(decompressor.write(std::string_view(packed).substr(at, piece), out).ok());
        EXPECT_TRUE(decompressor.finish().ok());
        EXPECT_EQ(out, text);
      }
    }
  }
}

TEST(Compression, what_came_before_the_damage_is_kept) {
  const std::string text = sample_text(3'000);
  std::string packed = compressed(Encoding::kGzip, text), out;
  packed[packed.size() - 5] = static_cast<char>(packed[packed.size() - 5] ^ 1);  // of the checksum
  EXPECT_EQ(decompress(Encoding::kGzip, packed, text.size(), out).code(), Code::kInput);
  EXPECT_EQ(out, text);
}

TEST(Compression, deflate_and_br_are_read_only) {
  Compressor compressor;
  std::string out;
  EXPECT_EQ(compressor.compress(Encoding::kDeflate, "text", out).code(), Code::kGiveUp);
  EXPECT_EQ(compressor.compress(Encoding::kBrotli, "text", out).code(), Code::kGiveUp);
}

TEST_P(DamageOf, what_follows_a_complete_stream_must_be_one_too) {
  std::string out;
  EXPECT_EQ(decompress(GetParam(), compressed(GetParam(), "text") + "garbage", 1'000, out).code(), Code::kInput);
}

TEST(Compression, encodings_are_told_by_their_tokens) {
  EXPECT_EQ(encoding_name(Encoding::kDeflate), "deflate");
  EXPECT_EQ(encoding_name(Encoding::kBrotli), "br");
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
