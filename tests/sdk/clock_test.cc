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

TEST_F(ClockTest, the_duration_of_an_exchange_is_not_that_of_the_clocks_step) {
  LogSDK logs(config_);
  for (const int hour : {5, -5}) {
    Exchange exchange = begin(logs);
    step_to(hours(hour));
    exchange.finish();
    step_to(hours(0));
  }
  for (const auto& entry : sink_.await_entries(2)) {
    EXPECT_GE(entry.at("duration_ms").get<std::int64_t>(), 0);
    EXPECT_LT(entry.at("duration_ms").get<std::int64_t>(), 3'600'000);
  }
}

}  // namespace
}  // namespace logs_sdk
