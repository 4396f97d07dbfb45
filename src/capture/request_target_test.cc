#include "src/capture/request_target.h"

#include <string>
#include <string_view>

#include "src/capture/capture_fixture.h"

namespace logs_sdk {
namespace {

TEST(RequestTarget, each_form_is_taken_apart) {
  struct Case {
    std::string_view method, target, scheme, authority, path, query;
    bool is_path;
  };
  const Case cases[] = {
      {"GET", "/", "", "", "/", "", true},
      {"GET", "/a/b?c=d", "", "", "/a/b", "c=d", true},
      {"GET", "/a?", "", "", "/a", "", true},
      {"GET", "/a??b", "", "", "/a", "?b", true},
      {"GET", "/http://h/a", "", "", "/http://h/a", "", true},
      {"GET", "/a?u=http://h/b", "", "", "/a", "u=http://h/b", true},
      {"GET", "?u=http://h/b", "", "", "", "u=http://h/b", true},
      {"GET", "//h/a", "", "", "//h/a", "", true},
      {"GET", "http://h/a?b", "http", "h", "/a", "b", true},
      {"GET", "HTTP://H:80", "HTTP", "H:80", "/", "", true},
      {"GET", "http://h?b", "http", "h", "/", "b", true},
      {"GET", "https://u:p@[2001:db8::1]:8443/a", "https", "[2001:db8::1]:8443", "/a", "", true},
      {"GET", "http://", "http", "", "/", "", true},
      {"OPTIONS", "*", "", "", "*", "", false},
      {"GET", "*", "", "", "*", "", false},
      {"OPTIONS", "*?a", "", "", "*", "a", true},
      {"CONNECT", "h:443", "", "h:443", "h:443", "", false},
      {"CONNECT", "u:p@h:443", "", "h:443", "h:443", "", false},
      {"CONNECT", "[2001:db8::1]:443", "", "[2001:db8::1]:443", "[2001:db8::1]:443", "", false},
      {"CONNECT", "", "", "", "", "", false},
      {"connect", "h:443", "", "", "h:443", "", true},  // methods have a case (RFC 9110, 9.1)
      {"GET", "", "", "", "", "", true},
  };
  for (const Case& c : cases) {
    const RequestTarget parts = parse_target(c.method, c.target);
    EXPECT_EQ(parts.scheme, c.scheme) << c.target;
    EXPECT_EQ(parts.authority, c.authority) << c.target;
    EXPECT_EQ(parts.path, c.path) << c.target;
    EXPECT_EQ(parts.query, c.query) << c.target;
    EXPECT_EQ(parts.is_path, c.is_path) << c.target;
  }
}

TEST(ApiVersion, is_a_segment_of_few_digits) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"/api/v1/x", "v1"},
      {"/api/v12", "v12"},
      {"/api/v1/", "v1"},
      {"/v3/api", "v3"},
      {"/v3", "v3"},
      {"/shop/api/v4/x", "v4"},
      {"/v7/api/x", "v7"},
      {"/v7/api/v8", "v8"},
      {"/api/v20260102", "v20260102"},
      {"/api/v202601020304", "v202601020304"},
      {"/api/v4111111111111111", ""},  // a card
      {"/v4111111111111111/x", ""},
      {"/api/vx", ""},
      {"/api/v", ""},
      {"/api/V1", ""},
      {"/api/1", ""},
      {"/api/v1.2", ""},
      {"/api/v1beta", ""},
      {"/apis/v1", ""},
      {"/a/v1", ""},
      {"v1", ""},
      {"", ""},
  };
  for (const auto& [path, version] : cases) EXPECT_EQ(api_version(path), version) << path;
}

class TargetTest : public CaptureFixture {};

TEST_F(TargetTest, of_a_request_without_a_path_the_url_is_that_of_the_server) {
  for (const bool connects : {true, false}) {
    begin().request_line(connects ? "CONNECT" : "OPTIONS", connects ? "ann:hush@db.example:443" : "*", "HTTP/1.1");
    exchange_.scheme("http");
    exchange_.request_header("Host", "h");
    const EntryView& entry = finish();
    EXPECT_EQ(entry.path, connects ? "db.example:443" : "*");
    EXPECT_EQ(entry.full_url, "http://h");
    EXPECT_EQ(entry.query_string, "");
    EXPECT_EQ(entry.api_version, "");
  }
}

TEST_F(TargetTest, what_a_target_in_absolute_form_says_counts_where_nothing_else_does) {
  begin().request_line("GET", "HTTPS://ann:hush@other:8443/a?b=c", "HTTP/1.1");
  EXPECT_EQ(finish().full_url, "https://other:8443/a?b=c");
  begin().request_line("GET", "HTTPS://other/a", "HTTP/1.1");
  exchange_.scheme("http");
  exchange_.request_header("Host", "h");
  EXPECT_EQ(finish().full_url, "http://h/a");
  begin().request_line("GET", "password=hush://other/a", "HTTP/1.1");
  EXPECT_EQ(finish().scheme, "") << "no scheme that a server is asked by";
}

TEST_F(TargetTest, user_info_is_in_no_host) {
  for (const std::string_view name : {"Host", "X-Forwarded-Host"}) {
    begin().peer("10.0.0.1", 1);
    exchange_.request_line("GET", "/", "HTTP/1.1");
    exchange_.scheme("http");
    exchange_.request_header(name, "ann:hush@h:8080");
    const EntryView& entry = finish();
    EXPECT_EQ(entry.host_header, "h:8080") << name;
    EXPECT_EQ(entry.full_url, "http://h:8080/") << name;
  }
}

}  // namespace
}  // namespace logs_sdk
