// What the platform rejects for good, the whole way: from an application to a file that a person can read.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "logs_sdk/logs_sdk.h"
#include "testing/platform_sink.h"
#include "testing/temporary_folder.h"

namespace logs_sdk {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class DeadLetterTest : public ::testing::Test {
 protected:
  Config config() const {
    Config config;
    config.endpoint = sink_.url();
    config.api_key = "clog_pk_of_this_test";
    config.api_secret = "clog_sk_of_this_test";
    config.project_slug = "test";
    config.offline_dir = folder_.file("spool");
    config.on_message = [this](MessageLevel, std::string_view text) { messages_ += text; };
    return config;
  }
  std::vector<fs::path> letter_files() const {
    std::vector<fs::path> found;
    for (const auto& file : fs::recursive_directory_iterator(folder_.path())) {
      if (file.path().extension() == ".ndjson") found.push_back(file.path());
    }
    return found;
  }
  static void send(LogSDK& sdk, std::string path) {
    LogEntry entry;
    entry.path = std::move(path);
    ASSERT_TRUE(sdk.send(entry));
  }

  TemporaryFolder folder_;
  PlatformSink sink_;
  mutable std::string messages_;
};

TEST_F(DeadLetterTest, a_rejected_entry_stands_in_the_project_folder_with_the_reason_and_without_keys) {
  sink_.server().next_from([](const RecordedRequest& request) {
    return verdicts(request, 2, 0, R"({"index":1,"reason":"project_slug: not of clog_pk_of_this_test"})");
  });
  LogSDK sdk(config());
  for (const char* path : {"/first", "/second", "/third"}) send(sdk, path);
  ASSERT_TRUE(sdk.close(std::chrono::seconds(30)));
  const Stats stats = sdk.stats();
  EXPECT_EQ(stats.spool.rejected, 1U);
  EXPECT_EQ(stats.spool.delivered, 2U);
  EXPECT_EQ(stats.dead_letters, 1U);
  EXPECT_EQ(stats.dead_letters_lost, 0U);

  const auto files = letter_files();
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].parent_path().filename(), "deadletter");
  struct stat status = {};
  ASSERT_EQ(::stat(files[0].c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  std::ifstream in(files[0]);
  std::string line;
  ASSERT_TRUE(std::getline(in, line));
  EXPECT_EQ(line.find("clog_"), std::string::npos);
  EXPECT_EQ(messages_.find("clog_"), std::string::npos);
  const Json letter = Json::parse(line);
  EXPECT_EQ(letter.at("instance"), stats.instance);
  EXPECT_EQ(letter.at("reason"), "project_slug: not of ***");
  EXPECT_EQ(letter.at("entry").at("path"), "/second");
  EXPECT_EQ(letter.at("entry").size(), 57U);
  EXPECT_FALSE(std::getline(in, line));
}

TEST_F(DeadLetterTest, letters_stay_when_everything_else_is_delivered_and_the_directory_of_the_process_is_gone) {
  sink_.server().next({.status = 422});
  {
    LogSDK sdk(config());
    send(sdk, "/bad");
    ASSERT_TRUE(sdk.close(std::chrono::seconds(30)));
  }
  ASSERT_EQ(letter_files().size(), 1U);
  const fs::path project = letter_files()[0].parent_path().parent_path();
  EXPECT_EQ(std::distance(fs::directory_iterator(project), fs::directory_iterator()), 1) << "nothing but deadletter";
  LogSDK next(config());
  send(next, "/good");
  EXPECT_TRUE(next.close(std::chrono::seconds(30)));
  EXPECT_EQ(letter_files().size(), 1U) << "nobody takes it for an orphan";
  EXPECT_EQ(next.stats().recovered, 0U);
}

}  // namespace
}  // namespace logs_sdk
