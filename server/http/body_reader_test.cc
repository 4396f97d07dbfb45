#include "server/http/body_reader.h"

#include <gmock/gmock.h>
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
  const auto budget = std::make_shared<Budget>(1 << 20, "all");
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
  const auto budget = std::make_shared<Budget>(1 << 20, "all");
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
  const auto budget = std::make_shared<Budget>(1 << 20, "all");
  const std::string wire = compressed(Encoding::kGzip, std::string(std::size_t{16} << 20, '\0'));
  BodyReader reader(Encoding::kGzip, 1000, budget);
  const auto refusal = reader.write(std::string_view(wire).substr(0, 200));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 413);
}

TEST(BodyReaderTest, damaged_and_torn_streams_are_malformed) {
  const auto budget = std::make_shared<Budget>(1 << 20, "all");
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
  const auto budget = std::make_shared<Budget>(12'000, "all");
  {
    BodyReader first(Encoding::kIdentity, 8192, budget);
    ASSERT_FALSE(first.write(std::string(8192, 'x')));
    BodyReader second(Encoding::kIdentity, 8192, budget);
    const auto refusal = second.write("x");
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->status, 429);
    EXPECT_THAT(refusal->headers, testing::Contains(testing::Pair("Retry-After", "1")));
    EXPECT_THAT(refusal->body, testing::HasSubstr("all may hold at most 12000 bytes"));
  }
  EXPECT_EQ(budget->used(), 0u);
}

TEST(BodyReaderTest, an_announcement_holds_nothing_and_what_comes_holds_twice_itself_at_most) {
  const auto budget = std::make_shared<Budget>(std::size_t{256} << 20, "all");
  BodyReader reader(Encoding::kIdentity, std::size_t{8} << 20, budget);
  ASSERT_FALSE(reader.expect(std::size_t{8} << 20));
  EXPECT_EQ(budget->used(), 0u);
  for (std::size_t size = 3000; size <= std::size_t{8} << 20; size += 3000) {
    ASSERT_FALSE(reader.write(std::string(3000, 'x')));
    ASSERT_GE(budget->used(), reader.body().capacity());
    ASSERT_LE(budget->used(), std::max<std::size_t>(2 * size, 4096));
  }
}

TEST(BodyReaderTest, a_client_is_charged_with_what_came_if_that_was_more_than_it_held) {
  const auto budget = std::make_shared<Budget>(1 << 20, "all");
  BodyReader decoded(Encoding::kGzip, 2000, budget);
  ASSERT_EQ(read_in_pieces(decoded, compressed(Encoding::kGzip, std::string(1000, 'x')), 100), 0);
  EXPECT_EQ(decoded.charged_bytes(), 1000u);
  BodyReader empty(Encoding::kGzip, 2000, budget);
  const std::string wire = compressed(Encoding::kGzip, "");
  ASSERT_EQ(read_in_pieces(empty, wire, 100), 0);
  EXPECT_EQ(empty.charged_bytes(), wire.size());
}

TEST(BodyReaderTest, encodings_are_known_by_name) {
  EXPECT_EQ(parse_content_encoding(""), Encoding::kIdentity);
  EXPECT_EQ(parse_content_encoding("GZip"), Encoding::kGzip);
  EXPECT_EQ(parse_content_encoding("zstd"), Encoding::kZstd);
  for (const char* name : {"br", "gzip, zstd", "deflate", "gzi"}) EXPECT_FALSE(parse_content_encoding(name)) << name;
}

}  // namespace
}  // namespace logs_server
