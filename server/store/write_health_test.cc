#include "server/store/write_health.h"

#include <gtest/gtest.h>

#include <vector>

#include "testing/file_bytes.h"
#include "testing/manual_clock.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::Status;

class WriteHealthTest : public testing::Test {
 protected:
  WriteHealthTest() { logs_sdk::replace_file(path_, "x"); }
  Status full() const { return {Code::kRetry, path_ + ": committing: database or disk is full (sqlite 13)"}; }

  logs_sdk::TemporaryFolder folder_;
  const std::string path_ = folder_.file("store.db");
  logs_sdk::ManualClock clock_;
  std::vector<Code> told_;
  WriteHealth health_{path_, clock_, [this](const Status& status) { told_.push_back(status.code()); }};
};

TEST_F(WriteHealthTest, an_episode_is_told_once_when_it_begins_and_once_when_it_ends) {
  health_.note_append({});
  EXPECT_TRUE(told_.empty());
  for (int i = 0; i < 3; ++i) health_.note_append(full());
  EXPECT_EQ(told_, std::vector<Code>{Code::kRetry});
  for (int i = 0; i < 3; ++i) health_.note_append({});
  EXPECT_EQ(told_, (std::vector<Code>{Code::kRetry, Code::kOk}));
  health_.note_append(full());
  EXPECT_EQ(told_.size(), 3u);
}

TEST_F(WriteHealthTest, says_why_the_last_append_failed_and_names_no_path) {
  EXPECT_TRUE(health_.check().ok());
  health_.note_append(full());
  EXPECT_EQ(health_.check().message(), "committing: database or disk is full (sqlite 13)");
  health_.note_append({});
  EXPECT_TRUE(health_.check().ok());
}

TEST_F(WriteHealthTest, a_failure_counts_for_a_while_so_that_somebody_tries_again) {
  health_.note_append(full());
  clock_.advance(kFailureCounts - std::chrono::milliseconds(1));
  EXPECT_FALSE(health_.check().ok());
  clock_.advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(health_.check().ok());
}

TEST_F(WriteHealthTest, a_file_that_is_gone_cannot_be_written) {
  std::remove(path_.c_str());
  EXPECT_EQ(health_.check().message(), "its folder or file cannot be written: No such file or directory (errno 2)");
}

}  // namespace
}  // namespace logs_server
