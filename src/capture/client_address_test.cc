#include "src/capture/client_address.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/capture/capture_fixture.h"

namespace logs_sdk {
namespace {

using Lines = std::vector<std::pair<std::string_view, std::string_view>>;

class ClientAddressTest : public CaptureFixture {
 protected:
  const EntryView& capture(std::string_view peer, const Lines& headers, const Config& config = {}) {
    begin(config).peer(peer, 1);
    for (const auto& [name, value] : headers) exchange_.request_header(name, value);
    return finish();
  }
  std::string_view rule() const { return tag("ip_rule") == nullptr ? "no tag" : tag("ip_rule")->text; }
};

TEST_F(ClientAddressTest, the_first_stranger_from_the_right_is_the_client) {
  struct Case {
    std::string_view peer;
    Lines headers;
    std::string_view client, rule;
  };
  const Case cases[] = {
      // Nobody forwards.
      {"", {}, "", "peer"},
      {"203.0.113.1", {}, "203.0.113.1", "peer"},
      {"127.0.0.1", {}, "127.0.0.1", "peer"},
      {"unix", {}, "unix", "peer"},
      {"::ffff:203.0.113.1", {}, "203.0.113.1", "peer"},
      {"::FFFF:CB00:7101", {}, "203.0.113.1", "peer"},
      {"2001:DB8:0:0::1", {}, "2001:db8::1", "peer"},
      {"fe80::1%eth0", {}, "fe80::1", "peer"},
      // Who is not trusted says nothing that counts.
      {"203.0.113.1", {{"X-Forwarded-For", "1.1.1.1"}}, "203.0.113.1", "untrusted_peer"},
      {"203.0.113.1", {{"Forwarded", "for=1.1.1.1"}}, "203.0.113.1", "untrusted_peer"},
      {"2001:db8::1", {{"X-Forwarded-For", "1.1.1.1"}}, "2001:db8::1", "untrusted_peer"},
      {"", {{"X-Forwarded-For", "1.1.1.1"}}, "", "untrusted_peer"},
      {"nonsense", {{"X-Forwarded-For", "1.1.1.1"}}, "nonsense", "untrusted_peer"},
      // Trusted peers of every form.
      {"127.0.0.1", {{"X-Forwarded-For", "198.51.100.7"}}, "198.51.100.7", "x_forwarded_for"},
      {"unix", {{"X-Forwarded-For", "1.1.1.1"}}, "1.1.1.1", "x_forwarded_for"},
      {"::1", {{"X-Forwarded-For", "1.1.1.1"}}, "1.1.1.1", "x_forwarded_for"},
      {"::ffff:127.0.0.1", {{"X-Forwarded-For", "1.1.1.1"}}, "1.1.1.1", "x_forwarded_for"},
      {"::ffff:7f00:1", {{"X-Forwarded-For", "1.1.1.1"}}, "1.1.1.1", "x_forwarded_for"},
      {"fe80::1%eth0", {{"X-Forwarded-For", "1.1.1.1"}}, "1.1.1.1", "x_forwarded_for"},
      {"fd12::1", {{"X-Forwarded-For", "1.1.1.1"}}, "1.1.1.1", "x_forwarded_for"},
      // The walk.
      {"10.0.0.1", {{"X-Forwarded-For", "1.2.3.4, 198.51.100.7, 10.0.0.2"}}, "198.51.100.7", "x_forwarded_for"},
      {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.7, ::ffff:10.0.0.9"}}, "198.51.100.7", "x_forwarded_for"},
      {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.7,::ffff:a00:9"}}, "198.51.100.7", "x_forwarded_for"},
      {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.7, unix:"}}, "198.51.100.7", "x_forwarded_for"},
      {"10.0.0.1", {{"X-Forwarded-For", "unix:, 198.51.100.7:443"}}, "198.51.100.7", "x_forwarded_for"},
      {"10.0.0.1", {{"X-Forwarded-For", "10.9.9.9, 192.168.1.1"}}, "10.9.9.9", "all_trusted"},
      {"10.0.0.1", {{"X-Forwarded-For", "unix:"}}, "10.0.0.1", "all_trusted"},
      {"unix", {{"X-Forwarded-For", "unix:"}}, "unix", "all_trusted"},
      {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.7, unknown, 10.0.0.2"}}, "10.0.0.2", "obfuscated"},
      {"10.0.0.1", {{"X-Forwarded-For", "unknown"}}, "10.0.0.1", "obfuscated"},
      {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.7, 999.1.1.1, 10.0.0.2"}}, "10.0.0.2", "malformed"},
      {"10.0.0.1", {{"X-Forwarded-For", "999.1.1.1"}}, "10.0.0.1", "malformed"},
      {"10.0.0.1", {{"X-Forwarded-For", "<script>"}}, "10.0.0.1", "malformed"},
      // One client, one text.
      {"10.0.0.1", {{"X-Forwarded-For", "2001:DB8:0:0:0:0:0:7"}}, "2001:db8::7", "x_forwarded_for"},
      {"10.0.0.1", {{"X-Forwarded-For", "[2001:db8::7]:443"}}, "2001:db8::7", "x_forwarded_for"},
      {"10.0.0.1", {{"X-Forwarded-For", "::ffff:198.51.100.7"}}, "198.51.100.7", "x_forwarded_for"},
      {"10.0.0.1", {{"X-Forwarded-For", "::ffff:c633:6407"}}, "198.51.100.7", "x_forwarded_for"},
      {"10.0.0.1", {{"X-Forwarded-For", "::ffff:099:80"}}, "0.153.0.128", "x_forwarded_for"},
      // Blanks, and elements that are none (RFC 9110, 5.6.1).
      {"10.0.0.1", {{"X-Forwarded-For", ""}}, "10.0.0.1", "peer"},
      {"10.0.0.1", {{"X-Forwarded-For", " ,\t,, "}}, "10.0.0.1", "peer"},
      {"10.0.0.1", {{"X-Forwarded-For", ",1.1.1.1 ,, 10.0.0.2,\t,"}}, "1.1.1.1", "x_forwarded_for"},
      // Several headers are one list.
      {"10.0.0.1", {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", "2.2.2.2"}}, "2.2.2.2", "x_forwarded_for"},
      {"10.0.0.1", {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", "10.0.0.3"}}, "1.1.1.1", "x_forwarded_for"},
      {"10.0.0.1", {{"X-Forwarded-For", ""}, {"X-Forwarded-For", "2.2.2.2"}}, "2.2.2.2", "x_forwarded_for"},
      {"10.0.0.1", {{"X-Forwarded-For", "2.2.2.2"}, {"X-Forwarded-For", ","}}, "2.2.2.2", "x_forwarded_for"},
      // Forwarded.
      {"10.0.0.1", {{"Forwarded", "for=198.51.100.7;proto=https;by=10.0.0.1"}}, "198.51.100.7", "forwarded"},
      {"10.0.0.1", {{"Forwarded", "For=\"[2001:db8::7]:4711\""}}, "2001:db8::7", "forwarded"},
      {"10.0.0.1", {{"Forwarded", "proto=http; FOR=198.51.100.7, for=10.0.0.2"}}, "198.51.100.7", "forwarded"},
      {"10.0.0.1", {{"Forwarded", "for=1.1.1.1"}, {"Forwarded", "for=10.0.0.2"}}, "1.1.1.1", "forwarded"},
      {"10.0.0.1", {{"Forwarded", "for=1.1.1.1;x=\"a,b;c\\\",\", for=10.0.0.2"}}, "1.1.1.1", "forwarded"},
      {"10.0.0.1", {{"Forwarded", "for=1.1.1.1, for=10.0.0.2;x=\",for=6.6.6.6,\""}}, "1.1.1.1", "forwarded"},
      {"10.0.0.1", {{"Forwarded", "for=10.1.1.1, for=10.0.0.2"}}, "10.1.1.1", "all_trusted"},
      {"10.0.0.1", {{"Forwarded", "for=1.1.1.1, for=_hidden, for=10.0.0.2"}}, "10.0.0.2", "obfuscated"},
      {"10.0.0.1", {{"Forwarded", "proto=https"}}, "10.0.0.1", "obfuscated"},
      {"10.0.0.1", {{"Forwarded", "for=1.1.1.1, 2.2.2.2, for=10.0.0.2"}}, "10.0.0.2", "malformed"},
      // What a client opened does not take in what the proxy appended.
      {"10.0.0.1", {{"Forwarded", "for=\"6.6.6.6, for=198.51.100.7"}}, "198.51.100.7", "forwarded"},
      {"10.0.0.1", {{"Forwarded", "for=6.6.6.6;x=\", for=\"[2001:db8::7]:1\""}}, "2001:db8::7", "forwarded"},
      {"10.0.0.1", {{"Forwarded", "for=6.6.6.6;x=\"\\, for=\"198.51.100.7:80\""}}, "198.51.100.7", "forwarded"},
      {"10.0.0.1", {{"Forwarded", "for=6.6.6.6;x=\"\\, for=\"10.0.0.2\""}}, "10.0.0.2", "malformed"},
      // Both.
      {"10.0.0.1", {{"X-Forwarded-For", "1.1.1.1"}, {"Forwarded", "for=2.2.2.2"}}, "1.1.1.1", "x_forwarded_for"},
      {"10.0.0.1", {{"Forwarded", "for=2.2.2.2"}, {"X-Forwarded-For", "unknown"}}, "10.0.0.1", "obfuscated"},
      {"10.0.0.1", {{"X-Forwarded-For", " , "}, {"Forwarded", "for=2.2.2.2"}}, "2.2.2.2", "forwarded"},
  };
  for (const Case& c : cases) {
    const std::string shown = std::string(c.peer) + " " + (c.headers.empty() ? "" : std::string(c.headers[0].second));
    EXPECT_EQ(capture(c.peer, c.headers).client_ip, c.client) << shown;
    EXPECT_EQ(rule(), c.rule) << shown;
  }
}

TEST_F(ClientAddressTest, where_unix_sockets_are_not_trusted_one_in_the_chain_hides_whom_it_forwards_for) {
  Config config;
  config.trusted_proxies = {"10.0.0.0/8"};
  EXPECT_EQ(capture("10.0.0.1", {{"X-Forwarded-For", "1.1.1.1, unix:, 10.0.0.2"}}, config).client_ip, "10.0.0.2");
  EXPECT_EQ(rule(), "obfuscated");
  EXPECT_EQ(capture("unix", {{"X-Forwarded-For", "1.1.1.1"}}, config).client_ip, "unix");
  EXPECT_EQ(rule(), "untrusted_peer");
}

TEST_F(ClientAddressTest, where_nobody_is_trusted_the_peer_is_the_client) {
  Config config;
  config.trusted_proxies = {};
  for (const std::string_view peer : {"127.0.0.1", "10.0.0.1", "::1", "unix", "203.0.113.1"}) {
    EXPECT_EQ(capture(peer, {{"X-Forwarded-For", "1.1.1.1"}}, config).client_ip, peer);
    EXPECT_EQ(rule(), "untrusted_peer");
  }
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all.append(text);
  return all;
}

TEST_F(ClientAddressTest, a_chain_of_more_proxies_than_any_path_has_is_not_walked_to_its_end) {
  for (const std::size_t proxies : {63u, 64u, 200u}) {
    const std::string list = "1.1.1.1" + repeated(", 10.0.0.2", proxies);
    const EntryView& entry = capture("10.0.0.1", {{"X-Forwarded-For", list}});
    EXPECT_EQ(entry.client_ip, proxies == 63 ? "1.1.1.1" : "10.0.0.2") << proxies;
    EXPECT_EQ(rule(), proxies == 63 ? "x_forwarded_for" : "cut") << proxies;
    EXPECT_EQ(entry.client_ip_chain, list) << "whole until the encoder cuts it";
  }
}

TEST_F(ClientAddressTest, however_much_a_client_has_sent_ahead_the_walk_ends_at_what_the_proxy_has_appended) {
  for (const std::string_view sent : {"6.6.6.6, ", "10.0.0.9,", ",", "\"", "\\\"", "x;"}) {
    const std::string ahead = repeated(sent, 60'000 / sent.size());
    capture("10.0.0.1", {{"X-Forwarded-For", ahead + ", 198.51.100.7"}});
    EXPECT_EQ(recorder_->entry.client_ip, "198.51.100.7") << sent;
    EXPECT_EQ(rule(), "x_forwarded_for") << sent;
    capture("10.0.0.1", {{"Forwarded", ahead + ", for=\"[2001:db8::7]\""}});
    EXPECT_EQ(recorder_->entry.client_ip, "2001:db8::7") << sent;
    EXPECT_EQ(rule(), "forwarded") << sent;
  }
}

// The proxy appends behind what a client has filled the memory of one side with.
TEST_F(ClientAddressTest, a_chain_whose_end_was_not_kept_says_so_and_names_the_peer) {
  const std::string filler(kMaxCopiedHeaderBytes - 100, 'x');
  const Lines cases[] = {
      {{"X-Forwarded-For", "6.6.6.6"}, {"X-Filler", filler}, {"X-Forwarded-For", std::string_view(filler)}},
      {{"X-Forwarded-For", std::string_view(filler)}, {"X-Filler", filler}, {"X-Forwarded-For", "1.1.1.1"}},
      {{"Forwarded", "for=6.6.6.6"}, {"X-Filler", filler}, {"Forwarded", std::string_view(filler)}},
  };
  for (const Lines& headers : cases) {
    EXPECT_EQ(capture("10.0.0.1", headers).client_ip, "10.0.0.1");
    EXPECT_EQ(rule(), "cut");
  }
  Lines many(kMaxCopiedHeaders, {"X-Filler", "x"});
  many.emplace_back("X-Forwarded-For", "1.1.1.1");
  EXPECT_EQ(capture("10.0.0.1", many).client_ip, "10.0.0.1");
  EXPECT_EQ(rule(), "cut");
  EXPECT_EQ(capture("203.0.113.1", many).client_ip, "203.0.113.1");
  EXPECT_EQ(rule(), "untrusted_peer");

  std::string block = "X-Forwarded-For: 6.6.6.6\r\n" + repeated("X-Filler: x\r\n", kMaxCopiedHeaders);
  begin().peer("10.0.0.1", 1);
  exchange_.request_header_block(block + "x-forwarded-FOR: 1.1.1.1\r\n");
  EXPECT_EQ(finish().client_ip, "10.0.0.1");
  EXPECT_EQ(rule(), "cut");
}

TEST_F(ClientAddressTest, the_chain_is_as_received) {
  const EntryView& entry = capture(
      "10.0.0.1", {{"X-Forwarded-For", "1.1.1.1,  2.2.2.2:80,"}, {"Accept", "*/*"}, {"x-forwarded-for", "unknown"}});
  EXPECT_EQ(entry.client_ip_chain, "1.1.1.1,  2.2.2.2:80,, unknown");
  EXPECT_EQ(capture("10.0.0.1", {{"Forwarded", "for=1.1.1.1"}}).client_ip_chain, "");
  EXPECT_EQ(capture("203.0.113.1", {{"X-Forwarded-For", "1.1.1.1"}}).client_ip_chain, "1.1.1.1");
}

TEST_F(ClientAddressTest, a_secret_in_the_chain_is_masked) {
  EXPECT_EQ(capture("10.0.0.1", {{"X-Forwarded-For", "1.1.1.1, password=hush"}}).client_ip_chain,
            "1.1.1.1, password=***");
}

TEST_F(ClientAddressTest, a_tag_of_the_application_stays_in_place_of_the_rule) {
  begin().peer("203.0.113.1", 1);
  exchange_.add_tag("ip_rule", "mine");
  finish();
  EXPECT_EQ(rule(), "mine");
  EXPECT_EQ(recorder_->entry.tags.size(), 1u);
}

}  // namespace
}  // namespace logs_sdk
