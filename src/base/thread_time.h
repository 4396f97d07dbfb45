// thread_time(): how long the calling thread has run on a processor. What others run meanwhile is not in it, so that
// on a busy machine nobody is charged for them.
//
// Thread-safety: every call from any thread; two values of one thread can be compared.
#ifndef LOGS_SDK_BASE_THREAD_TIME_H_
#define LOGS_SDK_BASE_THREAD_TIME_H_

#include <time.h>

#include <chrono>
#include <functional>

namespace logs_sdk::inline v1 {

using ThreadTime = std::function<std::chrono::nanoseconds()>;

inline std::chrono::nanoseconds thread_time() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_THREAD_TIME_H_
