#include "server/http/body_reader.h"

#include <gtest/gtest.h>

namespace logs_server {
namespace {

using logs_sdk::Encoding;

std::string compressed(Encoding encoding, std::string_view text) {
  std::string out;
  EXPECT_TRUE(logs_sdk::Compressor().compress(encoding, text, out).ok());
  return out;
}

// Status of the first refusal, 0 for none.
int read_in_pieces(BodyReader& reader, std::string_view wire, std::size_t piece) {
  for (std::size_t at = 0; at < wire.size(); at += piece) {
    if (auto refusal = reader.write(wire.substr(at, piece))) return refusal->status;
  }
  const auto refusal = reader.finish();
  return refusal ? refusal->status : 0;
}

TEST(BodyReaderTest, a_body_is_decoded_in_pieces_of_any_size) {
  const std::string text = "one body, " + std::string(1000, 'x') + " two ends";
  MemoryBudget budget(1 << 20);
  for (const Encoding encoding : {Encoding::kIdentity, Encoding::kGzip, Encoding::kZstd}) {
    const std::string wire = encoding == Encoding::kIdentity ? text : compressed(encoding, text);
    for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
      BodyReader reader(encoding, 2000, budget);
      ASSERT_EQ(read_in_pieces(reader, wire, piece), 0);
      ASSERT_EQ(reader.body(), text);
    }
  }
}

TEST(BodyReaderTest, the_bound_is_on_decoded_bytes_and_exact) {
  MemoryBudget budget(1 << 20);
  for (const Encoding encoding : {Encoding::kIdentity, Encoding::kGzip, Encoding::kZstd}) {
    for (const std::size_t size : {1000UL, 1001UL}) {
      const std::string text(size, 'x');
      BodyReader reader(encoding, 1000, budget);
      const std::string wire = encoding == Encoding::kIdentity ? text : compressed(encoding, text);
      EXPECT_EQ(read_in_pieces(reader, wire, 7), size == 1000 ? 0 : 413) << size;
    }
  }
}

TEST(BodyReaderTest, a_bomb_is_refused_before_its_end_arrives) {
  MemoryBudget budget(1 << 20);
  const std::string wire = compressed(Encoding::kGzip, std::string(std::size_t{16} << 20, '\0'));
  BodyReader reader(Encoding::kGzip, 1000, budget);
  const auto refusal = reader.write(std::string_view(wire).substr(0, 200));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 413);
}

TEST(BodyReaderTest, damaged_and_torn_streams_are_malformed) {
  MemoryBudget budget(1 << 20);
  for (const Encoding encoding : {Encoding::kGzip, Encoding::kZstd}) {
    const std::string wire = compressed(encoding, std::string(500, 'x'));
    for (std::size_t size = 1; size < wire.size(); ++size) {
      BodyReader reader(encoding, 1000, budget);
      ASSERT_EQ(read_in_pieces(reader, std::string_view(wire).substr(0, size), 5), 400) << size;
    }
    BodyReader reader(encoding, 1000, budget);
    EXPECT_EQ(read_in_pieces(reader, "this is not compressed", 4), 400);
  }
}

TEST(BodyReaderTest, all_bodies_together_are_bounded_and_give_back) {
  MemoryBudget budget(1500);
  {
    BodyReader first(Encoding::kIdentity, 1000, budget);
    ASSERT_FALSE(first.expect(1000));
    BodyReader second(Encoding::kIdentity, 1000, budget);
    const auto refusal = second.expect(1000);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->status, 429);
    EXPECT_EQ(second.write(std::string(501, 'x'))->status, 429);
  }
  BodyReader third(Encoding::kIdentity, 1500, budget);
  EXPECT_FALSE(third.expect(1500));
}

TEST(BodyReaderTest, encodings_are_known_by_name) {
  EXPECT_EQ(parse_content_encoding(""), Encoding::kIdentity);
  EXPECT_EQ(parse_content_encoding("GZip"), Encoding::kGzip);
  EXPECT_EQ(parse_content_encoding("zstd"), Encoding::kZstd);
  for (const char* name : {"br", "gzip, zstd", "deflate", "gzi"}) EXPECT_FALSE(parse_content_encoding(name)) << name;
}

}  // namespace
}  // namespace logs_server
