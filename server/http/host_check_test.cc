#include "server/http/host_check.h"

#include <gtest/gtest.h>

namespace logs_server {
namespace {

TEST(HostCheckTest, names_of_loopback_are_allowed_with_any_port) {
  const HostCheck check({});
  for (const char* host :
       {"localhost", "LocalHost:1", "app.localhost", "127.0.0.1", "127.9.9.9:8600", "[::1]", "[::1]:80"}) {
    EXPECT_TRUE(check.allows(host)) << host;
  }
}

TEST(HostCheckTest, foreign_and_malformed_names_are_not) {
  const HostCheck check({});
  for (const char* host :
       {"", ":80", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "128.0.0.1", "[::2]", "[::1",
        "[::1]x", "localhost:80x", "evil.example:127", "0.0.0.0", "::1", "evil#.localhost", "evil/.localhost",
        "evil?.localhost", "evil@localhost", "a b.localhost"}) {
    EXPECT_FALSE(check.allows(host)) << host;
  }
}

TEST(HostCheckTest, configured_names_are_allowed_in_any_case) {
  const HostCheck check({"Logs.Example", "2001:db8::1"});
  EXPECT_TRUE(check.allows("logs.example:443"));
  EXPECT_TRUE(check.allows("LOGS.EXAMPLE"));
  EXPECT_TRUE(check.allows("[2001:db8::1]:8600"));
  EXPECT_FALSE(check.allows("x.logs.example"));
}

}  // namespace
}  // namespace logs_server
