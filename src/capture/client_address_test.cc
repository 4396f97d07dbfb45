#include "src/capture/client_address.h"

#include <string_view>
#include <utility>
#include <vector>

#include "src/capture/capture_fixture.h"

namespace logs_sdk {
namespace {

using ClientAddress = CaptureFixture;
using Lines = std::vector<std::pair<std::string_view, std::string_view>>;

TEST_F(ClientAddress, the_first_stranger_from_the_right_is_the_client) {
  struct Case {
    std::string_view peer;
    Lines headers;
    std::string_view client;
  };
  const Case cases[] = {
      {"", {}, ""},
      {"203.0.113.1", {}, "203.0.113.1"},
      {"203.0.113.1", {{"X-Forwarded-For", "1.1.1.1"}}, "203.0.113.1"},
      {"127.0.0.1", {}, "127.0.0.1"},
      {"127.0.0.1", {{"X-Forwarded-For", "198.51.100.7"}}, "198.51.100.7"},
      {"10.0.0.1", {{"X-Forwarded-For", "1.2.3.4, 198.51.100.7, 10.0.0.2"}}, "198.51.100.7"},
      {"10.0.0.1", {{"X-Forwarded-For", "10.9.9.9, 192.168.1.1"}}, "10.9.9.9"},
      {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.7, unknown, 10.0.0.2"}}, "10.0.0.2"},
      {"10.0.0.1", {{"X-Forwarded-For", "unknown"}}, "10.0.0.1"},
      {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.7:443"}}, "198.51.100.7"},
      {"10.0.0.1", {{"X-Forwarded-For", "[2001:db8::7]:443"}}, "2001:db8::7"},
      {"10.0.0.1", {{"X-Forwarded-For", "2001:db8::7"}}, "2001:db8::7"},
      {"10.0.0.1", {{"X-Forwarded-For", "::ffff:198.51.100.7"}}, "198.51.100.7"},
      {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.7, ::ffff:10.0.0.9"}}, "198.51.100.7"},
      {"10.0.0.1", {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", "2.2.2.2"}}, "2.2.2.2"},
      {"10.0.0.1", {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", "10.0.0.3"}}, "1.1.1.1"},
      {"10.0.0.1", {{"X-Forwarded-For", ",,"}}, "10.0.0.1"},
      {"10.0.0.1", {{"X-Forwarded-For", "999.1.1.1"}}, "10.0.0.1"},
      {"unix", {{"X-Forwarded-For", "1.1.1.1"}}, "1.1.1.1"},
      {"unix", {}, "unix"},
      {"::1", {{"X-Forwarded-For", "1.1.1.1"}}, "1.1.1.1"},
      {"::ffff:127.0.0.1", {{"X-Forwarded-For", "1.1.1.1"}}, "1.1.1.1"},
      {"::ffff:203.0.113.1", {}, "203.0.113.1"},
      {"10.0.0.1", {{"X-Forwarded-For", "::ffff:c633:6407"}}, "::ffff:c633:6407"},
      {"fe80::1%eth0", {{"X-Forwarded-For", "1.1.1.1"}}, "1.1.1.1"},
      {"10.0.0.1", {{"Forwarded", "for=198.51.100.7;proto=https;by=10.0.0.1"}}, "198.51.100.7"},
      {"10.0.0.1", {{"Forwarded", "For=\"[2001:db8::7]:4711\""}}, "2001:db8::7"},
      {"10.0.0.1", {{"Forwarded", "proto=http; FOR=198.51.100.7, for=10.0.0.2"}}, "198.51.100.7"},
      {"10.0.0.1", {{"Forwarded", "for=_hidden, for=10.0.0.2"}}, "10.0.0.2"},
      {"10.0.0.1", {{"Forwarded", "proto=https"}}, "10.0.0.1"},
      {"10.0.0.1", {{"X-Forwarded-For", "1.1.1.1"}, {"Forwarded", "for=2.2.2.2"}}, "1.1.1.1"},
  };
  for (const Case& c : cases) {
    begin().peer(c.peer, 1);
    for (const auto& [name, value] : c.headers) exchange_.request_header(name, value);
    EXPECT_EQ(finish().client_ip, c.client) << c.peer << (c.headers.empty() ? "" : c.headers[0].second);
  }
}

TEST_F(ClientAddress, the_chain_is_as_received) {
  begin().request_header("X-Forwarded-For", "1.1.1.1,  2.2.2.2");
  exchange_.request_header("X-Forwarded-For", "unknown");
  EXPECT_EQ(finish().client_ip_chain, "1.1.1.1,  2.2.2.2, unknown");
}

TEST(TrustedProxies, blocks_contain_what_they_say) {
  struct Case {
    std::string value, address;
    bool contained;
  };
  const Case cases[] = {
      {"10.0.0.0/8", "10.255.255.255", true},
      {"10.0.0.0/8", "11.0.0.0", false},
      {"10.1.2.3", "10.1.2.3", true},
      {"10.1.2.3", "10.1.2.4", false},
      {"10.1.2.3/8", "10.9.9.9", true},
      {"172.16.0.0/12", "172.31.255.255", true},
      {"172.16.0.0/12", "172.32.0.0", false},
      {"0.0.0.0/0", "203.0.113.1", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"::/0", "203.0.113.1", true},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"fc00::/7", "fdff::1", true},
      {"fc00::/7", "fe00::1", false},
      {"::ffff:10.0.0.0/104", "10.1.1.1", true},
      {"10.0.0.0/8", "::ffff:10.1.1.1", true},
      {"unix", "unix", true},
      {"10.0.0.0/8", "unix", false},
      {"10.0.0.0/8", "nonsense", false},
      {"10.0.0.0/8", "", false},
  };
  for (const Case& c : cases) {
    const Result<TrustedProxies> trusted = TrustedProxies::parse({c.value});
    ASSERT_TRUE(trusted.ok()) << c.value;
    EXPECT_EQ(trusted.value().contains_peer(c.address), c.contained) << c.value << " " << c.address;
  }
}

TEST(TrustedProxies, an_error_names_the_value) {
  for (const std::string value : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1", "10.0.0/8", "::/129",
                                  "2001:db8::g/32", "localhost", "UNIX", "10.0.0.0/8 ", "256.0.0.0/8", "010.0.0.1"}) {
    const Result<TrustedProxies> trusted = TrustedProxies::parse({"10.0.0.0/8", value});
    ASSERT_FALSE(trusted.ok()) << value;
    EXPECT_EQ(trusted.status().code(), Code::kConfiguration);
    EXPECT_NE(trusted.status().message().find("\"" + value + "\""), std::string::npos) << trusted.status().message();
  }
}

}  // namespace
}  // namespace logs_sdk
