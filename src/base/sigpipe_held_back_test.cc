#include "src/base/sigpipe_held_back.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace logs_sdk {
namespace {

bool sigpipe_is(int (*of)(sigset_t*)) {
  sigset_t set;
  of(&set);
  return sigismember(&set, SIGPIPE) == 1;
}
int blocked(sigset_t* set) { return pthread_sigmask(SIG_BLOCK, nullptr, set); }

class SigpipeHeldBackTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(pipe(ends_), 0);
    close(ends_[0]);
  }
  void TearDown() override { close(ends_[1]); }
  ssize_t write_to_closed_pipe() const { return write(ends_[1], "x", 1); }

 private:
  int ends_[2];
};

TEST_F(SigpipeHeldBackTest, a_write_to_a_closed_pipe_is_an_error_that_ends_nothing) {
  {
    const SigpipeHeldBack held;
    EXPECT_EQ(write_to_closed_pipe(), -1);
    EXPECT_EQ(errno, EPIPE);
  }
  EXPECT_EQ(errno, EPIPE) << "errno is left alone";
  EXPECT_FALSE(sigpipe_is(blocked));
  EXPECT_FALSE(sigpipe_is(sigpending));
}

TEST_F(SigpipeHeldBackTest, a_signal_that_waited_before_waits_afterwards) {
  sigset_t pipe_signal, before;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  write_to_closed_pipe();
  {
    const SigpipeHeldBack held;
    write_to_closed_pipe();
  }
  EXPECT_TRUE(sigpipe_is(sigpending));
  const timespec at_once{};
  EXPECT_EQ(sigtimedwait(&pipe_signal, nullptr, &at_once), SIGPIPE);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace
}  // namespace logs_sdk
