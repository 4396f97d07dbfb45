#include "server/api/clients_handler.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "server/store/memory_store.h"
#include "testing/sample_entry.h"

namespace logs_server {
namespace {

class ClientsHandler : public ::testing::Test {
 protected:
  ClientsHandler() {
    add_clients_route(router_, store_, Guard(), [] { return std::uint64_t{7}; });
  }
  nlohmann::json ask(std::vector<std::pair<std::string, std::string>> query = {}) {
    Request request;
    request.query = std::move(query);
    const Response response = router_.match("GET", "/api/v1/clients").route->handler(request);
    EXPECT_EQ(response.status, 200);
    return nlohmann::json::parse(response.body);
  }
  void post(ClientPost client, std::uint64_t count) {
    std::vector<NewEntry> entries;
    for (; count > 0; --count) entries.push_back(sample_entry(sample_uuid(1'760'000'000'000, ++entry_number_), 1));
    client.entry_count = entries.size();
    EXPECT_TRUE(store_.append(entries, std::vector{client}).ok());
  }

  MemoryStore store_;
  Router router_;
  std::uint64_t entry_number_ = 0;
};

ClientPost client_of(char digit, std::int64_t at_us, std::optional<ClientLedger> ledger = {}) {
  return {.project_slug = "shop", .instance = std::string(32, digit), .received_at_us = at_us, .ledger = ledger};
}

TEST_F(ClientsHandler, a_store_without_clients_says_so) {
  EXPECT_EQ(ask(), nlohmann::json::parse(R"({"clients":[],"malformed_headers":7})"));
}

TEST_F(ClientsHandler, a_client_is_shown_with_both_sides_of_its_account) {
  ClientPost client =
      client_of('a', 1'760'000'000'000'000,
                ClientLedger{.captured = 9, .delivered = 4, .duplicate = 1, .rejected = 1, .dropped = 1});
  client.labels = {"cpp", "1.0.0", "local-dev", "web-\"1\"", "2001:db8::1"};
  client.rejected = 2;
  post(client, 3);
  EXPECT_EQ(ask(), nlohmann::json::parse(R"({"clients":[{
    "project_slug": "shop", "instance": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "sdk_type": "cpp", "sdk_version": "1.0.0",
    "sdk_hash": "local-dev", "host": "web-\"1\"", "peer_address": "2001:db8::1",
    "first_seen": "2025-10-09T08:53:20.000000Z", "last_seen": "2025-10-09T08:53:20.000000Z", "batches": 1,
    "ledger": {"captured": 9, "delivered": 4, "duplicate": 1, "rejected": 1, "dropped": 1, "pending": 2},
    "received": {"accepted": 3, "duplicate": 0, "rejected": 2}, "verdict": "short", "missing": 5}],
    "malformed_headers": 7})"));
}

TEST_F(ClientsHandler, each_verdict_has_its_word) {
  post(client_of('a', 1), 1);
  post(client_of('b', 2, ClientLedger{.captured = 5}), 5);
  post(client_of('c', 3, ClientLedger{.captured = 6}), 5);
  post(client_of('d', 4, ClientLedger{.captured = 5, .delivered = 5}), 0);
  const auto clients = ask()["clients"];
  std::vector<std::string> verdicts;
  for (const auto& client : clients) verdicts.push_back(client["verdict"]);
  EXPECT_EQ(verdicts, (std::vector<std::string>{"short", "waiting", "balanced", "unknown"}));
  EXPECT_TRUE(clients[3]["ledger"].is_null());
  EXPECT_EQ(clients[3]["missing"], 0);
}

TEST_F(ClientsHandler, clients_of_one_project_can_be_asked_for) {
  post(client_of('a', 1), 1);
  ClientPost other = client_of('a', 2);
  other.project_slug = "bank";
  post(other, 1);
  EXPECT_EQ(ask()["clients"].size(), 2u);
  EXPECT_EQ(ask({{"project", "bank"}})["clients"].size(), 1u);
  EXPECT_EQ(ask({{"project", "nobody"}})["clients"].size(), 0u);
}

}  // namespace
}  // namespace logs_server
