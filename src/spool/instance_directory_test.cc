#include "src/spool/instance_directory.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "testing/file_bytes.h"
#include "testing/temporary_folder.h"

namespace logs_sdk::inline v1 {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const Uuid kInstance = *Uuid::parse("000102030405060708090a0b0c0d0e0f");
constexpr const char* kName = "000102030405060708090a0b0c0d0e0f";

// Exit code of a child that runs `body`; the child leaves without running destructors, as a killed process would.
template <typename Body>
int in_child(Body body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class InstanceDirectoryTest : public ::testing::Test {
 protected:
  Result<InstanceDirectory> create() { return InstanceDirectory::create(project_.get(), this_process(kInstance, "1")); }
  Result<InstanceDirectory> adopt() { return InstanceDirectory::adopt(project_.get(), kName); }
  // A directory whose owner has died.
  void make_orphan() {
    ASSERT_EQ(in_child([&] { return create().ok() ? 0 : 1; }), 0);
  }
  std::string lock_path() const { return folder_.path() + "/" + kName + "/" + kLockName; }

  TemporaryFolder folder_;
  FileDescriptor project_ = open_directory(AT_FDCWD, folder_.path()).value();
};

TEST_F(InstanceDirectoryTest, a_living_owner_is_not_robbed_not_even_by_its_own_process) {
  const auto owner = create();
  ASSERT_TRUE(owner.ok()) << owner.status().message();
  EXPECT_EQ(adopt().status().code(), Code::kRetry);
  EXPECT_EQ(create().status().code(), Code::kRetry);
  EXPECT_TRUE(InstanceDirectory::owned(project_.get(), kName));
  EXPECT_EQ(fs::status(lock_path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(folder_.path() + "/" + kName).permissions(), fs::perms::owner_all);
}

TEST_F(InstanceDirectoryTest, a_dead_owner_is_succeeded_and_its_directory_removed_whole) {
  make_orphan();
  EXPECT_FALSE(InstanceDirectory::owned(project_.get(), kName));
  auto heir = adopt();
  ASSERT_TRUE(heir.ok()) << heir.status().message();
  EXPECT_EQ(heir.value().instance(), kInstance);
  ASSERT_TRUE(heir.value().remove().ok());
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(InstanceDirectoryTest, a_forked_child_that_closes_does_not_free_the_parents_lock) {
  auto owner = create();
  ASSERT_TRUE(owner.ok());
  ASSERT_EQ(in_child([&] {
              owner.value().abandon();
              return adopt().status().code() == Code::kRetry ? 0 : 1;
            }),
            0);
  EXPECT_EQ(adopt().status().code(), Code::kRetry);
}

TEST_F(InstanceDirectoryTest, a_lock_file_that_was_replaced_is_no_claim) {
  const auto owner = create();
  ASSERT_TRUE(owner.ok());
  // The replacement is locked by nobody, but the owner's identity stands in it.
  const std::string identity = file_bytes(lock_path());
  fs::remove(lock_path());
  replace_file(lock_path(), identity);
  EXPECT_EQ(adopt().status().code(), Code::kConfiguration);
  EXPECT_THAT(adopt().status().message(), HasSubstr("owner lives"));
}

TEST_F(InstanceDirectoryTest, a_free_lock_of_a_provably_living_owner_means_that_locks_do_not_work) {
  make_orphan();
  replace_file(lock_path(), encode(this_process(kInstance, "1")));
  EXPECT_EQ(adopt().status().code(), Code::kConfiguration);
}

TEST_F(InstanceDirectoryTest, an_owner_that_let_go_can_be_succeeded_while_its_process_lives) {
  {
    auto owner = create();
    ASSERT_TRUE(owner.ok());
    owner.value().disown();
  }
  EXPECT_TRUE(adopt().ok());
}

TEST_F(InstanceDirectoryTest, a_directory_without_a_lock_file_can_be_adopted_and_its_maker_then_steps_back) {
  fs::create_directory(folder_.path() + "/" + kName);
  const auto heir = adopt();
  EXPECT_TRUE(heir.ok());
  EXPECT_EQ(create().status().code(), Code::kRetry);
}

TEST_F(InstanceDirectoryTest, links_and_strangers_are_refused) {
  TemporaryFolder elsewhere;
  fs::create_symlink(elsewhere.path(), folder_.path() + "/" + kName);
  EXPECT_FALSE(adopt().ok());
  EXPECT_TRUE(fs::is_empty(elsewhere.path()));
  for (const char* name : {"..", "deadletter", "000102030405060708090A0B0C0D0E0F", ""}) {
    EXPECT_EQ(InstanceDirectory::adopt(project_.get(), name).status().code(), Code::kInput) << name;
  }
  fs::remove(folder_.path() + "/" + kName);
  fs::create_directory(folder_.path() + "/" + kName);
  fs::create_symlink(elsewhere.path() + "/target", lock_path());
  EXPECT_FALSE(adopt().ok());
  EXPECT_TRUE(fs::is_empty(elsewhere.path()));
}

TEST(OwnerIdentityTest, it_reads_back_and_any_text_is_harmless) {
  const OwnerIdentity self = this_process(kInstance, "1.2.3");
  const OwnerIdentity read = decode(encode(self));
  EXPECT_EQ(encode(read), encode(self));
  EXPECT_TRUE(provably_alive(read));
  OwnerIdentity predecessor = self;
  ++predecessor.start_ticks;  // the pid belongs to somebody else now
  EXPECT_FALSE(provably_alive(predecessor));
  for (const char* text : {"", "=", "pid=", "pid=x\npid", "\n\n\n", "instance=zz\nboot_id=\nstart_ticks=-1"}) {
    EXPECT_FALSE(provably_alive(decode(text))) << text;
  }
}

}  // namespace
}  // namespace logs_sdk::inline v1
