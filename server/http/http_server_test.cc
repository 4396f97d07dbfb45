#include "server/http/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include "src/base/compression.h"
#include "testing/raw_client.h"

namespace logs_server {
namespace {

using logs_sdk::RawAnswer;
using logs_sdk::RawClient;
using testing::HasSubstr;

constexpr std::string_view kHost = "Host: localhost\r\n";

std::string get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\n" + std::string(kHost) + "\r\n";
}

std::string post(std::string_view path, std::string_view fields, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\n" + std::string(kHost) + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

Route route(std::string method, std::string pattern, std::size_t max_body_bytes = 0) {
  Route made;
  made.method = std::move(method);
  made.pattern = std::move(pattern);
  made.max_body_bytes = max_body_bytes;
  return made;
}

// For whoever X-Reader names: a principal without a key.
Route reader_route(std::string method, std::string pattern, std::size_t max_body_bytes = 0) {
  Route made = route(std::move(method), std::move(pattern), max_body_bytes);
  made.guard = [](Request& request) -> std::optional<Response> {
    request.principal = "reader:" + std::string(request.header("x-reader").value_or(""));
    return std::nullopt;
  };
  return made;
}

Response text(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

class HttpServerTest : public testing::Test {
 protected:
  HttpServerTest() {
    router_.add(route("GET", "/hello"), [](const Request&) { return text("hello"); });
    router_.add(route("POST", "/echo", 1000), [](const Request& request) { return text(request.body); });
    Route guarded = route("POST", "/guarded", 1000);
    guarded.guard = [](Request& request) -> std::optional<Response> {
      if (!request.header("x-key")) return error_response(401, "no key");
      request.principal = "somebody";
      return std::nullopt;
    };
    guarded.headers = {{"Accept-Encoding", "zstd, gzip"}};
    router_.add(std::move(guarded), [](const Request& request) { return text(request.principal); });
    router_.add(route("GET", "/throws"), [](const Request&) -> Response { throw std::runtime_error("secret detail"); });
    router_.add_async(route("GET", "/later"), [this](Request&, const Responder& responder) {
      const std::lock_guard lock(mutex_);
      later_.emplace(responder);
      arrived_.set_value();
    });
    router_.add_async(route("GET", "/never"), [](Request&, const Responder&) {});
    options_.on_served = [this](const ServedRequest& served) {
      const std::lock_guard lock(mutex_);
      served_ +=
          std::string(served.route) + " " + std::to_string(served.status) + " " + std::string(served.failure) + ";";
    };
  }

  void start() {
    auto started = HttpServer::start(options_, router_);
    ASSERT_TRUE(started.ok()) << started.status().message();
    server_ = std::move(started).value();
  }
  RawAnswer ask(std::string_view request) { return RawClient(server_->port()).ask(request); }
  void answer_later(Response response) {
    const std::lock_guard lock(mutex_);
    later_->send(std::move(response));
  }

  HttpServerOptions options_;
  Router router_;
  std::mutex mutex_;
  std::optional<Responder> later_;  // guarded by mutex_, as is the next
  std::string served_;
  std::promise<void> arrived_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, a_connection_serves_many_requests_also_pipelined) {
  start();
  RawClient client(server_->port());
  EXPECT_EQ(client.ask(get("/hello")).body, "hello");
  client.send(post("/echo", "", "one") + get("/hello") + post("/echo", "", "two"));
  EXPECT_EQ(client.read_answer().body, "one");
  EXPECT_EQ(client.read_answer().body, "hello");
  EXPECT_EQ(client.read_answer().body, "two");
}

TEST_F(HttpServerTest, every_answer_carries_the_security_headers) {
  start();
  for (const char* path : {"/hello", "/nowhere"}) {
    const RawAnswer answer = ask(get(path));
    EXPECT_EQ(answer.field("X-Content-Type-Options"), "nosniff");
    EXPECT_THAT(answer.field("Content-Security-Policy"), HasSubstr("default-src 'self'"));
    EXPECT_EQ(answer.field("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(answer.field("Cache-Control"), "no-store");
    EXPECT_EQ(answer.field("Access-Control-Allow-Origin"), "");
    EXPECT_EQ(answer.field("Server"), "");
  }
}

TEST_F(HttpServerTest, a_chunked_body_arrives_whole) {
  start();
  RawClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab");
  client.send("c\r\n5;x=y\r\ndefgh\r\n0\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "abcdefgh");
  EXPECT_EQ(client.ask(get("/hello")).status, 200);
}

TEST_F(HttpServerTest, compressed_bodies_are_decoded_and_bounded) {
  start();
  std::string small;
  std::string bomb;
  logs_sdk::Compressor compressor;
  ASSERT_TRUE(compressor.compress(logs_sdk::Encoding::kZstd, std::string(1000, 'x'), small).ok());
  ASSERT_TRUE(compressor.compress(logs_sdk::Encoding::kZstd, std::string(1001, 'x'), bomb).ok());
  EXPECT_EQ(ask(post("/echo", "Content-Encoding: zstd\r\n", small)).body, std::string(1000, 'x'));
  EXPECT_EQ(ask(post("/echo", "Content-Encoding: zstd\r\n", bomb)).status, 413);
  EXPECT_EQ(ask(post("/echo", "Content-Encoding: zstd\r\n", "garbage")).status, 400);
  EXPECT_EQ(ask(post("/echo", "Content-Encoding: br\r\n", "x")).status, 415);
}

TEST_F(HttpServerTest, a_body_over_the_bound_is_refused_by_its_announced_length) {
  start();
  RawClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 413);
}

TEST_F(HttpServerTest, an_endless_chunked_body_is_refused_as_soon_as_it_passes_the_bound) {
  start();
  RawClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "200\r\n" + std::string(0x200, 'x') + "\r\n";
  // Far more than sockets buffer is never needed: the answer is there after the bound, and the client can still read
  // it.
  for (int i = 0; i < 64 && client.send(chunk); ++i) {
  }
  EXPECT_EQ(client.read_answer().status, 413);
}

TEST_F(HttpServerTest, the_guard_refuses_before_the_body_is_sent) {
  start();
  RawClient client(server_->port());
  client.send("POST /guarded HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\nExpect: 100-continue\r\n\r\n");
  const RawAnswer answer = client.read_answer();
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_EQ(answer.field("Accept-Encoding"), "zstd, gzip");
  EXPECT_EQ(ask(post("/guarded", "X-Key: 1\r\n", "x")).body, "somebody");
}

TEST_F(HttpServerTest, a_client_that_waits_is_told_to_continue) {
  start();
  RawClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100);
  client.send("abc");
  EXPECT_EQ(client.read_answer().body, "abc");
}

TEST_F(HttpServerTest, a_foreign_host_is_misdirected) {
  options_.public_hosts = {"logs.example"};
  start();
  EXPECT_EQ(ask("GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 421);
  EXPECT_EQ(ask("GET http://evil.example/hello HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 421);
  EXPECT_EQ(ask("GET /hello HTTP/1.1\r\nHost: logs.example\r\n\r\n").status, 200);
  EXPECT_EQ(ask("GET /hello HTTP/1.1\r\n\r\n").status, 400);
  EXPECT_EQ(ask("GET /hello HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n").status, 400);
}

TEST_F(HttpServerTest, unknown_paths_and_methods_are_told_apart) {
  start();
  EXPECT_EQ(ask(get("/nowhere")).status, 404);
  const RawAnswer answer = ask(post("/hello", "", ""));
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.field("Allow"), "GET, HEAD");
}

TEST_F(HttpServerTest, head_has_the_length_but_no_body) {
  start();
  RawClient client(server_->port());
  client.send("HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/hello"));
  EXPECT_EQ(client.read_answer(false).field("Content-Length"), "5");
  EXPECT_EQ(client.read_answer().body, "hello");
}

TEST_F(HttpServerTest, malformed_requests_are_answered_and_the_connection_closed) {
  start();
  for (const char* request : {"nonsense\r\n\r\n", "GET /hello HTTP/9.9\r\nHost: localhost\r\n\r\n",
                              "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
                              "GET hello HTTP/1.1\r\nHost: localhost\r\n\r\n"}) {
    const int status = ask(request).status;
    EXPECT_TRUE(status == 400 || status == 505) << request << status;
  }
  EXPECT_EQ(ask("GET /hello HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n").status, 431);
}

TEST_F(HttpServerTest, a_body_without_a_clear_end_smuggles_no_request) {
  start();
  const auto ask_with = [&](std::string_view version, std::string_view fields) {
    RawClient client(server_->port());
    client.send("POST /echo HTTP/" + std::string(version) + "\r\n" + std::string(kHost) + std::string(fields) +
                "\r\n0\r\n\r\n" + get("/hello"));
    const int status = client.read_answer().status;
    EXPECT_EQ(client.read_answer().status, 0) << "the rest was taken for a request: " << fields;
    return status;
  };
  for (const char* fields :
       {"Transfer-Encoding: gzip\r\n", "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked, identity\r\n",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n"}) {
    EXPECT_EQ(ask_with("1.1", fields), 400) << fields;
  }
  EXPECT_EQ(ask_with("1.0", "Transfer-Encoding: chunked\r\n"), 400);
}

TEST_F(HttpServerTest, slow_clients_are_cut_off) {
  options_.idle_timeout = options_.header_timeout = options_.body_timeout = std::chrono::milliseconds(50);
  start();
  RawClient idle(server_->port());
  EXPECT_TRUE(idle.ends());
  RawClient in_header(server_->port());
  in_header.send("GET /hello HTTP/1.1\r\nHost: lo");
  EXPECT_TRUE(in_header.ends());
  RawClient in_body(server_->port());
  in_body.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_TRUE(in_body.ends());
}

TEST_F(HttpServerTest, a_body_that_trickles_is_cut_off_long_before_one_that_flows) {
  options_.body_grace = std::chrono::milliseconds(1);
  options_.min_body_bytes_per_s = 1;
  start();
  // What has come earns the time for what follows: 500 bytes are worth 500 s here.
  RawClient flowing(server_->port());
  flowing.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 600\r\n\r\n" + std::string(500, 'x'));
  RawClient trickling(server_->port());
  trickling.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 600\r\n\r\n");
  EXPECT_TRUE(trickling.ends());
  flowing.send(std::string(100, 'x'));
  EXPECT_EQ(flowing.read_answer().status, 200);
}

TEST_F(HttpServerTest, a_guard_that_counts_learns_the_size_of_the_decoded_body_once) {
  std::atomic<std::size_t> counted = 0;
  Route counting = route("POST", "/counted", 1000);
  counting.guard = [&](Request& request) {
    request.on_body = [&](std::size_t body_bytes) { counted += body_bytes; };
    return std::optional<Response>();
  };
  router_.add(std::move(counting), [](const Request&) { return text("stored"); });
  start();
  std::string packed;
  logs_sdk::Compressor compressor;
  ASSERT_TRUE(compressor.compress(logs_sdk::Encoding::kZstd, std::string(900, 'x'), packed).ok());
  EXPECT_EQ(ask(post("/counted", "Content-Encoding: zstd\r\n", packed)).body, "stored");
  EXPECT_EQ(counted, 900u);
  EXPECT_EQ(ask(post("/counted", "", std::string(1001, 'x'))).status, 413);
  EXPECT_EQ(counted, 900u);
}

TEST_F(HttpServerTest, a_cut_body_reaches_no_handler) {
  start();
  {
    RawClient client(server_->port());
    client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
    client.finish_sending();
    EXPECT_TRUE(client.ends());
  }
  EXPECT_EQ(ask(get("/hello")).status, 200);
  const std::lock_guard lock(mutex_);
  EXPECT_THAT(served_, testing::Not(HasSubstr("/echo 200")));
}

TEST_F(HttpServerTest, what_a_handler_throws_is_logged_but_not_shown) {
  start();
  const RawAnswer answer = ask(get("/throws"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, testing::Not(HasSubstr("secret")));
  server_->drain(std::chrono::seconds(10));
  const std::lock_guard lock(mutex_);
  EXPECT_THAT(served_, HasSubstr("GET /throws 500 secret detail"));
}

TEST_F(HttpServerTest, the_requests_of_a_reader_take_a_quarter_of_the_places_at_most) {
  options_.max_connections = 8;
  router_.add(reader_route("POST", "/read", 1000), [](const Request& request) { return text(request.body); });
  start();
  const std::string begun =
      "POST /read HTTP/1.1\r\n" + std::string(kHost) + "X-Reader: greedy\r\nContent-Length: 9\r\n\r\n";
  std::vector<std::unique_ptr<RawClient>> held;
  for (int i = 0; i < 2; ++i) {
    held.push_back(std::make_unique<RawClient>(server_->port()));
    held.back()->send(begun + "1");
  }
  constexpr std::size_t kSmallestRoom = 4096;  // what the beginning of a body takes of the memory
  while (server_->load().body_memory_bytes < held.size() * kSmallestRoom) std::this_thread::yield();
  const RawAnswer refused = ask(begun + "123456789");
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("this reader may have at most 2 requests under way"));
  EXPECT_EQ(ask(post("/read", "X-Reader: modest\r\n", "x")).body, "x");
}

TEST_F(HttpServerTest, answers_that_a_reader_does_not_take_are_bounded_and_others_get_theirs) {
  constexpr std::size_t kAnswerBytes = std::size_t{16} << 20;  // more than sockets hold
  options_.max_answer_memory_bytes = 12 * kAnswerBytes;        // a quarter: three answers
  router_.add(reader_route("GET", "/large"), [](const Request&) { return text(std::string(kAnswerBytes, 'x')); });
  start();
  const auto asked = [](std::string_view reader) {
    return "GET /large HTTP/1.1\r\n" + std::string(kHost) + "X-Reader: " + std::string(reader) + "\r\n\r\n";
  };
  std::vector<std::unique_ptr<RawClient>> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(std::make_unique<RawClient>(server_->port()));
    held.back()->send(asked("greedy"));
    while (server_->load().answer_memory_bytes < held.size() * kAnswerBytes) std::this_thread::yield();
  }
  const RawAnswer refused = ask(asked("greedy"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("this reader"));
  EXPECT_EQ(ask(asked("modest")).body.size(), kAnswerBytes);
  EXPECT_EQ(held.front()->read_answer().body.size(), kAnswerBytes);
  while (server_->load().answer_memory_bytes > 2 * kAnswerBytes) std::this_thread::yield();
  EXPECT_EQ(ask(asked("greedy")).status, 200);
}

TEST_F(HttpServerTest, a_handler_that_forgets_to_answer_fails_the_request) {
  start();
  EXPECT_EQ(ask(get("/never")).status, 500);
}

TEST_F(HttpServerTest, a_drain_lets_the_running_request_end_and_closes_idle_connections) {
  start();
  RawClient idle(server_->port());
  EXPECT_EQ(idle.ask(get("/hello")).status, 200);
  RawClient running(server_->port());
  running.send(get("/later"));
  arrived_.get_future().wait();
  std::thread drain([this] { server_->drain(std::chrono::seconds(30)); });
  EXPECT_TRUE(idle.ends());
  answer_later(text("late"));
  const RawAnswer answer = running.read_answer();
  EXPECT_EQ(answer.body, "late");
  EXPECT_EQ(answer.field("Connection"), "close");
  drain.join();
  EXPECT_THROW(RawClient(server_->port()), std::runtime_error);
}

TEST_F(HttpServerTest, at_the_bound_of_a_drain_connections_are_closed_and_a_later_answer_is_dropped) {
  start();
  RawClient running(server_->port());
  running.send(get("/later"));
  arrived_.get_future().wait();
  server_->drain(std::chrono::milliseconds(1));
  EXPECT_TRUE(running.ends());
  server_.reset();
  answer_later(text("too late"));
}

// One worker, which is held until release() while readers queue up behind it.
class TurnsTest : public HttpServerTest {
 protected:
  TurnsTest() {
    options_.worker_threads = 1;
    options_.max_waiting_requests = 4;
    options_.max_waiting_requests_per_principal = 3;
    Route search = route("GET", "/search");
    search.guard = [](Request& request) {
      request.principal = request.header("x-reader").value_or("");
      return std::optional<Response>();
    };
    router_.add(std::move(search), [this](const Request& request) {
      searched_.fetch_add(1);
      released_.wait();
      const std::lock_guard lock(mutex_);
      order_ += request.principal;
      return text(request.principal);
    });
  }
  // Sent, and known to the server.
  RawClient& search(const std::string& reader, const char* from = "127.0.0.1") {
    const std::size_t before = server_->load().waiting_requests;
    RawClient& client = *clients_.emplace_back(
        std::make_unique<RawClient>(std::make_unique<logs_sdk::TcpWire>(server_->port(), 0, from)));
    client.send("GET /search HTTP/1.1\r\n" + std::string(kHost) + "X-Reader: " + reader + "\r\n\r\n");
    while (server_->load().waiting_requests == before) std::this_thread::yield();
    return client;
  }
  RawAnswer refused(const std::string& reader) {
    return ask("GET /search HTTP/1.1\r\n" + std::string(kHost) + "X-Reader: " + reader + "\r\n\r\n");
  }
  // Until the first has the worker, it would count for those that wait.
  void wait_until_searching() {
    while (searched_ == 0) std::this_thread::yield();
  }

  std::vector<std::unique_ptr<RawClient>> clients_;
  std::atomic<int> searched_ = 0;
  std::string order_;  // guarded by mutex_
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

TEST_F(TurnsTest, a_reader_waits_for_no_other_readers_backlog_and_each_is_told_of_his_bound) {
  start();
  search("a");
  wait_until_searching();
  for (int i = 0; i < 3; ++i) search("a");
  const RawAnswer too_many = refused("a");
  EXPECT_EQ(too_many.status, 429);
  EXPECT_EQ(too_many.field("Retry-After"), "1");
  EXPECT_THAT(too_many.body, HasSubstr("3 requests of yours wait already"));
  search("b");
  const RawAnswer full = refused("c");
  EXPECT_EQ(full.status, 503);
  EXPECT_EQ(full.field("Retry-After"), "1");
  EXPECT_THAT(full.body, HasSubstr("4 requests wait already"));
  EXPECT_EQ(server_->load().waiting_requests, 5u);
  release_.set_value();
  for (const auto& client : clients_) EXPECT_EQ(client->read_answer().status, 200);
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(order_, "abaaa");
}

TEST_F(TurnsTest, whoever_the_guard_does_not_name_waits_by_address) {
  start();
  search("a");
  wait_until_searching();
  for (int i = 0; i < 3; ++i) search("");
  EXPECT_EQ(refused("").status, 429);
  search("", "127.0.0.2");
  release_.set_value();
  for (const auto& client : clients_) EXPECT_EQ(client->read_answer().status, 200);
}

TEST_F(TurnsTest, a_request_that_fails_gives_its_place_back) {
  options_.max_waiting_requests = options_.max_waiting_requests_per_principal = 1;
  start();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask(get("/throws")).status, 500);
  server_->drain(std::chrono::seconds(10));
  EXPECT_EQ(server_->load().waiting_requests, 0u);
}

TEST_F(TurnsTest, a_drain_answers_what_waits) {
  start();
  for (int i = 0; i < 3; ++i) search("a");
  RawClient idle(server_->port());
  EXPECT_EQ(idle.ask(get("/nowhere")).status, 404);
  std::thread drain([this] { server_->drain(std::chrono::seconds(30)); });
  EXPECT_TRUE(idle.ends());  // now it has begun
  release_.set_value();
  for (const auto& client : clients_) EXPECT_EQ(client->read_answer().status, 200);
  drain.join();
  EXPECT_EQ(server_->load().waiting_requests, 0u);
}

TEST_F(TurnsTest, at_the_bound_of_a_drain_what_still_waits_is_not_run) {
  start();
  RawClient& running = search("a");
  wait_until_searching();
  for (int i = 0; i < 3; ++i) search("a");
  std::thread drain([this] { server_->drain(std::chrono::milliseconds(1)); });
  EXPECT_TRUE(running.ends());
  release_.set_value();
  drain.join();
  EXPECT_EQ(searched_, 1);
  EXPECT_EQ(server_->load().waiting_requests, 0u);
}

TEST_F(HttpServerTest, an_address_that_is_taken_or_wrong_is_a_sentence) {
  start();
  HttpServerOptions options;
  options.port = server_->port();
  const auto second = HttpServer::start(options, Router());
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.status().message(), HasSubstr("Address already in use"));
  options.address = "localhost";
  EXPECT_THAT(HttpServer::start(options, Router()).status().message(), HasSubstr("not a numeric IP address"));
}

}  // namespace
}  // namespace logs_server
