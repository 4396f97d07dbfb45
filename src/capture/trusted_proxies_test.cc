#include "src/capture/trusted_proxies.h"

#include <gtest/gtest.h>

#include <string>

#include "logs_sdk/config.h"

namespace logs_sdk {
namespace {

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
      {"10.1.2.3/32", "10.1.2.3", true},
      {"10.1.2.3/32", "10.1.2.2", false},
      {"10.1.2.2/31", "10.1.2.3", true},
      {"10.1.2.2/31", "10.1.2.4", false},
      {"10.1.2.3/8", "10.9.9.9", true},
      {"172.16.0.0/12", "172.31.255.255", true},
      {"172.16.0.0/12", "172.32.0.0", false},
      {"128.0.0.0/1", "255.0.0.1", true},
      {"128.0.0.0/1", "127.255.255.255", false},
      {"0.0.0.0/0", "203.0.113.1", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"::/0", "203.0.113.1", true},
      {"::/0", "2001:db8::1", true},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"2001:db8::1", "2001:DB8:0::1", true},
      {"2001:db8::1/128", "2001:db8::2", false},
      {"2001:db8::2/127", "2001:db8::3", true},
      {"fc00::/7", "fdff::1", true},
      {"fc00::/7", "fe00::1", false},
      {"fe80::/10", "fe80::1%eth0", true},
      {"::ffff:10.0.0.0/104", "10.1.1.1", true},
      {"::ffff:a00:0/104", "10.1.1.1", true},
      {"::ffff:10.1.1.1", "10.1.1.1", true},
      {"::ffff:0:0/96", "203.0.113.1", true},
      {"::ffff:0:0/96", "2001:db8::1", false},
      {"10.0.0.0/8", "::ffff:10.1.1.1", true},
      {"10.0.0.0/8", "::ffff:a01:101", true},
      {"10.0.0.0/8", "::10.1.1.1", false},
      {"unix", "unix", true},
      {"unix", "unix:", false},
      {"unix", "127.0.0.1", false},
      {"10.0.0.0/8", "unix", false},
      {"10.0.0.0/8", "nonsense", false},
      {"10.0.0.0/8", "", false},
      {"::/0", "", false},
      {"::/0", "unix", false},
  };
  for (const Case& c : cases) {
    const Result<TrustedProxies> trusted = TrustedProxies::parse({c.value});
    ASSERT_TRUE(trusted.ok()) << c.value;
    EXPECT_EQ(trusted.value().contains_peer(c.address), c.contained) << c.value << " " << c.address;
  }
}

TEST(TrustedProxies, by_default_are_the_machine_itself_private_networks_and_unix_sockets) {
  const TrustedProxies trusted = TrustedProxies::parse(Config().trusted_proxies).value();
  for (const char* peer : {"127.0.0.1", "127.255.0.9", "::1", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.9.9",
                           "fd00::1", "fe80::1%eth0", "::ffff:10.0.0.1", "unix"})
    EXPECT_TRUE(trusted.contains_peer(peer)) << peer;
  for (const char* peer :
       {"0.0.0.0", "8.8.8.8", "100.64.0.1", "169.254.1.1", "172.15.255.255", "172.32.0.0", "192.169.0.1",
        "::", "2001:db8::1", "fec0::1", "64:ff9b::a00:1", "::ffff:8.8.8.8", "", "localhost"})
    EXPECT_FALSE(trusted.contains_peer(peer)) << peer;
}

TEST(TrustedProxies, an_error_names_the_value) {
  for (const std::string value :
       {"", "/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0/8",
        "10.0.0.0/255.0.0.0", "10.0.0.0-10.0.0.9", "10.0.0.*", "::/129", "2001:db8::g/32", "[::1]", "[::1]/128",
        "fe80::1%eth0", "fe80::%eth0/10", "localhost", "UNIX", "unix:", "unix/8", "10.0.0.0/8 ", " 10.0.0.0/8",
        "256.0.0.0/8", "010.0.0.1", "10.0.0.1:80", "*", "all",
        // Meant of IPv4, it would say nearly everybody.
        "::ffff:10.0.0.0/8", "::ffff:a00:0/95"}) {
    const Result<TrustedProxies> trusted = TrustedProxies::parse({"10.0.0.0/8", value});
    ASSERT_FALSE(trusted.ok()) << value;
    EXPECT_EQ(trusted.status().code(), Code::kConfiguration);
    EXPECT_NE(trusted.status().message().find("\"" + value + "\""), std::string::npos) << trusted.status().message();
  }
}

}  // namespace
}  // namespace logs_sdk
