#include "src/capture/ip_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <string>

#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

std::string text_of(const IpAddress& address) {
  char out[IpAddress::kMaxTextBytes];
  return std::string(address.text(out));
}

std::string canonical(std::string_view written) {
  const auto address = IpAddress::parse(written);
  return address ? text_of(*address) : "none";
}

TEST(IpAddress, has_one_text_however_it_was_written) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"::ffff:c000:201", "192.0.2.1"},
      {"::FFFF:C000:0201", "192.0.2.1"},
      {"0:0:0:0:0:ffff:192.0.2.1", "192.0.2.1"},
      {"0000:0000:0000:0000:0000:ffff:c000:0201", "192.0.2.1"},
      // RFC 5952, 4 and 5.
      {"2001:0db8::0001", "2001:db8::1"},
      {"2001:DB8::1", "2001:db8::1"},
      {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},
      {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"0:0:0:0:0:0:0:0", "::"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"1:0:0:0:0:0:0:0", "1::"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
      {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
      {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
      {"::192.0.2.1", "::c000:201"},  // not mapped: an IPv6 address of its own
      {"fe80::1%eth0", "fe80::1"},
      {"fe80::1%25eth0", "fe80::1"},
      {"fe80::1%", "fe80::1"},
  };
  for (const auto& [written, text] : cases) EXPECT_EQ(canonical(written), text) << written;
}

TEST(IpAddress, what_is_no_address_is_refused) {
  for (const std::string_view other : {"",
                                       ".",
                                       ":",
                                       ":::",
                                       "1.2.3",
                                       "1.2.3.4.5",
                                       "1.2.3.4.",
                                       ".1.2.3.4",
                                       "1..2.3",
                                       "256.1.1.1",
                                       "1.2.3.1000",
                                       "01.2.3.4",
                                       "0x1.2.3.4",
                                       "1.2.3.4%eth0",
                                       " 1.2.3.4",
                                       "1.2.3.4 ",
                                       "::g",
                                       "1::2::3",
                                       "1:2:3:4:5:6:7",
                                       "1:2:3:4:5:6:7:8:9",
                                       "12345::",
                                       "::ffff:1.2.3",
                                       "::ffff:01.2.3.4",
                                       "::ffff:256.2.3.4",
                                       "::1.2.3.4:5",
                                       "%eth0",
                                       "::1/128",
                                       "[::1]",
                                       "unix",
                                       "localhost"})
    EXPECT_EQ(canonical(other), "none") << other;
  EXPECT_EQ(canonical(std::string_view("::1\0::2", 7)), "none");
  EXPECT_EQ(canonical(std::string(100, ':')), "none");
}

// Against the C library, which writes all but IPv4-compatible addresses alike.
TEST(IpAddress, its_text_is_that_of_the_c_library) {
  SeededRandom random;
  for (int i = 0; i < 20'000; ++i) {
    IpAddress address;
    // Zeros in plenty, so that runs of every place and length come.
    for (std::size_t at = 0; at < 16; at += 2)
      if (!random.one_in(3)) address.bytes[at + random.below(2)] = static_cast<std::uint8_t>(random.next());
    address.bytes[0] |= 0x20;  // neither mapped nor compatible
    char expected[INET6_ADDRSTRLEN];
    ASSERT_NE(inet_ntop(AF_INET6, address.bytes.data(), expected, sizeof expected), nullptr);
    ASSERT_EQ(text_of(address), expected);
    ASSERT_EQ(IpAddress::parse(expected), address) << expected;
  }
}

TEST(IpAddress, text_of_v4_is_read_back) {
  for (unsigned value = 0; value < 256; ++value) {
    const std::string text = std::to_string(value) + ".0." + std::to_string(255 - value) + "." + std::to_string(value);
    EXPECT_EQ(canonical(text), text);
  }
}

}  // namespace
}  // namespace logs_sdk
