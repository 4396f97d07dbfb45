#include "src/base/file_system.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "src/base/mapped_file.h"
#include "testing/file_bytes.h"
#include "testing/temporary_folder.h"

namespace logs_sdk::inline v1 {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class FileSystemTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  FileDescriptor directory_ = open_directory(AT_FDCWD, folder_.path()).value();
};

TEST_F(FileSystemTest, what_is_written_is_read_and_a_short_file_says_so) {
  const auto file = open_file(directory_.get(), "file", O_RDWR | O_CREAT);
  ASSERT_TRUE(write_at(file.value().get(), "hello", 5, 3).ok());
  char bytes[16] = {};
  EXPECT_EQ(read_at(file.value().get(), bytes, sizeof bytes, 3).value(), 5u);
  EXPECT_STREQ(bytes, "hello");
  EXPECT_EQ(file_size(file.value().get()).value(), 8u);
}

TEST_F(FileSystemTest, links_and_what_is_no_regular_file_are_refused) {
  replace_file(folder_.file("target"), "x");
  fs::create_symlink(folder_.file("target"), folder_.file("link"));
  fs::create_directory_symlink(folder_.path(), folder_.file("folder"));
  ASSERT_EQ(mkfifo(folder_.file("fifo").c_str(), 0600), 0);
  EXPECT_FALSE(open_file(directory_.get(), "link", O_RDONLY).ok());
  EXPECT_FALSE(open_directory(directory_.get(), "folder").ok());
  EXPECT_THAT(open_file(directory_.get(), "fifo", O_RDONLY).status().message(), HasSubstr("regular"));
  EXPECT_EQ(open_file(directory_.get(), "none", O_RDONLY).status().code(), Code::kGiveUp);
}

TEST_F(FileSystemTest, a_file_over_the_size_limit_is_an_error_and_no_signal) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small = {65536, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto file = open_file(directory_.get(), "file", O_RDWR | O_CREAT);
  const Status status = allocate_zeros(file.value().get(), 1 << 20);
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(status.code(), Code::kConfiguration);
  EXPECT_THAT(status.message(), HasSubstr("RLIMIT_FSIZE"));
}

TEST_F(FileSystemTest, a_listing_is_sorted_and_bounded) {
  for (const char* name : {"b", "a", "c"}) replace_file(folder_.file(name), "");
  EXPECT_THAT(list_directory(directory_.get(), 10).value(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(list_directory(directory_.get(), 2).value(), SizeIs(2));
}

TEST_F(FileSystemTest, what_is_stored_in_a_mapping_stands_in_the_file) {
  const auto file = open_file(directory_.get(), "file", O_RDWR | O_CREAT);
  ASSERT_TRUE(allocate_zeros(file.value().get(), 8192).ok());
  auto mapping = MappedFile::map(file.value().get(), 8192);
  ASSERT_TRUE(mapping.ok()) << mapping.status().message();
  mapping.value().data()[5000] = std::byte{'x'};
  mapping.value().populate(4000, 1 << 20);
  EXPECT_EQ(file_bytes(folder_.file("file"))[5000], 'x');
}

}  // namespace
}  // namespace logs_sdk::inline v1
