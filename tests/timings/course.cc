#include "tests/timings/course.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "testing/raw_wire.h"
#include "testing/temporary_folder.h"

namespace logs_sdk::timings {
namespace {

using Json = PlatformSink::Json;

Time now() { return std::chrono::steady_clock::now(); }

void read_until(TcpWire& wire, std::string& answer, std::string_view end) {
  while (answer.find(end) == std::string::npos)
    if (!wire.receive(answer, RawWire::kPiece)) throw std::runtime_error("the answer ended early:\n" + answer);
}

// The client's side up to the end of the handler, and when each stage was left and reached.
struct Stages {
  Stages(TcpWire& wire, Course& course) : begun(now()) {
    wire.send(head_and_half_a_body());
    course.head_read.wait();
    head_read = now();
    body_sent = let_time_pass();
    wire.send("rest");
    course.handler_entered.wait();
    handler_entered = now();
    handler_let_go = let_time_pass();
    course.handler_may_end.open();
  }

  Time begun, head_read, body_sent, handler_entered, handler_let_go;
};

}  // namespace

void Gate::open() {
  const std::lock_guard lock(mutex_);
  open_ = true;
  opened_.notify_all();
}

void Gate::wait() {
  std::unique_lock lock(mutex_);
  if (!opened_.wait_for(lock, PlatformSink::kPatience, [&] { return open_; }))
    throw std::runtime_error("nobody opened the gate");
}

Recording::Recording() {
  Config config;
  config.endpoint = sink_.url();
  config.api_key = "k";
  config.api_secret = "s";
  config.project_slug = "timings";
  static const TemporaryFolder folder;
  config.offline_dir = folder.file("spool");
  config.flush_interval = std::chrono::milliseconds(50);
  logs_ = std::make_unique<LogSDK>(config);
}

Time let_time_pass() {
  const Time until = now() + std::chrono::milliseconds(2);
  Time at = now();
  for (; at < until; at = now()) std::this_thread::yield();
  return at;
}

void expect_between(std::int64_t us, std::chrono::nanoseconds least, std::chrono::nanoseconds most, const char* what) {
  const auto whole = [](std::chrono::nanoseconds time) {
    return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  };
  EXPECT_GE(us + 3, whole(least)) << what;  // a sum of three was cut three times
  EXPECT_LE(us, whole(most) + 1) << what;
}

std::string head_and_half_a_body() {
  return "POST /course HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 9\r\nConnection: "
         "close\r\n\r\nhalf,";
}

void expect_every_stage_measured(const Start& start) {
  Recording recording;
  Course course;
  const auto application = start(recording.logs(), course);
  TcpWire wire(application->port());
  const Stages stages(wire, course);
  std::string answer;
  course.piece_written.wait();
  read_until(wire, answer, "first,");
  const Time piece_read = now();
  const Time writer_let_go = let_time_pass();
  course.may_write_on.open();
  while (wire.receive(answer, RawWire::kPiece)) continue;
  EXPECT_NE(answer.find("second"), std::string::npos) << answer;

  const Json entry = recording.entry();
  const Time over = now();
  const Json parts = Json::parse(entry.at("latency_breakdown").get<std::string>());
  EXPECT_EQ(entry.at("request_body_size"), 9);
  ASSERT_EQ(parts.size(), 5u) << parts;
  const auto body = stages.body_sent - stages.head_read, handler = stages.handler_let_go - stages.handler_entered,
             response = writer_let_go - piece_read;
  expect_between(parts.at("request_body_us"), body, stages.handler_entered - stages.begun, "request_body_us");
  expect_between(parts.at("handler_us"), handler, piece_read - stages.body_sent, "handler_us");
  expect_between(parts.at("first_byte_us"), body + handler, piece_read - stages.begun, "first_byte_us");
  expect_between(parts.at("response_us"), response, over - stages.handler_let_go, "response_us");
  expect_between(parts.at("total_us"), body + handler + response, over - stages.begun, "total_us");
  const std::int64_t total = parts.at("total_us");
  EXPECT_NEAR(
      static_cast<double>(parts.at("first_byte_us").get<std::int64_t>() + parts.at("response_us").get<std::int64_t>()),
      static_cast<double>(total), 1.0);
  EXPECT_EQ(entry.at("duration_ms"), (total + 500) / 1000);
}

void expect_handler_that_throws_measured(const Start& start) {
  Recording recording;
  Course course;
  course.throws = true;
  const auto application = start(recording.logs(), course);
  TcpWire wire(application->port());
  const Stages stages(wire, course);
  std::string answer;
  while (wire.receive(answer, RawWire::kPiece)) continue;
  const Json entry = recording.entry();
  const Time over = now();
  const Json parts = Json::parse(entry.at("latency_breakdown").get<std::string>());
  EXPECT_EQ(entry.at("status_code"), 500);
  expect_between(parts.at("handler_us"), stages.handler_let_go - stages.handler_entered, over - stages.body_sent,
                 "handler_us");
  expect_between(parts.at("total_us"),
                 (stages.body_sent - stages.head_read) + (stages.handler_let_go - stages.handler_entered),
                 over - stages.begun, "total_us");
}

}  // namespace logs_sdk::timings
