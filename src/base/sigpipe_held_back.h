// SigpipeHeldBack: while it stands, a write of this thread to a closed pipe or socket is an error (EPIPE) and nothing
// else. The application's handling of SIGPIPE, by default its end, is neither met nor changed.
#ifndef LOGS_SDK_BASE_SIGPIPE_HELD_BACK_H_
#define LOGS_SDK_BASE_SIGPIPE_HELD_BACK_H_

#include <pthread.h>
#include <signal.h>

#include <cerrno>
#include <ctime>

namespace logs_sdk::inline v1 {

class SigpipeHeldBack {
 public:
  SigpipeHeldBack() noexcept {
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE) == 1) return;  // blocked already, and not ours to take away
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    ours_ = pthread_sigmask(SIG_BLOCK, &pipe_signal, &before_) == 0;
  }
  ~SigpipeHeldBack() {
    if (!ours_) return;
    const int saved_errno = errno;
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    const timespec at_once{};
    while (sigtimedwait(&pipe_signal, nullptr, &at_once) < 0 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = saved_errno;
  }
  SigpipeHeldBack(const SigpipeHeldBack&) = delete;
  SigpipeHeldBack& operator=(const SigpipeHeldBack&) = delete;

 private:
  bool ours_ = false;
  sigset_t before_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_SIGPIPE_HELD_BACK_H_
