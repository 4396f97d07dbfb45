// Every stage of an exchange as the adapter for cpp-httplib measures it.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "logs_sdk/adapters/httplib.h"
#include "testing/raw_wire.h"
#include "tests/timings/course.h"

namespace logs_sdk::timings {
namespace {

using ::httplib::Request;
using ::httplib::Response;
using HandlerResponse = ::httplib::Server::HandlerResponse;

class HttplibApplication final : public Application {
 public:
  HttplibApplication(LogSDK& logs, Course& course) : server_(logs), course_(course) {
    server_.set_pre_routing_handler([this](const Request&, Response&) {
      course_.head_read.open();
      return HandlerResponse::Unhandled;
    });
    server_.Post("/course", [this](const Request&, Response& response) { answer(response); });
    server_.Post("/reader", [this](const Request&, Response&, const ::httplib::ContentReader& content) {
      course_.handler_entered.open();
      content([](const char*, std::size_t) { return true; });
    });
    server_.set_keep_alive_timeout(1);  // so that stop() need not wait long for an idle connection
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~HttplibApplication() override {
    server_.stop();
    thread_.join();
  }
  std::uint16_t port() const override { return static_cast<std::uint16_t>(port_); }

 private:
  void answer(Response& response) {
    course_.handler_entered.open();
    course_.handler_may_end.wait();
    if (course_.throws) throw std::runtime_error("as it should");
    response.set_chunked_content_provider("text/plain", [this](std::size_t, ::httplib::DataSink& sink) {
      sink.write("first,", 6);
      course_.piece_written.open();
      course_.may_write_on.wait();
      sink.write("second", 6);
      sink.done();
      return true;
    });
  }

  ::logs_sdk::httplib::Server<> server_;
  Course& course_;
  int port_ = 0;
  std::thread thread_;
};

std::unique_ptr<Application> start(LogSDK& logs, Course& course) {
  return std::make_unique<HttplibApplication>(logs, course);
}

TEST(HttplibTimings, every_stage_is_as_long_as_it_was) { expect_every_stage_measured(start); }

TEST(HttplibTimings, a_handler_that_throws_is_measured) { expect_handler_that_throws_measured(start); }

TEST(HttplibTimings, a_body_that_the_handler_reads_itself_is_measured_within_it) {
  Recording recording;
  Course course;
  const auto application = start(recording.logs(), course);
  TcpWire wire(application->port());
  std::string request = head_and_half_a_body();
  request.replace(request.find("/course"), 7, "/reader");
  wire.send(request);
  course.handler_entered.wait();
  const Time entered = std::chrono::steady_clock::now();
  const Time sent = let_time_pass();
  wire.send("rest");
  const PlatformSink::Json entry = recording.entry();
  const auto parts = PlatformSink::Json::parse(entry.at("latency_breakdown").get<std::string>());
  const std::chrono::microseconds total(parts.at("total_us").get<std::int64_t>());
  expect_between(parts.at("request_body_us"), sent - entered, total, "request_body_us");
  expect_between(parts.at("handler_us"), sent - entered, total, "handler_us");
}

TEST(HttplibTimings, what_was_not_there_was_not_measured) {
  Recording recording;
  Course course;
  const auto application = start(recording.logs(), course);
  TcpWire wire(application->port());
  wire.send("GET /nothing HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const auto parts = PlatformSink::Json::parse(recording.entry().at("latency_breakdown").get<std::string>());
  EXPECT_FALSE(parts.contains("request_body_us")) << parts;
  EXPECT_FALSE(parts.contains("handler_us")) << parts;
  EXPECT_FALSE(parts.contains("queue_us")) << parts;
}

}  // namespace
}  // namespace logs_sdk::timings
