// How many connections a server lets in, and who has to go for another: over real sockets.
#include "server/http/connection_table.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "testing/raw_client.h"

namespace logs_server {
namespace {

using logs_sdk::RawAnswer;
using logs_sdk::RawClient;

constexpr std::string_view kGet = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view kGuardedGet = "GET /guarded HTTP/1.1\r\nHost: localhost\r\nX-Key: 1\r\n\r\n";
constexpr std::size_t kSmallestRoom = 4096;  // what the beginning of a body takes of the memory
constexpr std::string_view kHalfHeader = "GET /hello HTTP/1.1\r\nHos";

class ConnectionTableTest : public testing::Test {
 protected:
  void start() {
    Router router;
    Route route;
    route.method = "GET";
    route.pattern = "/hello";
    router.add(route, [](const Request&) { return Response{}; });
    route.pattern = "/large";
    router.add(route, [](const Request&) {
      Response response;
      response.body.assign(std::size_t{16} << 20, 'x');
      return response;
    });
    route.guard = [](Request& request) -> std::optional<Response> {
      if (!request.header("x-key")) return error_response(401, "no key");
      return std::nullopt;
    };
    route.pattern = "/held";
    router.add(route, [this](const Request&) {
      held_.set_value();
      release_.get_future().wait();
      return Response{};
    });
    route.pattern = "/guarded";
    router.add(route, [](const Request&) { return Response{}; });
    route.method = "POST";
    route.max_body_bytes = 10'000;
    router.add(std::move(route), [](const Request& request) {
      Response response;
      response.body = std::to_string(request.body.size());
      return response;
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

TEST_F(ConnectionTableTest, whoever_has_passed_a_guard_keeps_the_place_and_the_next_is_refused_in_words) {
  options_.max_connections = 1;
  start();
  const auto busy = connect();
  busy->send("GET /held HTTP/1.1\r\nHost: localhost\r\nX-Key: 1\r\n\r\n");
  held_.get_future().wait();
  EXPECT_EQ(connect()->ask(kGuardedGet).status, 429);
  EXPECT_EQ(connect()->ask(kGet).status, 200);
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

TEST_F(ConnectionTableTest, half_sent_headers_by_the_hundred_keep_nobody_out) {
  options_.max_connections = 20;
  start();
  std::vector<std::unique_ptr<RawClient>> flood;
  const auto proven = connect();
  EXPECT_EQ(proven->ask(kGuardedGet).status, 200);
  for (int i = 0; i < 300; ++i) {
    flood.push_back(connect());
    flood.back()->send(kHalfHeader);
    if (i % 10 == 0) {
      EXPECT_EQ(connect()->ask(kGet).status, 200) << i;
      EXPECT_EQ(connect()->ask(kGuardedGet).status, 200) << i;
    }
  }
  EXPECT_EQ(proven->ask(kGuardedGet).status, 200) << "it has shown who it is: the others go first";
  EXPECT_EQ(server_->load().refused_connections, 0u);
}

TEST_F(ConnectionTableTest, whoever_takes_no_answer_keeps_nobody_out) {
  options_.max_connections = 4;
  start();
  std::vector<std::unique_ptr<RawClient>> flood;
  for (int i = 0; i < 20; ++i) {
    flood.push_back(std::make_unique<RawClient>(std::make_unique<logs_sdk::TcpWire>(server_->port(), 2048)));
    flood.back()->send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  EXPECT_EQ(connect()->ask(kGet).status, 200);
  EXPECT_EQ(connect()->ask(kGuardedGet).status, 200);
}

TEST_F(ConnectionTableTest, a_flood_cuts_no_request_that_has_passed_its_guard) {
  options_.max_connections = 4;
  start();
  const auto busy = connect();
  EXPECT_EQ(busy->ask(kGuardedGet).status, 200);
  busy->send("POST /guarded HTTP/1.1\r\nHost: localhost\r\nX-Key: 1\r\nContent-Length: 10\r\n\r\n12345");
  while (server_->load().body_memory_bytes == 0) std::this_thread::yield();
  std::vector<std::unique_ptr<RawClient>> flood;
  for (int i = 0; i < 200; ++i) {
    flood.push_back(connect());
    flood.back()->send(kHalfHeader);
  }
  busy->send("67890");
  EXPECT_EQ(busy->read_answer().body, "10");
}

TEST_F(ConnectionTableTest, a_server_full_of_requests_under_way_still_lets_a_newcomer_in) {
  options_.max_connections = 8;
  start();
  std::vector<std::unique_ptr<RawClient>> busy;
  for (int i = 0; i < 8; ++i) {
    busy.push_back(connect());
    busy.back()->send("POST /guarded HTTP/1.1\r\nHost: localhost\r\nX-Key: 1\r\nContent-Length: 2000\r\n\r\n" +
                      std::string(1000, 'x'));
  }
  while (server_->load().body_memory_bytes < 8 * kSmallestRoom) std::this_thread::yield();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(connect()->ask(kGet).status, 200) << i;
  const RawAnswer refused = connect()->ask(kGuardedGet);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.field("retry-after"), "1");
  for (const auto& each : busy) each->send(std::string(1000, 'x'));
  for (const auto& each : busy) EXPECT_EQ(each->read_answer().body, "2000");
  EXPECT_EQ(connect()->ask(kGuardedGet).status, 200);
}

TEST_F(ConnectionTableTest, an_address_behind_a_shared_peer_has_a_bound_on_its_requests) {
  options_.max_connections_per_peer = 2;
  start();
  const auto begin = [&](const char* forwarded) {
    auto client = connect();
    client->send(
        "POST /guarded HTTP/1.1\r\nHost: localhost\r\nX-Key: 1\r\nContent-Length: 2000\r\n"
        "X-Forwarded-For: " +
        std::string(forwarded) + "\r\n\r\n" + std::string(1000, 'x'));
    return client;
  };
  const auto get = [&](std::string_view fields, const char* from = "127.0.0.1") {
    return connect(from)->ask("GET /hello HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) + "\r\n").status;
  };
  // What the client itself wrote stands to the left of what the proxy wrote, as does another proxy on this machine to
  // its right.
  const auto one = begin("192.0.2.9, 192.0.2.1");
  const auto two = begin("192.0.2.8, 192.0.2.1:5000, 127.0.0.1");
  while (server_->load().body_memory_bytes < 2 * kSmallestRoom) std::this_thread::yield();
  EXPECT_EQ(get("X-Forwarded-For: 192.0.2.1\r\n"), 429);
  EXPECT_EQ(get("X-Forwarded-For: 192.0.2.2\r\nX-Forwarded-For: ::ffff:192.0.2.1\r\n"), 429);
  EXPECT_EQ(get("X-Forwarded-For: 192.0.2.1, 192.0.2.2\r\n"), 200);
  EXPECT_EQ(get(""), 200);
  EXPECT_EQ(get("X-Forwarded-For: 192.0.2.1\r\n", "127.0.0.2"), 200) << "no proxy of ours";
  one->send(std::string(1000, 'x'));
  EXPECT_EQ(one->read_answer().status, 200);
  while (get("X-Forwarded-For: 192.0.2.1\r\n") != 200) std::this_thread::yield();
}

}  // namespace
}  // namespace logs_server
