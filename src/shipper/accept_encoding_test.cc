#include "src/shipper/accept_encoding.h"

#include <gtest/gtest.h>

namespace logs_sdk {
namespace {

TEST(AcceptEncoding, zstd_is_preferred_whatever_the_order) {
  EXPECT_EQ(best_encoding("zstd, gzip"), Encoding::kZstd);
  EXPECT_EQ(best_encoding("gzip, zstd"), Encoding::kZstd);
  EXPECT_EQ(best_encoding("br,\tZSTD;q=0.1 , identity"), Encoding::kZstd);
}

TEST(AcceptEncoding, gzip_is_the_second_choice) {
  EXPECT_EQ(best_encoding("gzip"), Encoding::kGzip);
  EXPECT_EQ(best_encoding("br, x-gzip"), Encoding::kGzip);
}

TEST(AcceptEncoding, nothing_known_means_no_compression) {
  for (const char* text : {"", "identity", "br, deflate", ",,;,", "*", "zstdx", "gzi"}) {
    EXPECT_EQ(best_encoding(text), Encoding::kIdentity) << text;
  }
}

TEST(AcceptEncoding, weight_zero_is_a_refusal) {
  EXPECT_EQ(best_encoding("zstd;q=0, gzip;q=0.5"), Encoding::kGzip);
  EXPECT_EQ(best_encoding("zstd; Q=0.000"), Encoding::kIdentity);
}

}  // namespace
}  // namespace logs_sdk
