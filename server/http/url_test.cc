#include "server/http/url.h"

#include <gtest/gtest.h>

namespace logs_server {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(UrlTest, a_target_is_split_into_path_and_query) {
  const auto target = parse_target("/a/b?x=1?2");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a/b");
  EXPECT_EQ(target->query, "x=1?2");
  EXPECT_EQ(target->authority, "");
}

TEST(UrlTest, the_absolute_form_has_an_authority) {
  const auto target = parse_target("http://evil.example:80/a?q");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->authority, "evil.example:80");
  EXPECT_EQ(target->path, "/a");
  EXPECT_EQ(target->query, "q");
  EXPECT_EQ(parse_target("http://h")->path, "/");
  EXPECT_EQ(parse_target("http://h?q")->query, "q");
}

TEST(UrlTest, other_targets_are_refused) {
  for (const char* target : {"", "*", "a/b", "?x", "http://", "host:443"}) EXPECT_FALSE(parse_target(target)) << target;
}

TEST(UrlTest, percent_escapes_are_decoded_or_refused) {
  EXPECT_EQ(percent_decode("a%2fB%41+"), "a/BA+");
  for (const char* text : {"%", "%1", "a%zz", "%4"}) EXPECT_FALSE(percent_decode(text)) << text;
}

TEST(UrlTest, a_query_is_decoded_in_order_and_keeps_what_does_not_decode) {
  EXPECT_EQ(parse_query("q=a+b%3D&&x&y=%zz&q=2"), (Pairs{{"q", "a b="}, {"x", ""}, {"y", "%zz"}, {"q", "2"}}));
  EXPECT_EQ(parse_query(""), Pairs{});
}

}  // namespace
}  // namespace logs_server
