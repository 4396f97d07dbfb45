#include "server/store/timestamp.h"

#include <gtest/gtest.h>

namespace logs_server {
namespace {

TEST(TimestampTest, the_forms_of_the_family_are_read) {
  const std::int64_t base = 1'769'846'950'000'000;  // 2026-01-31T08:09:10Z
  const struct {
    std::string_view text;
    std::int64_t us;
  } cases[] = {
      {"2026-01-31T08:09:10Z", base},
      {"2026-01-31T08:09:10.5Z", base + 500'000},
      {"2026-01-31T08:09:10.123456Z", base + 123'456},
      {"2026-01-31T08:09:10.123456789Z", base + 123'456},
      {"2026-01-31 08:09:10", base},
      {"2026-01-31t08:09:10z", base},
      {"2026-01-31T16:09:10+08:00", base},
      {"2026-01-31T04:39:10-0330", base},
      {"1970-01-01T00:00:00Z", 0},
      {"1969-12-31T23:59:59.5Z", -500'000},
      {"2024-02-29T00:00:00Z", 1'709'164'800'000'000},
      {"2016-12-31T23:59:60Z", 1'483'228'800'000'000},
  };
  for (const auto& [text, us] : cases) EXPECT_EQ(parse_timestamp(text), us) << text;
}

TEST(TimestampTest, everything_else_is_none) {
  for (const char* text :
       {"", "2026", "2026-01-31", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2023-02-29T00:00:00Z",
        "2026-01-31T24:00:00Z", "2026-01-31T00:60:00Z", "2026-01-31T00:00:61Z", "2026-01-31T08:09:10.Z",
        "2026-01-31T08:09:10Zx", "2026-01-31T08:09:10+8", "2026-01-31T08:09:10+25:00", "1769846950",
        "2026-1-31T08:09:10Z", "2026-01-31T08:09:10 Z"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

TEST(TimestampTest, what_is_written_is_read_back) {
  for (const std::int64_t us : {std::int64_t{0}, std::int64_t{1'769'846'950'123'456}, std::int64_t{-1}}) {
    EXPECT_EQ(parse_timestamp(format_timestamp(us)), us);
  }
  EXPECT_EQ(format_timestamp(1'769'846'950'000'007), "2026-01-31T08:09:10.000007Z");
}

}  // namespace
}  // namespace logs_server
