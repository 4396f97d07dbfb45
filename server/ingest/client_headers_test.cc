#include "server/ingest/client_headers.h"

#include <gtest/gtest.h>

#include "testing/seeded_random.h"

namespace logs_server {
namespace {

constexpr const char* kLedger = "captured=15, delivered=3, duplicate=1, rejected=2, dropped=4";

Request request_with(Headers headers) {
  Request request;
  request.principal = "shop";
  request.peer_address = "192.0.2.7";
  request.headers = std::move(headers);
  return request;
}

TEST(ClientHeadersTest, a_client_says_who_it_is_and_what_became_of_its_entries) {
  const ClientHeaders read = read_client_headers(request_with({{"x-logs-instance", std::string(32, 'a')},
                                                               {"x-logs-ledger", kLedger},
                                                               {"x-sdk-type", "cpp"},
                                                               {"x-sdk-version", "1.0.0"},
                                                               {"x-sdk-hash", "local-dev"}}));
  EXPECT_FALSE(read.malformed);
  ASSERT_TRUE(read.post);
  EXPECT_EQ(read.post->project_slug, "shop");
  EXPECT_EQ(read.post->instance, std::string(32, 'a'));
  EXPECT_EQ(
      read.post->labels,
      (ClientLabels{.sdk_type = "cpp", .sdk_version = "1.0.0", .sdk_hash = "local-dev", .peer_address = "192.0.2.7"}));
  EXPECT_EQ(read.post->ledger, (ClientLedger{15, 3, 1, 2, 4}));
}

TEST(ClientHeadersTest, clients_that_name_no_instance_have_no_record) {
  const ClientHeaders read = read_client_headers(request_with({{"x-sdk-type", "python"}, {"x-logs-ledger", kLedger}}));
  EXPECT_FALSE(read.post);
  EXPECT_FALSE(read.malformed);
}

TEST(ClientHeadersTest, an_instance_is_32_lower_case_hex_digits) {
  for (const std::string& instance :
       {std::string(), std::string(31, 'a'), std::string(33, 'a'), std::string(32, 'A'), std::string(32, 'g')}) {
    const ClientHeaders read = read_client_headers(request_with({{"x-logs-instance", instance}}));
    EXPECT_FALSE(read.post) << instance;
    EXPECT_TRUE(read.malformed) << instance;
  }
}

TEST(ClientHeadersTest, a_ledger_that_cannot_be_read_costs_only_itself) {
  const ClientHeaders read =
      read_client_headers(request_with({{"x-logs-instance", std::string(32, 'a')}, {"x-logs-ledger", "captured=x"}}));
  ASSERT_TRUE(read.post);
  EXPECT_FALSE(read.post->ledger);
  EXPECT_TRUE(read.malformed);
}

TEST(ClientHeadersTest, a_label_that_cannot_be_shown_is_left_out) {
  for (const std::string& label : {std::string("\x01"), std::string("\xC3\xBC"), std::string(129, 'a')}) {
    const ClientHeaders read =
        read_client_headers(request_with({{"x-logs-instance", std::string(32, 'a')}, {"x-sdk-hash", label}}));
    ASSERT_TRUE(read.post);
    EXPECT_EQ(read.post->labels.sdk_hash, "");
    EXPECT_TRUE(read.malformed);
  }
}

TEST(ParseLedgerTest, names_come_in_any_order_and_unknown_ones_are_skipped) {
  EXPECT_EQ(parse_ledger("dropped=4,rejected=2 , new=7,duplicate=1,delivered=3,  captured=15"), parse_ledger(kLedger));
  EXPECT_EQ(parse_ledger("captured=9007199254740992, delivered=0, duplicate=0, rejected=0, dropped=0")->captured,
            std::uint64_t{1} << 53);
}

TEST(ParseLedgerTest, anything_else_is_no_ledger) {
  const std::string good = kLedger;
  for (std::size_t length = 0; length + 1 < good.size(); ++length) {
    const auto cut = parse_ledger(good.substr(0, length));
    EXPECT_FALSE(cut) << good.substr(0, length);
  }
  for (const std::string& text :
       {good + ",", good + ", captured=15", good + ", x", "," + good, good + "0000000000000000", good + " 4",
        "captured=-1" + good.substr(11), "captured= 1" + good.substr(11), "captured=" + good.substr(11),
        "captured=9007199254740993" + good.substr(11), good + std::string(512, ' ')}) {
    EXPECT_FALSE(parse_ledger(text)) << text;
  }
}

TEST(ParseLedgerTest, whatever_is_read_from_a_damaged_text_was_written_in_it) {
  logs_sdk::SeededRandom random;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = kLedger;
    for (std::uint64_t changes = 1 + random.below(3); changes > 0; --changes) {
      text[random.below(text.size())] = "0123456789=,- abcd"[random.below(18)];
    }
    const auto ledger = parse_ledger(text);
    if (!ledger) continue;
    for (const std::uint64_t total : {ledger->captured, ledger->delivered, ledger->duplicate, ledger->rejected}) {
      EXPECT_NE(text.find(std::to_string(total)), std::string::npos) << text;
    }
  }
}

TEST(HostOfTest, reads_the_host_of_a_document) {
  EXPECT_EQ(host_of(R"({"uuid":"a","path":"\",\"host\":\"x","host":"web-1","tags":{"host":"y"}})"), "web-1");
  EXPECT_EQ(host_of(R"({"uuid":"a","host":"","tags":{}})"), "");
  EXPECT_EQ(host_of(R"({"uuid":"a","host":"a\"b"})"), "");
  EXPECT_EQ(host_of(""), "");
  EXPECT_EQ(host_of(R"({"uuid":"a","host":")"), "");
}

}  // namespace
}  // namespace logs_server
