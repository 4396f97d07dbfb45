// One exchange led through its course stage by stage, so that every stage has a length that the test knows bounds of:
// the application waits at gates that the test opens. No member of latency_breakdown can be right by chance.
#ifndef LOGS_SDK_TESTS_TIMINGS_COURSE_H_
#define LOGS_SDK_TESTS_TIMINGS_COURSE_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "logs_sdk/logs_sdk.h"
#include "testing/platform_sink.h"

namespace logs_sdk::timings {

// Closed until it is opened, once. Thread-safety: every call from any thread.
class Gate {
 public:
  void open();
  void wait();  // throws std::runtime_error after PlatformSink::kPatience, so that a test fails instead of hanging

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;  // guarded by mutex_
};

// What the application tells, and what it waits for. It answers POST /course:
struct Course {
  Gate head_read;        // opened when it has read the head of the request; it reads the body then
  Gate handler_entered;  // opened when its handler begins, with the body read
  Gate handler_may_end;  // its handler waits here, and returns; or throws, if it is to
  Gate piece_written;    // opened when "first," has been written as a chunk of the answer
  Gate may_write_on;     // it waits here, and writes "second" and the end
  bool throws = false;
};

// A running application; destroyed, it has stopped.
class Application {
 public:
  virtual ~Application() = default;
  virtual std::uint16_t port() const = 0;
};
using Start = std::function<std::unique_ptr<Application>(LogSDK& logs, Course& course)>;

// An SDK that ships to a sink of its own.
class Recording {
 public:
  Recording();
  LogSDK& logs() { return *logs_; }
  PlatformSink::Json entry() const { return sink_.await_entries(1).at(0); }

 private:
  PlatformSink sink_;
  std::unique_ptr<LogSDK> logs_;
};

using Time = std::chrono::steady_clock::time_point;

// Something is to be measured, so time has to pass: returns when the clock says that it has, with what it says then.
Time let_time_pass();

// `us` is a length between the two, but for what is lost by cutting to whole microseconds.
void expect_between(std::int64_t us, std::chrono::nanoseconds least, std::chrono::nanoseconds most, const char* what);

// A request of which the rest of the body, "rest", is sent later.
std::string head_and_half_a_body();

// Every stage of an exchange that succeeds.
void expect_every_stage_measured(const Start& start);
// The handler throws.
void expect_handler_that_throws_measured(const Start& start);

}  // namespace logs_sdk::timings

#endif  // LOGS_SDK_TESTS_TIMINGS_COURSE_H_
