#include "src/spool/project_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "testing/temporary_folder.h"

namespace logs_sdk::inline v1 {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kKey = "0123456789abcdef";
constexpr uid_t kSomebodyElse = 65534;

class ProjectFolderTest : public ::testing::Test {
 protected:
  static mode_t mode_of(const std::string& path) {
    struct stat status = {};
    return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }
  std::string own(const std::string& parent) const { return parent + "/" + std::to_string(geteuid()); }

  TemporaryFolder folder_;
  const std::string parent_ = folder_.file("logs-sdk-offline");
};

TEST_F(ProjectFolderTest, every_level_is_made_with_its_rights) {
  const auto made = make_project_folder({parent_, kKey});
  ASSERT_TRUE(made.ok()) << made.status().message();
  EXPECT_EQ(made.value().path, own(parent_) + "/" + kKey + "/v1");
  EXPECT_THAT(made.value().notice, IsEmpty());
  EXPECT_EQ(mode_of(parent_), 01777u);
  EXPECT_EQ(mode_of(own(parent_)), 0700u);
  EXPECT_EQ(mode_of(own(parent_) + "/" + kKey), 0700u);
  EXPECT_EQ(mode_of(made.value().path), 0700u);
  EXPECT_TRUE(make_project_folder({parent_, kKey}).ok()) << "and is found again";
}

TEST_F(ProjectFolderTest, rights_of_our_own_folder_are_mended) {
  ASSERT_TRUE(make_project_folder({parent_, kKey}).ok());
  fs::permissions(own(parent_), fs::perms::all);
  ASSERT_TRUE(make_project_folder({parent_, kKey}).ok());
  EXPECT_EQ(mode_of(own(parent_)), 0700u);
}

TEST_F(ProjectFolderTest, a_link_in_the_place_of_a_level_is_refused) {
  TemporaryFolder elsewhere;
  fs::create_directory(parent_);
  fs::create_symlink(elsewhere.path(), own(parent_));
  const auto refused = make_project_folder({parent_, kKey});
  EXPECT_EQ(refused.status().code(), Code::kConfiguration);
  EXPECT_THAT(refused.status().message(), HasSubstr(own(parent_)));
  EXPECT_TRUE(fs::is_empty(elsewhere.path()));
}

TEST_F(ProjectFolderTest, a_level_of_another_user_is_refused) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can give a folder away";
  fs::create_directory(parent_);
  fs::create_directory(own(parent_));
  ASSERT_EQ(chown(own(parent_).c_str(), kSomebodyElse, kSomebodyElse), 0);
  EXPECT_THAT(make_project_folder({parent_, kKey}).status().message(), HasSubstr("belongs to user 65534"));
}

TEST_F(ProjectFolderTest, a_parent_that_its_owner_could_change_under_us_is_left_alone_with_a_notice) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can give a folder away";
  fs::create_directory(parent_);
  fs::permissions(parent_, fs::perms::all);
  ASSERT_EQ(chown(parent_.c_str(), kSomebodyElse, kSomebodyElse), 0);
  const auto made = make_project_folder({parent_, kKey});
  ASSERT_TRUE(made.ok()) << made.status().message();
  EXPECT_EQ(made.value().path, own(parent_ + "-" + std::to_string(geteuid())) + "/" + kKey + "/v1");
  EXPECT_THAT(made.value().notice, HasSubstr("not sticky"));
  EXPECT_TRUE(fs::is_empty(parent_));
}

TEST_F(ProjectFolderTest, a_key_that_is_none_is_refused) {
  for (const char* key : {"", "..", "0123456789abcde", "../../../../../x/"}) {
    EXPECT_FALSE(make_project_folder({parent_, key}).ok()) << key;
  }
}

TEST_F(ProjectFolderTest, a_parent_that_cannot_be_made_is_named) {
  EXPECT_THAT(make_project_folder({folder_.file("no/such"), kKey}).status().message(), HasSubstr("no/such"));
}

}  // namespace
}  // namespace logs_sdk::inline v1
