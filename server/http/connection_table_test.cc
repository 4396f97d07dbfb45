// How many connections a server lets in, and who has to go for another: over real sockets.
#include "server/http/connection_table.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string_view>
#include <vector>

#include "testing/raw_client.h"

namespace logs_server {
namespace {

using logs_sdk::RawClient;

constexpr std::string_view kGet = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view kHalfHeader = "GET /hello HTTP/1.1\r\nHos";

class ConnectionTableTest : public testing::Test {
 protected:
  void start() {
    Router router;
    Route route;
    route.method = "GET";
    route.pattern = "/hello";
    router.add(route, [](const Request&) { return Response{}; });
    route.pattern = "/held";
    router.add(std::move(route), [this](const Request&) {
      held_.set_value();
      release_.get_future().wait();
      return Response{};
    });
    server_ = std::move(HttpServer::start(options_, std::move(router))).value();
  }
  std::unique_ptr<RawClient> connect(const char* from = "127.0.0.1") {
    return std::make_unique<RawClient>(std::make_unique<logs_sdk::TcpWire>(server_->port(), 0, from));
  }
  // In the middle of a request: no longer idle.
  std::unique_ptr<RawClient> connect_busy(const char* from = "127.0.0.1") {
    auto client = connect(from);
    client->ask(kGet);
    client->send(kHalfHeader);
    return client;
  }
  std::promise<void> held_, release_;
  HttpServerOptions options_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ConnectionTableTest, a_full_server_lets_the_connection_go_that_is_idle_longest) {
  options_.max_connections = 2;
  start();
  const auto first = connect();
  EXPECT_EQ(first->ask(kGet).status, 200);
  const auto second = connect();
  EXPECT_EQ(second->ask(kGet).status, 200);
  const auto third = connect();
  EXPECT_EQ(third->ask(kGet).status, 200);
  EXPECT_TRUE(first->ends());
  EXPECT_EQ(second->ask(kGet).status, 200);
  EXPECT_EQ(server_->load().retired_connections, 1u);
  EXPECT_EQ(server_->load().refused_connections, 0u);
}

TEST_F(ConnectionTableTest, silent_connections_by_the_hundred_keep_nobody_out) {
  options_.max_connections = 100;
  start();
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 300; ++i) silent.push_back(connect());
  EXPECT_EQ(connect()->ask(kGet).status, 200);
}

TEST_F(ConnectionTableTest, whoever_is_being_served_keeps_the_place_and_the_next_is_refused) {
  options_.max_connections = 1;
  start();
  const auto busy = connect();
  busy->send("GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n");
  held_.get_future().wait();
  EXPECT_TRUE(connect()->ends());
  EXPECT_EQ(server_->load().refused_connections, 1u);
  release_.set_value();
  EXPECT_EQ(busy->read_answer().status, 200);
}

TEST_F(ConnectionTableTest, a_peer_has_its_bound_and_takes_nothing_from_another) {
  options_.max_connections_per_peer = 2;
  start();
  std::vector<std::unique_ptr<RawClient>> greedy;
  for (int i = 0; i < 10; ++i) greedy.push_back(connect_busy("127.0.0.2"));
  EXPECT_LE(server_->load().connections, 10u);
  EXPECT_GE(server_->load().refused_connections + server_->load().retired_connections, 8u);
  EXPECT_EQ(connect("127.0.0.3")->ask(kGet).status, 200);
}

TEST_F(ConnectionTableTest, a_shared_peer_has_no_bound_of_its_own) {
  options_.max_connections_per_peer = 1;
  start();
  const auto one = connect();
  const auto two = connect();
  EXPECT_EQ(one->ask(kGet).status, 200);
  EXPECT_EQ(two->ask(kGet).status, 200);
  EXPECT_EQ(one->ask(kGet).status, 200);
}

}  // namespace
}  // namespace logs_server
