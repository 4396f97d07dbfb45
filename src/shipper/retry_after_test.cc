#include "src/shipper/retry_after.h"

#include <gtest/gtest.h>

namespace logs_sdk {
namespace {

using std::chrono::seconds;

constexpr std::string_view kDate = "Sun, 06 Nov 1994 08:49:37 GMT";

TEST(RetryAfter, seconds_are_taken_as_they_are) {
  EXPECT_EQ(parse_retry_after("0", ""), seconds(0));
  EXPECT_EQ(parse_retry_after("120", ""), seconds(120));
}

TEST(RetryAfter, a_long_wish_is_shortened) {
  EXPECT_EQ(parse_retry_after("601", ""), kMaxRetryAfter);
  EXPECT_EQ(parse_retry_after("99999999999999999999", ""), kMaxRetryAfter);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 2094 08:49:37 GMT", kDate), kMaxRetryAfter);
}

TEST(RetryAfter, what_is_malformed_is_no_wish) {
  for (const char* text : {"", "-1", "1.5", "1e12", "NaN", " 5", "5 ", "soon", "Sun, 06 Nov 1994 08:49:37"}) {
    EXPECT_FALSE(parse_retry_after(text, kDate)) << text;
  }
}

TEST(RetryAfter, a_date_is_compared_with_the_answers_own_date) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", kDate), seconds(30));
  EXPECT_EQ(parse_retry_after("Sat, 05 Nov 1994 08:49:37 GMT", kDate), seconds(0));
}

TEST(RetryAfter, a_date_without_a_date_to_compare_with_is_no_wish) {
  EXPECT_FALSE(parse_retry_after(kDate, ""));
  EXPECT_FALSE(parse_retry_after(kDate, "yesterday"));
}

TEST(HttpDate, is_read) {
  EXPECT_EQ(parse_http_date(kDate), std::chrono::sys_seconds(seconds(784111777)));
  EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), std::chrono::sys_seconds(seconds(0)));
  EXPECT_TRUE(parse_http_date("Thu, 29 Feb 2024 23:59:60 GMT"));
}

TEST(HttpDate, that_does_not_exist_is_refused) {
  for (const char* text :
       {"Thu, 29 Feb 2023 00:00:00 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

}  // namespace
}  // namespace logs_sdk
