#include "server/command/keys_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "server/command/operator_command.h"
#include "testing/manual_clock.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

class KeysFileTest : public testing::Test {
 protected:
  KeysFileTest() : registry_(Registry::open(folder_.path(), clock_).value()) {
    FirstStart first = registry_->begin().value().value();
    credentials_ = {.project_slug = std::string(kDefaultProject), .keys = first.keys, .token = first.token};
  }

  logs_sdk::TemporaryFolder folder_;
  logs_sdk::ManualClock clock_;
  std::unique_ptr<Registry> registry_;
  Credentials credentials_;
  const std::string path_ = folder_.path() + "/keys.env";
};

TEST_F(KeysFileTest, what_is_written_is_read_back_and_for_its_owner_only) {
  ASSERT_TRUE(write_keys_file(path_, "http://127.0.0.1:1", credentials_).ok());
  struct stat found {};
  ASSERT_EQ(::stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  const auto read = read_keys_file(path_, *registry_);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->keys.secret_key, credentials_.keys.secret_key);
  EXPECT_EQ(read->token, credentials_.token);
}

TEST_F(KeysFileTest, credentials_that_the_registry_does_not_know_are_none) {
  EXPECT_FALSE(read_keys_file(path_, *registry_));
  Credentials wrong = credentials_;
  wrong.keys.secret_key = "clog_sk_0";
  ASSERT_TRUE(write_keys_file(path_, "http://127.0.0.1:1", wrong).ok());
  EXPECT_FALSE(read_keys_file(path_, *registry_));
  ASSERT_TRUE(write_keys_file(path_, "http://127.0.0.1:1", credentials_).ok());
  ASSERT_TRUE(registry_->remove_tokens().ok());
  EXPECT_FALSE(read_keys_file(path_, *registry_));
}

TEST_F(KeysFileTest, a_file_that_cannot_be_made_is_a_sentence) {
  const auto status = write_keys_file(folder_.path() + "/missing/keys.env", "http://127.0.0.1:1", credentials_);
  EXPECT_EQ(status.code(), logs_sdk::Code::kConfiguration);
}

TEST_F(KeysFileTest, operators_add_projects_and_keys_beside_a_running_server) {
  using Action = OperatorCommand::Action;
  const auto run = [this](Action action, std::string subject) {
    return run_operator_command(folder_.path(), {.action = action, .subject = std::move(subject)});
  };
  EXPECT_TRUE(run(Action::kProjectNew, "shop").ok());
  const std::string printed = run(Action::kKeyNew, "shop").value();
  const std::string key = printed.substr(printed.find("clog_pk_"), 40);
  EXPECT_EQ(registry_->find_key(key).value()->project_slug, "shop");
  EXPECT_EQ(run(Action::kProjectList, "").value(), "default\nshop\n");
  EXPECT_FALSE(run(Action::kKeyNew, "bank").ok());
  EXPECT_TRUE(run(Action::kTokenReset, "").ok());
  EXPECT_FALSE(registry_->is_token(credentials_.token).value());
  EXPECT_FALSE(run_operator_command(folder_.path() + "/missing", {}).ok());
}

}  // namespace
}  // namespace logs_server
