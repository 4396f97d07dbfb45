// The options of the spool reach it: caps, age, sync, and the bound of the memory queue.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "logs_sdk/logs_sdk.h"
#include "src/base/random.h"
#include "src/sdk/config_paths.h"
#include "src/spool/project_folder.h"
#include "src/spool/spool.h"
#include "testing/comes_true.h"
#include "testing/platform_sink.h"
#include "testing/temporary_folder.h"

namespace {

std::atomic<int> g_synced{0};

}  // namespace

// The one that every part of this program calls.
extern "C" int fdatasync(int fd) {
  ++g_synced;
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}

namespace logs_sdk {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr std::uint64_t kMiB = 1 << 20;

class SpoolOptionsTest : public ::testing::Test {
 protected:
  SpoolOptionsTest() {
    config_.endpoint = sink_.url();
    config_.api_key = "k";
    config_.api_secret = "s";
    config_.project_slug = "test";
    config_.offline_dir = folder_.file("spool");
    config_.flush_interval = std::chrono::milliseconds(50);
    config_.on_message = [](MessageLevel, std::string_view) {};
    sink_.set_down(true);
  }
  std::uint64_t bytes_on_disk() const {
    std::uint64_t bytes = 0;
    for (const auto& file : fs::recursive_directory_iterator(folder_.path())) {
      std::error_code gone;
      const std::uintmax_t size = file.is_regular_file(gone) ? file.file_size(gone) : 0;
      if (!gone) bytes += size;
    }
    return bytes;
  }
  static bool send_large(LogSDK& logs) {
    LogEntry entry;
    entry.error_stack = std::string(8000, 's');
    return logs.send(entry);
  }

  TemporaryFolder folder_;
  PlatformSink sink_;
  Config config_;
};

TEST_F(SpoolOptionsTest, offline_max_bytes_is_what_the_folder_takes_and_the_oldest_make_room) {
  config_.offline_max_bytes = kMiB;
  LogSDK logs(config_);
  EXPECT_TRUE(comes_true([&] {
    send_large(logs);
    return logs.stats().spool.dropped.cap > 0;
  }));
  EXPECT_TRUE(comes_true([&] { return bytes_on_disk() <= kMiB + kMiB / 8; })) << bytes_on_disk();
}

TEST_F(SpoolOptionsTest, below_offline_max_bytes_nothing_makes_room) {
  config_.offline_max_bytes = 16 * kMiB;
  LogSDK logs(config_);
  EXPECT_TRUE(comes_true([&] {
    send_large(logs);
    return logs.stats().spool.captured > 200;  // 1.6 MB
  }));
  EXPECT_EQ(logs.stats().spool.dropped.cap, 0u);
}

// The machine's clocks, some time ago.
class EarlierClock final : public Clock {
 public:
  explicit EarlierClock(seconds ago) : ago_(ago) {}
  WallTime wall() const noexcept override { return system_clock().wall() - ago_; }
  SteadyTime steady() const noexcept override { return system_clock().steady() - ago_; }
  void wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                  SteadyTime deadline) override {
    system_clock().wait_until(condition, lock, deadline + ago_);
  }

 private:
  const seconds ago_;
};

TEST_F(SpoolOptionsTest, offline_max_age_ends_what_a_process_has_left_long_ago) {
  config_.offline_max_age = seconds(60);
  const auto place = make_project_folder(spool_place(config_));
  ASSERT_TRUE(place.ok()) << place.status().message();
  const auto directories = [&] {
    std::size_t count = 0;
    for (const auto& each : fs::directory_iterator(place.value().path)) count += each.is_directory() ? 1u : 0u;
    return count;
  };
  {
    EarlierClock clock(seconds(90));
    SpoolOptions options;
    options.project_dir = place.value().path;
    const auto left = Spool::open(options, clock, system_random());
    ASSERT_EQ(left->append(0, R"({"uuid":"0192f0c1a2b37c4d8e5f60718293a4b5"})"), Appended::kSpooled);
  }
  ASSERT_EQ(directories(), 1u);
  for (const auto& file : fs::recursive_directory_iterator(place.value().path)) {
    fs::last_write_time(file.path(), fs::file_time_type::clock::now() - seconds(90));
  }
  LogSDK logs(config_);
  logs.start();
  EXPECT_TRUE(comes_true([&] { return logs.stats().instance != "" && directories() == 1; }));
  EXPECT_TRUE(sink_.entries().empty());
}

TEST_F(SpoolOptionsTest, sync_interval_writes_to_the_disk_and_none_does_not) {
  for (const Sync sync : {Sync::kNone, Sync::kInterval}) {
    const TemporaryFolder folder;
    config_.offline_dir = folder.file("spool");
    config_.sync = sync;
    g_synced = 0;
    LogSDK logs(config_);
    EXPECT_TRUE(send_large(logs));
    if (sync == Sync::kInterval) {
      EXPECT_TRUE(comes_true([] { return g_synced > 0; }));
    } else {
      logs.close(seconds(1));  // twice the interval
      EXPECT_EQ(g_synced, 0);
    }
  }
}

}  // namespace
}  // namespace logs_sdk
