// A wall clock that steps back and forth by hours while the library runs, as an administrator, NTP or a resumed
// machine does it. This program's clock_gettime() is the one that every library in it calls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <set>
#include <string>

#include "logs_sdk/logs_sdk.h"
#include "testing/platform_sink.h"
#include "testing/temporary_folder.h"

namespace {

std::atomic<std::int64_t> g_step_seconds{0};

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const long result = syscall(SYS_clock_gettime, clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += g_step_seconds.load();
  return static_cast<int>(result);
}

namespace logs_sdk {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class ClockTest : public ::testing::Test {
 protected:
  ClockTest() {
    config_.endpoint = sink_.url();
    config_.api_key = "k";
    config_.api_secret = "s";
    config_.project_slug = "test";
    config_.offline_dir = folder_.file("spool");
    config_.offline_max_age = seconds(60);  // far below the steps
    config_.flush_interval = std::chrono::milliseconds(50);
  }
  void TearDown() override { g_step_seconds = 0; }

  static void step_to(hours from_now) { g_step_seconds = std::chrono::duration_cast<seconds>(from_now).count(); }
  // The hour of an entry, from now as this machine really has it.
  static long hours_from_now(const PlatformSink::Json& entry) {
    tm parts{};
    EXPECT_NE(strptime(entry.at("timestamp").get<std::string>().c_str(), "%Y-%m-%dT%H:%M:%S", &parts), nullptr);
    timespec now{};
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    return (timegm(&parts) - now.tv_sec + (timegm(&parts) > now.tv_sec ? 1800 : -1800)) / 3600;
  }
  static Exchange begin(LogSDK& logs) {
    Exchange exchange = logs.begin();
    exchange.request_line("GET", "/", "HTTP/1.1");
    exchange.status(200);
    return exchange;
  }

  TemporaryFolder folder_;
  PlatformSink sink_;
  Config config_;
};

TEST_F(ClockTest, each_entry_is_shipped_in_time_with_the_hour_of_its_moment_and_a_greater_uuid_than_the_one_before) {
  LogSDK logs(config_);
  std::string last_uuid;
  std::size_t sent = 0;
  for (const int hour : {0, 5, -7, 3, -48, 0}) {
    step_to(hours(hour));
    begin(logs).finish();
    const auto entry = sink_.await_entries(++sent).back();  // nobody flushes: the interval goes on as before
    EXPECT_EQ(hours_from_now(entry), hour);
    EXPECT_GT(entry.at("uuid").get<std::string>(), last_uuid);
    last_uuid = entry.at("uuid").get<std::string>();
  }
  EXPECT_TRUE(logs.close(seconds(30)));
  EXPECT_EQ(logs.stats().spool.delivered, sent);
}

// Before the first stage, between any two, and after the last.
TEST_F(ClockTest, a_step_during_an_exchange_is_in_none_of_its_times) {
  LogSDK logs(config_);
  constexpr Mark kMarks[] = {Mark::kRequestBodyRead, Mark::kHandlerStart, Mark::kHandlerEnd, Mark::kFirstByte,
                             Mark::kLastByte};
  std::size_t sent = 0;
  for (const int hour : {5, -5}) {
    for (std::size_t step_before = 0; step_before <= std::size(kMarks); ++step_before) {
      const auto begun = std::chrono::steady_clock::now();
      Exchange exchange = begin(logs);
      for (std::size_t i = 0; i < std::size(kMarks); ++i) {
        if (i == step_before) step_to(hours(hour));
        exchange.mark(kMarks[i]);
      }
      step_to(hours(hour));
      exchange.finish();
      const auto took = std::chrono::steady_clock::now() - begun;
      step_to(hours(0));
      const auto entry = sink_.await_entries(++sent).back();
      EXPECT_EQ(hours_from_now(entry), 0) << "the time of its start";
      const auto parts = PlatformSink::Json::parse(entry.at("latency_breakdown").get<std::string>());
      EXPECT_EQ(parts.size(), 5u) << parts;
      for (const auto& [name, us] : parts.items()) {
        EXPECT_GE(us.get<std::int64_t>(), 0) << name;
        EXPECT_LE(us, parts.at("total_us")) << name;
      }
      EXPECT_LE(std::chrono::microseconds(parts.at("total_us").get<std::int64_t>()), took);
      EXPECT_EQ(entry.at("duration_ms"), (parts.at("total_us").get<std::int64_t>() + 500) / 1000);
    }
  }
}

// The proxy's clock is right, this machine's is not.
TEST_F(ClockTest, a_queue_across_a_step_is_left_out) {
  LogSDK logs(config_);
  std::size_t sent = 0;
  for (const int hour : {0, 5, -5, 0}) {
    timespec now{};
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    step_to(hours(hour));
    Exchange exchange = begin(logs);
    exchange.peer("127.0.0.1", 1);
    exchange.request_header("X-Request-Start", "t=" + std::to_string(now.tv_sec - 2) + ".000");
    exchange.finish();
    const auto entry = sink_.await_entries(++sent).back();
    const auto parts = PlatformSink::Json::parse(entry.at("latency_breakdown").get<std::string>());
    EXPECT_EQ(parts.contains("queue_us"), hour == 0) << parts;
    EXPECT_TRUE(hour != 0 || parts.at("queue_us") >= 2'000'000) << parts;
  }
}

}  // namespace
}  // namespace logs_sdk
