#include "src/base/rfc3339.h"

#include <gtest/gtest.h>

namespace logs_sdk {
namespace {

WallTime at(std::int64_t seconds, std::int64_t us) {
  return WallTime(std::chrono::seconds(seconds) + std::chrono::microseconds(us));
}

TEST(Rfc3339, writes_utc_with_microseconds) {
  EXPECT_EQ(view(rfc3339(at(0, 0))), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(view(rfc3339(at(951827696, 7))), "2000-02-29T12:34:56.000007Z");
  EXPECT_EQ(view(rfc3339(at(-1, 999999))), "1969-12-31T23:59:59.999999Z");
}

TEST(Rfc3339, stays_within_four_digits_of_year) {
  EXPECT_EQ(view(rfc3339(at(400'000'000'000, 0))), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(view(rfc3339(at(-400'000'000'000, 0))), "0000-01-01T00:00:00.000000Z");
}

}  // namespace
}  // namespace logs_sdk
