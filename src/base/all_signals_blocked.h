// AllSignalsBlocked: signals belong to the application's threads: a thread started while this stands takes none of
// them.
#ifndef LOGS_SDK_BASE_ALL_SIGNALS_BLOCKED_H_
#define LOGS_SDK_BASE_ALL_SIGNALS_BLOCKED_H_

#include <pthread.h>
#include <signal.h>

namespace logs_sdk::inline v1 {

class AllSignalsBlocked {
 public:
  AllSignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_ALL_SIGNALS_BLOCKED_H_
