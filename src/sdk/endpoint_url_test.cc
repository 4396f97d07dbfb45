#include "src/sdk/endpoint_url.h"

#include <gtest/gtest.h>

namespace logs_sdk {
namespace {

TEST(EndpointUrlTest, splits_what_the_configuration_judges) {
  const auto url = EndpointUrl::parse("https://logs.example.com:8443/api/v1/ingest/logs?x=1");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->https);
  EXPECT_EQ(url->host, "logs.example.com");
  EXPECT_FALSE(url->user_info);
  EXPECT_FALSE(url->fragment);
}

TEST(EndpointUrlTest, user_info_and_fragment_are_seen) {
  EXPECT_TRUE(EndpointUrl::parse("http://u:p@host/")->user_info);
  EXPECT_EQ(EndpointUrl::parse("http://u:p@host/")->host, "host");
  EXPECT_TRUE(EndpointUrl::parse("http://host/#part")->fragment);
  EXPECT_TRUE(EndpointUrl::parse("http://host#part")->fragment);
}

TEST(EndpointUrlTest, what_is_no_http_url_is_nothing) {
  for (const char* text : {"",
                           "http",
                           "http:",
                           "http://",
                           "https:///path",
                           "ftp://host/",
                           "//host/",
                           "host/path",
                           "http://:80/",
                           "http://host:0/",
                           "http://host:65536/",
                           "http://host:x/",
                           "http://host:/",
                           "http://[::1/",
                           "http://[zz]/",
                           "http://a b/",
                           "http://host/a b",
                           "http://host\r\nX: y/",
                           "http://h\x80st/",
                           "http://ho%73t/",
                           "http://::1/"}) {
    EXPECT_FALSE(EndpointUrl::parse(text)) << text;
  }
}

TEST(EndpointUrlTest, loopback_is_told_by_the_text_alone) {
  for (const char* text :
       {"http://localhost", "http://LOCALHOST:80/x", "http://127.0.0.1:1/", "http://127.9.9.9/", "http://[::1]:8/"}) {
    EXPECT_TRUE(EndpointUrl::parse(text)->loopback()) << text;
  }
  for (const char* text : {"http://localhost.example.com", "http://128.0.0.1/", "http://127.0.0.1.example.com/",
                           "http://[::2]/", "http://0.0.0.0/", "http://127.1/"}) {
    EXPECT_FALSE(EndpointUrl::parse(text)->loopback()) << text;
  }
}

TEST(EndpointUrlTest, a_shown_url_has_neither_user_info_nor_query) {
  EXPECT_EQ(redacted_url("https://user:pa/ss@host/path?key=1#f"), "https://***@host/path?***");
  EXPECT_EQ(redacted_url("user:pass@host"), "***@host");
  EXPECT_EQ(redacted_url("https://host/path"), "https://host/path");
  EXPECT_EQ(redacted_url("https://host/#secret"), "https://host/#***");
  EXPECT_EQ(redacted_url(""), "");
}

}  // namespace
}  // namespace logs_sdk
