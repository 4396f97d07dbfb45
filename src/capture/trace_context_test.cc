#include "src/capture/trace_context.h"

#include <gtest/gtest.h>

#include <string>

namespace logs_sdk {
namespace {

constexpr std::string_view kValid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceParent, is_taken_apart) {
  const auto parent = parse_traceparent(kValid);
  ASSERT_TRUE(parent);
  EXPECT_EQ(parent->trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(parent->parent_id, "00f067aa0ba902b7");
}

// Trace Context level 1, 3.2.2 and 4.3.
TEST(TraceParent, counts_only_when_valid) {
  const std::pair<std::string_view, bool> cases[] = {
      {kValid, true},
      {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", true},
      {"01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true},
      {"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later", true},
      {"", false},
      {"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
      {"00-00000000000000000000000000000000-00f067aa0ba902b7-01", false},
      {"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false},
      {"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false},
      {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later", false},
      {"01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.later", false},
      {"00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01", false},
      {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0", false},
      {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g", false},
      {"0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
      {"00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01", false},
  };
  for (const auto& [value, valid] : cases) EXPECT_EQ(parse_traceparent(value).has_value(), valid) << value;
}

TEST(TraceParent, cut_anywhere_is_refused) {
  for (std::size_t size = 0; size < kValid.size(); ++size) EXPECT_FALSE(parse_traceparent(kValid.substr(0, size)));
}

TEST(TraceId, is_32_digits_in_any_grouping) {
  const auto id = parse_trace_id("4BF92F35-77B3-4DA6-A3CE-929d0e0e4736");
  ASSERT_TRUE(id);
  EXPECT_EQ(std::string(id->begin(), id->end()), "4bf92f3577b34da6a3ce929d0e0e4736");
  for (const std::string_view other : {"", "-", "4bf92f3577b34da6a3ce929d0e0e473", "4bf92f3577b34da6a3ce929d0e0e47361",
                                       "4bf92f3577b34da6a3ce929d0e0e473g", "00000000-0000-0000-0000-000000000000"})
    EXPECT_FALSE(parse_trace_id(other)) << other;
}

}  // namespace
}  // namespace logs_sdk
