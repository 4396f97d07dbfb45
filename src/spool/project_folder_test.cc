#include "src/spool/project_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "testing/temporary_folder.h"

namespace logs_sdk::inline v1 {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kKey = "0123456789abcdef";
constexpr uid_t kSomebodyElse = 65534;

class ProjectFolderTest : public ::testing::Test {
 protected:
  static mode_t mode_of(const std::string& path) {
    struct stat status = {};
    return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }
  std::string own(const std::string& parent) const { return parent + "/" + std::to_string(geteuid()); }

  std::string fallback() const { return parent_ + "-" + std::to_string(geteuid()); }
  static void give_away(const std::string& path) { ASSERT_EQ(lchown(path.c_str(), kSomebodyElse, kSomebodyElse), 0); }
  // The folder lies beside the parent, and the notice says why and where.
  void expect_fallback(const std::string& reason) const {
    const auto made = make_project_folder({parent_, kKey});
    ASSERT_TRUE(made.ok()) << made.status().message();
    EXPECT_EQ(made.value().path, own(fallback()) + "/" + kKey + "/v1");
    EXPECT_THAT(made.value().notice, HasSubstr(reason));
    EXPECT_THAT(made.value().notice, HasSubstr("using " + fallback()));
    EXPECT_EQ(mode_of(fallback()), 0700u);
  }

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

TEST_F(ProjectFolderTest, a_link_or_a_file_in_the_place_of_the_users_folder_is_left_alone_with_a_notice) {
  const TemporaryFolder elsewhere;
  fs::create_directory(parent_);
  fs::create_symlink(elsewhere.path(), own(parent_));
  expect_fallback("it is a link");
  EXPECT_TRUE(fs::is_empty(elsewhere.path()));
  fs::remove(own(parent_));
  std::fclose(std::fopen(own(parent_).c_str(), "w"));
  expect_fallback("it is not a folder");
}

TEST_F(ProjectFolderTest, a_link_in_the_place_of_a_level_of_our_own_is_refused) {
  const TemporaryFolder elsewhere;
  fs::create_directories(own(parent_));
  fs::create_symlink(elsewhere.path(), own(parent_) + "/" + kKey);
  const auto refused = make_project_folder({parent_, kKey});
  EXPECT_EQ(refused.status().code(), Code::kConfiguration);
  EXPECT_THAT(refused.status().message(), HasSubstr(own(parent_) + "/" + kKey));
  EXPECT_TRUE(fs::is_empty(elsewhere.path()));
}

TEST_F(ProjectFolderTest, a_users_folder_that_somebody_else_has_made_up_is_left_alone_with_a_notice) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can give a folder away";
  fs::create_directory(parent_);
  fs::create_directory(own(parent_));
  give_away(own(parent_));
  expect_fallback("belongs to user 65534");
}

TEST_F(ProjectFolderTest, a_parent_that_its_owner_could_change_under_us_is_left_alone_with_a_notice) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can give a folder away";
  fs::create_directory(parent_);
  give_away(parent_);
  for (const mode_t rights : {0777u, 01777u, 0700u}) {
    ASSERT_EQ(chmod(parent_.c_str(), rights), 0);
    expect_fallback("belongs to user 65534");
    EXPECT_TRUE(fs::is_empty(parent_)) << rights;
  }
}

TEST_F(ProjectFolderTest, a_file_that_somebody_else_has_put_in_the_place_of_the_parent_is_left_alone_with_a_notice) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can give a file away";
  std::fclose(std::fopen(parent_.c_str(), "w"));
  give_away(parent_);
  expect_fallback("belongs to user 65534");
}

// Who owns a sticky folder may rename what others keep in it, so each but root has a place of his own.
TEST_F(ProjectFolderTest, the_owner_of_a_sticky_parent_shares_it_with_nobody_and_that_of_root_is_shared) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can become somebody else";
  ASSERT_EQ(chmod(folder_.path().c_str(), 01777), 0);
  const auto as_somebody_else = [&]() -> Result<ProjectFolder> {
    EXPECT_EQ(seteuid(kSomebodyElse), 0);
    auto made = make_project_folder({parent_, kKey});
    EXPECT_EQ(seteuid(0), 0);
    return made;
  };
  ASSERT_TRUE(make_project_folder({parent_, kKey}).ok());
  const auto below_root = as_somebody_else();
  ASSERT_TRUE(below_root.ok()) << below_root.status().message();
  EXPECT_EQ(below_root.value().path, parent_ + "/65534/" + kKey + "/v1");
  EXPECT_THAT(below_root.value().notice, IsEmpty());
  fs::remove_all(parent_);
  const auto first = as_somebody_else();
  ASSERT_TRUE(first.ok()) << first.status().message();
  EXPECT_EQ(first.value().path, parent_ + "/65534/" + kKey + "/v1");
  expect_fallback("belongs to user 65534");
}

TEST_F(ProjectFolderTest, when_both_names_are_taken_both_are_told) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can give a folder away";
  for (const std::string& taken : {parent_, fallback()}) {
    fs::create_directory(taken);
    give_away(taken);
  }
  const auto refused = make_project_folder({parent_, kKey});
  EXPECT_EQ(refused.status().code(), Code::kConfiguration);
  EXPECT_THAT(refused.status().message(), HasSubstr(parent_ + ": it belongs to user 65534"));
  EXPECT_THAT(refused.status().message(), HasSubstr(fallback() + ": it belongs to user 65534"));
}

TEST_F(ProjectFolderTest, a_folder_of_ours_in_the_place_that_is_not_used_now_is_found) {
  const auto before = make_project_folder({parent_, kKey});
  ASSERT_TRUE(before.ok());
  const std::string in_parent = before.value().path;
  EXPECT_THAT(former_project_folders({parent_, kKey}, in_parent), IsEmpty()) << "it is the one in use";
  EXPECT_THAT(former_project_folders({parent_, kKey}, "another"), SizeIs(1));
  fs::create_directories(own(fallback()) + "/" + kKey + "/v1");
  EXPECT_THAT(former_project_folders({parent_, kKey}, in_parent), SizeIs(1));
  EXPECT_THAT(former_project_folders({parent_, kKey}, ""), SizeIs(2));
}

TEST_F(ProjectFolderTest, of_the_place_that_is_not_used_now_nothing_is_believed_that_is_not_ours_alone) {
  const TemporaryFolder elsewhere;
  fs::create_directories(elsewhere.file(kKey) + "/v1");
  fs::create_directory(parent_);
  fs::create_symlink(elsewhere.path(), own(parent_));
  EXPECT_THAT(former_project_folders({parent_, kKey}, ""), IsEmpty()) << "a link";
  fs::remove(own(parent_));
  fs::create_directories(own(parent_) + "/" + kKey + "/v1");
  ASSERT_EQ(chmod((own(parent_) + "/" + kKey).c_str(), 0777), 0);
  EXPECT_THAT(former_project_folders({parent_, kKey}, ""), IsEmpty()) << "others may have put something there";
  if (geteuid() != 0) GTEST_SKIP() << "not run as far as it takes root: a folder given away";
  ASSERT_EQ(chmod((own(parent_) + "/" + kKey).c_str(), 0700), 0);
  give_away(own(parent_));
  EXPECT_THAT(former_project_folders({parent_, kKey}, ""), IsEmpty()) << "somebody else's";
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
