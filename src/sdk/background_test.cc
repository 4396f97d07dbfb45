// What the threads of the library do and leave alone, and the options that only they see.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "testing/comes_true.h"
#include "testing/logs_sdk_fixture.h"

namespace logs_sdk {
namespace {

namespace fs = std::filesystem;

class BackgroundTest : public LogSDKTest {};

// A line of /proc/self/task/<id>/status, by its name; empty when there is no such thread (yet).
std::string status_of_thread(const std::string& thread, const std::string& line_name) {
  for (const auto& task : fs::directory_iterator("/proc/self/task")) {
    std::ifstream status(task.path() / "status");
    std::string name, line;
    std::getline(status, name);
    if (name != "Name:\t" + thread) continue;
    while (std::getline(status, line)) {
      if (line.starts_with(line_name)) return line.substr(line.find('\t') + 1);
    }
  }
  return "";
}

TEST_F(BackgroundTest, its_threads_take_none_of_the_applications_signals) {
  LogSDK logs(config());
  logs.start();
  for (const char* thread : {"logs-keeper", "logs-shipper"}) {
    std::string blocked;
    ASSERT_TRUE(comes_true([&] { return !(blocked = status_of_thread(thread, "SigBlk:")).empty(); })) << thread;
    const unsigned long long mask = std::stoull(blocked, nullptr, 16);
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD, SIGWINCH}) {
      EXPECT_NE(mask & (1ull << (signal - 1)), 0u) << thread << " takes signal " << signal;
    }
  }
}

// As names of what they lead to.
std::string descriptors_within(const std::string& folder) {
  std::string found;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code closed_meanwhile;
    const std::string target = fs::read_symlink(entry.path(), closed_meanwhile).string();
    if (target.starts_with(folder)) found += target + "\n";
  }
  return found;
}

TEST_F(BackgroundTest, a_forked_child_that_never_asks_for_the_library_holds_nothing_of_its_parents_spool) {
  LogSDK logs(config());
  logs.send({});
  ASSERT_NE(descriptors_within(folder.path()), "");
  const pid_t child = fork();
  if (child == 0) _exit(descriptors_within(folder.path()).empty() ? 0 : 1);
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0) << "the lock of a dead parent would be held on";
  EXPECT_NE(descriptors_within(folder.path()), "");
}

TEST_F(BackgroundTest, segments_go_on_being_prepared) {
  LogSDK logs(config());
  LogEntry large;
  large.error_stack = std::string(8000, 's');
  // Some segments full, not faster than they are prepared.
  EXPECT_TRUE(comes_true([&] {
    logs.send(large);
    return logs.stats().spool.captured >= 400;
  }));
}

TEST_F(BackgroundTest, max_retries_is_how_often_a_platform_is_asked_before_it_counts_as_down) {
  sink.set_down(true);
  Config hasty = config();
  hasty.max_retries = 0;
  LogSDK logs(hasty);
  logs.send({});
  EXPECT_TRUE(comes_true([&] { return logs.stats().destination_down; }));
  EXPECT_LT(sink.server().requests().size(), 3u);  // the first, and it may be a probe: with the default, four
}

TEST_F(BackgroundTest, timeout_is_how_long_a_silent_platform_is_waited_for) {
  constexpr std::size_t kSilences = 3;  // by the default of 15 s, more than anybody waits here
  for (std::size_t i = 0; i < kSilences; ++i) sink.server().next({.behaviour = ScriptedReply::Behaviour::kSilence});
  Config hasty = config();
  hasty.timeout = std::chrono::milliseconds(100);
  LogSDK logs(hasty);
  logs.send({});
  EXPECT_TRUE(comes_true([&] { return logs.stats().send_failures == kSilences; }));
  EXPECT_EQ(sink.await_entries(1).size(), 1u);
}

}  // namespace
}  // namespace logs_sdk
