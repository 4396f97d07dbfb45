// What crosses processes: entries of a killed process reach the platform once, by the next one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <set>
#include <string>
#include <vector>

#include "logs_sdk/logs_sdk.h"
#include "testing/platform_sink.h"
#include "testing/temporary_folder.h"
#include "tests/sdk/victim_process.h"

namespace logs_sdk {
namespace {

class ProcessTest : public ::testing::Test {
 protected:
  std::vector<std::string> environment() const {
    return {"LOGS_SDK_ENDPOINT=" + sink.url(), "LOGS_SDK_API_KEY=k",
            "LOGS_SDK_API_SECRET=s",           "LOGS_SDK_PROJECT_SLUG=test",
            "LOGS_SDK_FLUSH_INTERVAL=0.05",    "LOGS_SDK_OFFLINE_DIR=" + folder.file("spool")};
  }
  Config config() const {
    Config config;
    config.endpoint = sink.url();
    config.api_key = "k";
    config.api_secret = "s";
    config.project_slug = "test";
    config.flush_interval = std::chrono::milliseconds(50);
    config.offline_dir = folder.file("spool");
    return config;
  }

  TemporaryFolder folder;
  PlatformSink sink;
};

TEST_F(ProcessTest, entries_of_a_killed_process_are_shipped_once_by_the_next) {
  constexpr std::size_t kEntries = 500;
  sink.set_down(true);
  {
    VictimProcess victim({"pending", std::to_string(kEntries)}, environment());
    ASSERT_EQ(victim.read_line(), "ready");
    const int status = victim.kill_now();
    ASSERT_TRUE(WIFSIGNALED(status));
  }
  sink.set_down(false);
  LogSDK next(config());
  next.start();
  std::set<std::string> paths;
  for (const auto& entry : sink.await_entries(kEntries)) paths.insert(entry.at("path").get<std::string>());
  EXPECT_EQ(paths.size(), kEntries);
  EXPECT_TRUE(next.close(std::chrono::seconds(30)));
  EXPECT_EQ(next.stats().recovered, kEntries);
  EXPECT_EQ(next.stats().spool.captured, 0u);
  EXPECT_EQ(sink.duplicates(), 0u);
  EXPECT_EQ(sink.entries().size(), kEntries);
}

TEST_F(ProcessTest, every_kind_of_entry_of_a_killed_process_reaches_its_own_address_once) {
  constexpr std::size_t kEach = 200;
  sink.set_down(true);
  {
    VictimProcess victim({"mixed", std::to_string(kEach)}, environment());
    ASSERT_EQ(victim.read_line(), "ready");
    ASSERT_TRUE(WIFSIGNALED(victim.kill_now()));
  }
  sink.set_down(false);
  LogSDK next(config());
  next.start();
  std::set<std::string> paths, messages, infra;
  for (const auto& entry : sink.await_entries(3 * kEach)) {
    if (!entry.contains("path")) continue;
    const bool manual = entry.at("method") == "MANUAL";
    (manual ? messages : paths).insert(entry.at(manual ? "request_body" : "path").get<std::string>());
  }
  for (const auto& entry : sink.infra_entries()) infra.insert(entry.at("message").get<std::string>());
  EXPECT_EQ(paths.size(), kEach);
  EXPECT_EQ(messages.size(), kEach);
  EXPECT_EQ(infra.size(), kEach);
  EXPECT_TRUE(next.close(std::chrono::seconds(30)));
  EXPECT_EQ(next.stats().recovered, 3 * kEach);
  EXPECT_EQ(sink.duplicates(), 0u);
}

TEST_F(ProcessTest, a_library_made_before_a_fork_and_used_after_it_works_in_both_processes) {
  VictimProcess victim({"prefork"}, environment());
  EXPECT_EQ(victim.wait(), 0);
  std::set<std::string> paths, processes;
  for (const auto& entry : sink.await_entries(2)) {
    paths.insert(entry.at("path").get<std::string>());
    processes.insert(entry.at("process_id").get<std::string>());
  }
  EXPECT_THAT(paths, ::testing::ElementsAre("/child", "/parent"));
  EXPECT_EQ(processes.size(), 2u);
}

}  // namespace
}  // namespace logs_sdk
