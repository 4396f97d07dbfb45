// Folders that cannot hold a spool, as an operator may give them by mistake and a stranger on purpose: what is wrong is
// said once, with the path, and the entries reach the platform all the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "testing/file_bytes.h"
#include "testing/platform_sink.h"
#include "testing/temporary_folder.h"
#include "tests/sdk/victim_process.h"

namespace logs_sdk {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr uid_t kNobody = 65534;

class FolderTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::permissions(folder_.path(), fs::perms(0755)); }  // for processes of another user

  // What a process says that ships one entry with that offline_dir; the entry has arrived.
  std::string ship_one(const std::string& offline_dir, const std::vector<std::string>& before = {}) {
    const std::size_t arrived = sink_.entries().size();
    VictimProcess victim({"one"}, environment(offline_dir), before);
    const std::string said = victim.read_all();
    EXPECT_EQ(victim.wait(), 0) << said;
    EXPECT_EQ(sink_.entries().size(), arrived + 1) << said;
    return said;
  }
  std::vector<std::string> environment(const std::string& offline_dir) const {
    return {"PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LOGS_SDK_ENDPOINT=" + sink_.url(), "LOGS_SDK_API_KEY=clog_pk_hush",
            "LOGS_SDK_API_SECRET=clog_sk_hush",   "LOGS_SDK_PROJECT_SLUG=test",       "LOGS_SDK_FLUSH_INTERVAL=0.05",
            "LOGS_SDK_OFFLINE_DIR=" + offline_dir};
  }
  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  }
  // From memory, with one message that names the folder and the reason.
  static void expect_memory(const std::string& said, const std::string& path, const std::string& reason) {
    EXPECT_THAT(said, HasSubstr("spooled 0, in memory 1"));
    EXPECT_EQ(count(said, path), 1u) << said;
    EXPECT_THAT(said, HasSubstr(reason));
    EXPECT_THAT(said, Not(HasSubstr("hush")));
  }
  // From a folder beside the one that was named, with one message that says why.
  static void expect_replaced(const std::string& said, const std::string& parent, const std::string& reason) {
    const std::string ours = parent + "-" + std::to_string(geteuid());
    EXPECT_THAT(said, HasSubstr("spooled 1, in memory 0"));
    EXPECT_EQ(count(said, reason), 1u) << said;
    EXPECT_EQ(count(said, "using " + ours), 1u) << said;
    EXPECT_TRUE(fs::is_directory(own(ours)));
  }
  static std::string own(const std::string& parent, uid_t user = geteuid()) {
    return parent + "/" + std::to_string(user);
  }
  // A folder that belongs to somebody else. Only root can give one away.
  std::string foreign_folder(mode_t rights) {
    const std::string path = folder_.file("foreign");
    fs::create_directory(path);
    EXPECT_EQ(chown(path.c_str(), kNobody, kNobody), 0);
    EXPECT_EQ(chmod(path.c_str(), rights), 0);
    return path;
  }

  TemporaryFolder folder_;
  PlatformSink sink_;
};

TEST_F(FolderTest, a_good_folder_is_used_without_a_word) {
  EXPECT_EQ(ship_one(folder_.file("spool")), "spooled 1, in memory 0\n");
  EXPECT_TRUE(fs::is_directory(own(folder_.file("spool"))));
}

TEST_F(FolderTest, a_file_in_its_place) {
  replace_file(folder_.file("file"), "not ours");
  expect_memory(ship_one(folder_.file("file")), folder_.file("file"), "it is not a folder");
  EXPECT_EQ(file_bytes(folder_.file("file")), "not ours");
}

TEST_F(FolderTest, a_link_in_its_place_is_not_followed) {
  fs::create_directory(folder_.file("elsewhere"));
  fs::create_directory_symlink(folder_.file("elsewhere"), folder_.file("link"));
  expect_memory(ship_one(folder_.file("link")), folder_.file("link"), "it is a link");
  EXPECT_TRUE(fs::is_empty(folder_.file("elsewhere")));
}

TEST_F(FolderTest, a_link_that_leads_nowhere) {
  fs::create_symlink(folder_.file("nothing"), folder_.file("link"));
  expect_memory(ship_one(folder_.file("link")), folder_.file("link"), "it is a link");
  EXPECT_FALSE(fs::exists(folder_.file("nothing")));
}

