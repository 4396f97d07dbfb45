#include "server/http/peer_address.h"

#include <gtest/gtest.h>

namespace logs_server {
namespace {

const std::vector<std::string> kShared = {"127.0.0.1", "::1", "10.0.0.1"};

std::string peer(const char* address) { return counted_peer(boost::asio::ip::make_address(address), kShared); }

std::string forwarded(std::vector<std::string> lines) {
  Headers headers = {{"host", "localhost"}};
  for (std::string& line : lines) headers.emplace_back("x-forwarded-for", std::move(line));
  headers.emplace_back("x-real-ip", "192.0.2.99");
  return counted_forwarded(headers, kShared);
}

TEST(PeerAddressTest, a_site_of_ipv6_is_one_peer_and_ipv4_is_itself_however_it_is_mapped) {
  EXPECT_EQ(peer("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(peer("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(peer("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
  EXPECT_EQ(peer("2001:db8:1:2:9::1"), "2001:db8:1:2::");
}

TEST(PeerAddressTest, shared_peers_count_for_nobody) {
  for (const char* address : {"127.0.0.1", "::1", "10.0.0.1", "::ffff:10.0.0.1"})
    EXPECT_EQ(peer(address), "") << address;
}

TEST(PeerAddressTest, the_last_address_that_is_no_proxys_counts) {
  EXPECT_EQ(forwarded({"192.0.2.1"}), "192.0.2.1");
  EXPECT_EQ(forwarded({"made up, 192.0.2.1"}), "192.0.2.1");
  EXPECT_EQ(forwarded({"192.0.2.9", "192.0.2.8, 192.0.2.1"}), "192.0.2.1");
  EXPECT_EQ(forwarded({"192.0.2.9, 192.0.2.1", "10.0.0.1 ,\t127.0.0.1"}), "192.0.2.1");
  EXPECT_EQ(forwarded({"192.0.2.1:4711"}), "192.0.2.1");
  EXPECT_EQ(forwarded({"[2001:db8::1]:4711"}), "2001:db8::");
  EXPECT_EQ(forwarded({"2001:db8::1"}), "2001:db8::");
}

TEST(PeerAddressTest, what_is_no_address_counts_for_nobody) {
  for (const char* line : {"", " ", ",", "192.0.2.1,", "unknown", "192.0.2.1, unknown", "[", "[]:1", ":", "1.2.3.4.5",
                           "127.0.0.1, 10.0.0.1"}) {
    EXPECT_EQ(forwarded({line}), "") << line;
  }
  EXPECT_EQ(forwarded({}), "");
}

}  // namespace
}  // namespace logs_server
