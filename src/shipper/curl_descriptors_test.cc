#include "src/shipper/curl_descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace logs_sdk::inline v1 {
namespace {

using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;

std::set<int> inherited() {
  std::set<int> found;
  for (int fd = 0; fd < 256; ++fd) {
    const int flags = fcntl(fd, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) found.insert(fd);
  }
  return found;
}

class CurlDescriptorsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(curl_global_init(CURL_GLOBAL_DEFAULT), CURLE_OK); }
  ~CurlDescriptorsTest() override {
    for (const int fd : open_) close(fd);
  }
  // As an application may have them for a program that it is about to start: with something waiting in them.
  void make_pairs_of_the_application(const std::string& waiting) {
    std::array<int, 2> sockets{}, pipe_ends{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets.data()), 0);
    ASSERT_EQ(pipe(pipe_ends.data()), 0);
    open_.insert(open_.end(), {sockets[0], sockets[1], pipe_ends[0], pipe_ends[1]});
    ASSERT_EQ(write(sockets[0], waiting.data(), waiting.size()), static_cast<ssize_t>(waiting.size()));
    ASSERT_EQ(write(pipe_ends[1], waiting.data(), waiting.size()), static_cast<ssize_t>(waiting.size()));
  }
  void close_one(std::size_t index) {
    close(open_[index]);
    open_.erase(open_.begin() + static_cast<long>(index));
  }

  std::vector<int> open_;
};

TEST_F(CurlDescriptorsTest, a_multi_handle_adds_nothing_that_is_inherited) {
  const std::set<int> before = inherited();
  const Multi multi(make_multi(), &curl_multi_cleanup);
  ASSERT_NE(multi, nullptr);
  EXPECT_EQ(inherited(), before);
}

TEST_F(CurlDescriptorsTest, what_the_application_has_open_is_inherited_as_before) {
  for (const std::size_t waiting : {0u, 1u, 16u, 29u}) make_pairs_of_the_application(std::string(waiting, '\1'));
  close_one(6);  // the handle's own pair lies among them
  close_one(2);
  const std::set<int> before = inherited();
  const Multi multi(make_multi(), &curl_multi_cleanup);
  EXPECT_EQ(inherited(), before);
}

}  // namespace
}  // namespace logs_sdk::inline v1
