#include "server/command/folder_exposure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class FolderExposureTest : public testing::Test {
 protected:
  FolderExposureTest() {
    make_folder(above_, 0700);
    make_folder(data_, 0700);
    for (const char* name : {"store.db", "meta.db"}) {
      std::ofstream(data_ + "/" + name);
      set_mode(data_ + "/" + name, 0600);
    }
    // Those of the machine are the same in every test, and not ours to know.
    ignored_ = folder_exposure(data_);
  }
  static void set_mode(const std::string& path, mode_t mode) { ASSERT_EQ(::chmod(path.c_str(), mode), 0); }
  static void make_folder(const std::string& path, mode_t mode) {
    ASSERT_EQ(::mkdir(path.c_str(), 0700), 0);
    set_mode(path, mode);
  }
  std::vector<std::string> told(uid_t self = ::geteuid()) {
    std::vector<std::string> found = folder_exposure(data_, self);
    std::erase_if(found, [this](const std::string& each) { return testing::Value(ignored_, testing::Contains(each)); });
    return found;
  }

  logs_sdk::TemporaryFolder folder_;
  const std::string above_ = std::filesystem::canonical(folder_.path()).string() + "/above";
  const std::string data_ = above_ + "/data";
  std::vector<std::string> ignored_;
};

TEST_F(FolderExposureTest, what_its_owner_has_alone_is_not_told_of) {
  for (const std::string& each : ignored_) EXPECT_THAT(each, Not(HasSubstr("above"))) << each;
  EXPECT_THAT(folder_exposure(data_ + "/missing"), IsEmpty());
  EXPECT_THAT(folder_exposure(data_ + "/store.db"), IsEmpty());
}

TEST_F(FolderExposureTest, rights_of_others_to_the_folder_are_named_with_what_mends_them) {
  for (const auto& [mode, expected] : std::vector<std::pair<mode_t, const char*>>{
           {0777, ": others may write into it, its mode is 0777; chmod 700 it"},
           {01777, ": others may write into it, its mode is 1777; chmod 700 it"},
           {0720, ": others may write into it, its mode is 0720; chmod 700 it"},
           {0755, ": others may look into it, its mode is 0755; chmod 700 it"},
           {0710, ": others may look into it, its mode is 0710; chmod 700 it"}}) {
    set_mode(data_, mode);
    EXPECT_THAT(told(), ElementsAre(data_ + expected));
  }
}

TEST_F(FolderExposureTest, rights_to_files_are_told_when_the_folder_lets_others_through) {
  set_mode(data_ + "/store.db", 0644);
  set_mode(data_ + "/meta.db", 0660);
  EXPECT_THAT(told(), IsEmpty());
  set_mode(data_, 0711);
  EXPECT_THAT(told(), ElementsAre(StartsWith(data_ + ": others may look into it"),
                                  data_ + "/store.db: others may read it, its mode is 0644; chmod 600 it",
                                  data_ + "/meta.db: others may write into it, its mode is 0660; chmod 600 it"));
}

TEST_F(FolderExposureTest, a_folder_above_that_everybody_may_write_into_is_told_unless_it_is_sticky) {
  set_mode(above_, 0777);
  EXPECT_THAT(told(), ElementsAre(above_ + ": everybody may put another folder into the place of the data folder, its "
                                           "mode is 0777; chmod o-w it"));
  set_mode(above_, 01777);
  EXPECT_THAT(told(), IsEmpty());
  set_mode(above_, 0775);  // of a group that was given it
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(FolderExposureTest, another_owner_is_told_of_wherever_he_is) {
  uid_t self = ::geteuid() + 1;
  if (::geteuid() == 0) {  // root's folders are nobody else's; this one has to be somebody's
    self = 0;
    for (const std::string& path : {above_, data_}) ASSERT_EQ(::chown(path.c_str(), 4711, static_cast<gid_t>(-1)), 0);
  }
  const std::string owner = std::to_string(::geteuid() == 0 ? 4711 : ::geteuid());
  const std::vector<std::string> found = told(self);
  EXPECT_THAT(found, testing::Contains(data_ + ": belongs to user " + owner +
                                       ", who can read and change what is kept there; chown it"));
  EXPECT_THAT(found, testing::Contains(above_ + ": belongs to user " + owner +
                                       ", who can put another folder into the place of the data folder"));
}

TEST_F(FolderExposureTest, a_relative_path_and_a_link_are_followed) {
  set_mode(above_, 0777);
  const std::string link = folder_.path() + "/link";
  std::filesystem::create_directory_symlink(data_, link);
  EXPECT_THAT(folder_exposure(link), testing::Contains(StartsWith(above_ + ": everybody may")));
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(above_);
  EXPECT_THAT(folder_exposure("data"), testing::Contains(StartsWith(above_ + ": everybody may")));
  EXPECT_THAT(folder_exposure("data/"), testing::Contains(StartsWith(above_ + ": everybody may")));
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace logs_server
