#include "src/shipper/curl_transport.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <string>

#include "testing/scripted_http_server.h"

namespace logs_sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Behaviour = ScriptedReply::Behaviour;

SteadyTime in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

class CurlTransportTest : public testing::Test {
 protected:
  Result<HttpResponse> post(std::string_view body = "{}", SteadyTime deadline = in(seconds(60))) {
    HttpRequest request;
    request.url = server_.url();
    request.headers = {{"X-API-Key", "clog_pk_1"}, {"Content-Type", "application/json"}};
    request.body = body;
    return transport_->post(request, deadline);
  }

  ScriptedHttpServer server_;
  std::unique_ptr<HttpTransport> transport_ = make_curl_transport({});
};

TEST_F(CurlTransportTest, sends_body_and_headers_and_brings_the_answer) {
  server_.next({.status = 201, .body = "thanks", .headers = {{"X-Some", " value "}}});
  const Result<HttpResponse> result = post("a body");
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result.value().status, 201);
  EXPECT_EQ(result.value().body, "thanks");
  EXPECT_EQ(result.value().headers.at(0), (std::pair<std::string, std::string>{"x-some", "value"}));
  const RecordedRequest request = server_.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/api/v1/ingest/logs");
  EXPECT_EQ(request.body, "a body");
  EXPECT_EQ(request.headers.at("x-api-key"), "clog_pk_1");
  EXPECT_EQ(request.headers.count("expect"), 0U);
  EXPECT_EQ(request.headers.at("content-type"), "application/json");
}

TEST_F(CurlTransportTest, a_large_body_arrives_whole_without_waiting_for_100_continue) {
  const std::string body(3 << 20, 'x');
  ASSERT_TRUE(post(body).ok());
  EXPECT_EQ(server_.requests().at(0).body, body);
}

TEST_F(CurlTransportTest, the_connection_is_kept) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(post().ok());
  EXPECT_EQ(server_.connections(), 1);
}

TEST_F(CurlTransportTest, redirects_are_answers) {
  server_.next({.status = 307, .headers = {{"Location", server_.url("/elsewhere")}}});
  EXPECT_EQ(post().value().status, 307);
  EXPECT_EQ(server_.requests().size(), 1U);
}

TEST_F(CurlTransportTest, a_kept_connection_that_was_closed_costs_one_try_at_once) {
  for (const Behaviour behaviour :
       {Behaviour::kResetBeforeAnswer, Behaviour::kResetInRequest, Behaviour::kCloseAfter}) {
    ASSERT_TRUE(post().ok());
    server_.next({.behaviour = behaviour});
    if (behaviour == Behaviour::kCloseAfter) {
      ASSERT_TRUE(post().ok());
    }
    const Result<HttpResponse> result = post(std::string(2 << 20, 'x'));
    EXPECT_TRUE(result.ok()) << static_cast<int>(behaviour) << " " << result.status().message();
  }
}

TEST_F(CurlTransportTest, a_reset_on_a_new_connection_is_a_failure) {
  for (const Behaviour behaviour :
       {Behaviour::kResetBeforeAnswer, Behaviour::kResetInAnswer, Behaviour::kResetInRequest}) {
    transport_ = make_curl_transport({});
    server_.next({.body = "never whole", .behaviour = behaviour});
    const Result<HttpResponse> result = post(std::string(2 << 20, 'x'));
    ASSERT_FALSE(result.ok()) << static_cast<int>(behaviour);
    EXPECT_EQ(result.status().code(), Code::kRetry);
    EXPECT_FALSE(result.status().message().empty());
    EXPECT_TRUE(post().ok()) << "the next one is not affected";
  }
}

TEST_F(CurlTransportTest, an_address_where_nobody_listens_is_a_failure_that_names_it) {
  HttpRequest request;
  {
    const ScriptedHttpServer gone;
    request.url = gone.url();
  }
  const Result<HttpResponse> result = transport_->post(request, in(seconds(60)));
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.status().message().find("127.0.0.1"), std::string::npos) << result.status().message();
}

TEST_F(CurlTransportTest, other_protocols_are_refused) {
  HttpRequest request;
  request.url = "file:///etc/hostname";
  EXPECT_FALSE(transport_->post(request, in(seconds(60))).ok());
}

TEST_F(CurlTransportTest, silence_ends_with_the_deadline) {
  server_.next({.behaviour = Behaviour::kSilence});
  const SteadyTime deadline = in(milliseconds(100));
  EXPECT_FALSE(post("{}", deadline).ok());
  EXPECT_GE(std::chrono::steady_clock::now(), deadline);
}

TEST_F(CurlTransportTest, an_answer_that_trickles_ends_with_the_deadline) {
  server_.next({.body = std::string(1000, 'x'), .behaviour = Behaviour::kSlowAnswer, .pause = milliseconds(20)});
  EXPECT_FALSE(post("{}", in(milliseconds(100))).ok());
}

TEST_F(CurlTransportTest, no_request_is_begun_behind_its_deadline) {
  EXPECT_FALSE(post("{}", in(milliseconds(-1))).ok());
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(CurlTransportTest, cancel_ends_a_running_request_and_every_later_one) {
  server_.next({.behaviour = Behaviour::kSilence});
  auto result = std::async(std::launch::async, [&] { return post("{}", in(std::chrono::hours(1))); });
  server_.await_requests(1);
  transport_->cancel();
  EXPECT_FALSE(result.get().ok());
  EXPECT_FALSE(post().ok());
  EXPECT_EQ(server_.requests().size(), 1U);
}

TEST_F(CurlTransportTest, an_endless_body_is_cut) {
  server_.next({.body = std::string(kMaxAnswerBytes + 100'000, 'x')});
  const Result<HttpResponse> result = post();
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result.value().body.size(), kMaxAnswerBytes);
  EXPECT_TRUE(post().ok());
}

TEST_F(CurlTransportTest, endless_headers_are_a_failure) {
  ScriptedReply reply;
  for (int i = 0; i < 100; ++i) reply.headers.emplace_back("X-Many", std::string(1000, 'x'));
  server_.next(reply);
  EXPECT_FALSE(post().ok());
  EXPECT_TRUE(post().ok());
}

TEST_F(CurlTransportTest, a_program_started_meanwhile_does_not_inherit_the_connection) {
  ASSERT_TRUE(post().ok());
  int connections = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int fd = std::stoi(entry.path().filename());
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0 || peer.sin_family != AF_INET) continue;
    ++connections;
    EXPECT_NE(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0) << fd;
  }
  EXPECT_EQ(connections, 2) << "ours, and the server's end of it";
}

}  // namespace
}  // namespace logs_sdk