TEST_F(FolderTest, a_folder_whose_parent_is_missing) {
  expect_memory(ship_one(folder_.file("no/such")), folder_.file("no/such"), "No such file or directory");
}

TEST_F(FolderTest, a_folder_of_somebody_else_sticky_or_not_is_replaced_by_one_of_our_own) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can give a folder away";
  const std::string parent = foreign_folder(0777);
  for (const mode_t rights : {0777u, 01777u}) {
    ASSERT_EQ(chmod(parent.c_str(), rights), 0);
    expect_replaced(ship_one(parent), parent, "it belongs to user 65534, who may remove what others keep in it");
    EXPECT_TRUE(fs::is_empty(parent));
  }
}

TEST_F(FolderTest, our_own_level_that_somebody_else_has_made_up_is_replaced_by_one_of_our_own) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can give a folder away";
  const std::string parent = folder_.file("spool");
  fs::create_directories(own(parent));
  ASSERT_EQ(chown(own(parent).c_str(), kNobody, kNobody), 0);
  expect_replaced(ship_one(parent), parent, own(parent) + ": it belongs to user 65534");
}

TEST_F(FolderTest, when_our_own_place_is_taken_as_well_entries_are_kept_in_memory) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can give a folder away";
  const std::string parent = foreign_folder(01777);
  const std::string ours = parent + "-" + std::to_string(geteuid());
  fs::create_directory(ours);
  ASSERT_EQ(chown(ours.c_str(), kNobody, kNobody), 0);
  expect_memory(ship_one(parent), ours + ": it belongs", parent + ": it belongs to user 65534");
}

// As an earlier version left them, which kept its spool in a sticky folder of anybody.
TEST_F(FolderTest, entries_of_a_killed_process_are_shipped_although_the_folder_has_another_owner_since) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can give a folder away";
  const std::string parent = folder_.file("foreign");
  sink_.set_down(true);
  {
    VictimProcess victim({"pending", "20"}, environment(parent));
    ASSERT_EQ(victim.read_line(), "ready");
    victim.kill_now();
  }
  sink_.set_down(false);
  ASSERT_EQ(chown(parent.c_str(), kNobody, kNobody), 0);
  VictimProcess next({"pending", "1"}, environment(parent));
  std::string said;
  while (said.find("ready") == std::string::npos) said += next.read_line();
  EXPECT_THAT(said, HasSubstr("using " + parent + "-"));
  EXPECT_EQ(sink_.await_entries(21).size(), 21u);
}

TEST_F(FolderTest, a_folder_that_we_may_not_write_to) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can become somebody else";
  const std::string parent = folder_.file("spool");
  fs::create_directory(parent);
  ASSERT_EQ(chown(parent.c_str(), kNobody, kNobody), 0);
  fs::permissions(parent, fs::perms(0555));
  const std::string said = ship_one(parent, {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
  expect_memory(said, own(parent, kNobody), "Permission denied");
}

TEST_F(FolderTest, a_read_only_file_system) {
  if (geteuid() != 0) GTEST_SKIP() << "not run: only root can mount";
  const std::string mount = folder_.file("mount");
  fs::create_directory(mount);
  const std::string script = "mount -t tmpfs -o ro none " + mount + " && exec \"$@\"";
  const std::string said = ship_one(mount, {"unshare", "--mount", "sh", "-c", script, "sh"});
  expect_memory(said, own(mount), "Read-only file system");
}

TEST_F(FolderTest, a_relative_folder_stays_where_it_was_when_the_application_changes_its_own) {
  const fs::path before = fs::current_path();
  fs::create_directory(folder_.file("then"));
  fs::current_path(folder_.path());
  VictimProcess victim({"chdir", folder_.file("then")}, environment("spool"));
  fs::current_path(before);
  EXPECT_EQ(victim.read_all(), "spooled 1, in memory 0\n");
  EXPECT_EQ(victim.wait(), 0);
  EXPECT_TRUE(fs::is_directory(own(folder_.file("spool"))));
  EXPECT_TRUE(fs::is_empty(folder_.file("then")));
}

}  // namespace
}  // namespace logs_sdk
