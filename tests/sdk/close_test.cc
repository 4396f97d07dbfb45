// close() with a platform that is not there, never answers, or is too slow: it returns in time, and what it could not
// deliver is delivered by the next start, once.
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>

#include "logs_sdk/logs_sdk.h"
#include "testing/platform_sink.h"
#include "testing/temporary_folder.h"

namespace logs_sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Behaviour = ScriptedReply::Behaviour;

constexpr std::size_t kEntries = 1200;  // three batches
constexpr milliseconds kDeadline{300};
constexpr int kPatience = 10;  // a loaded machine is given so many times what is promised

class CloseTest : public ::testing::Test {
 protected:
  Config config(const PlatformSink& sink) const {
    Config config;
    config.endpoint = sink.url();
    config.api_key = "k";
    config.api_secret = "s";
    config.project_slug = "test";
    config.offline_dir = folder_.file("spool");
    config.on_message = [](MessageLevel, std::string_view) {};
    return config;
  }
  // Captures, closes in time, and tells what the ledger said then.
  Stats capture_and_close(const PlatformSink& sink) const {
    LogSDK sdk(config(sink));
    for (std::size_t i = 0; i < kEntries; ++i) {
      LogEntry entry;
      entry.path = "/" + std::to_string(i);
      EXPECT_TRUE(sdk.send(entry));
    }
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(sdk.close(kDeadline));
    EXPECT_LT(std::chrono::steady_clock::now() - start, kPatience * kDeadline);
    return sdk.stats();
  }
  // A later process, as it were, with a platform that works.
  void expect_delivery_by_the_next_start(PlatformSink& sink, const Stats& before) const {
    const Ledger& ledger = before.spool;
    EXPECT_EQ(ledger.captured, kEntries);
    EXPECT_EQ(ledger.captured,
              ledger.delivered + ledger.duplicate + ledger.rejected + ledger.dropped.total() + ledger.pending);
    EXPECT_GT(ledger.pending, 0U);
    LogSDK next(config(sink));
    next.start();
    std::set<std::string> paths;
    for (const auto& entry : sink.await_entries(kEntries)) paths.insert(entry.at("path").get<std::string>());
    EXPECT_EQ(paths.size(), kEntries);
    EXPECT_TRUE(next.close(seconds(30)));
    // What the platform had taken and this process was not told comes again, as duplicates.
    EXPECT_EQ(sink.entries().size(), kEntries);
    EXPECT_EQ(next.stats().recovered, ledger.pending);
    EXPECT_EQ(ledger.delivered + next.stats().recovered, kEntries);
  }

  TemporaryFolder folder_;
};

TEST_F(CloseTest, with_nobody_there) {
  PlatformSink sink(false);
  const Stats stats = capture_and_close(sink);
  EXPECT_EQ(stats.spool.pending, kEntries);
  sink.server().listen_now();
  expect_delivery_by_the_next_start(sink, stats);
  EXPECT_EQ(sink.duplicates(), 0U);
}

TEST_F(CloseTest, with_one_who_accepts_and_never_answers) {
  PlatformSink sink;
  sink.server().next({.behaviour = Behaviour::kSilence});
  const Stats stats = capture_and_close(sink);
  EXPECT_EQ(stats.spool.pending, kEntries);
  expect_delivery_by_the_next_start(sink, stats);
}

TEST_F(CloseTest, with_one_who_takes_everything_and_answers_too_slowly) {
  PlatformSink sink;
  for (const auto pause : {milliseconds(0), milliseconds(100)}) {
    sink.server().next_from([&sink, pause](const RecordedRequest& request) {
      ScriptedReply reply = sink.take(request);
      reply.behaviour = Behaviour::kSlowAnswer;
      reply.pause = pause;  // before each of more than a hundred bytes
      return reply;
    });
  }
  const Stats stats = capture_and_close(sink);
  EXPECT_EQ(stats.spool.delivered, 500U) << "the first batch";
  expect_delivery_by_the_next_start(sink, stats);
  EXPECT_EQ(sink.duplicates(), 500U) << "the second, whose answer came too late";
}

}  // namespace
}  // namespace logs_sdk
