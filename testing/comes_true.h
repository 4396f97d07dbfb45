// comes_true(): for what a thread of the library does by itself, which no test can step.
#ifndef LOGS_SDK_TESTING_COMES_TRUE_H_
#define LOGS_SDK_TESTING_COMES_TRUE_H_

#include <chrono>
#include <thread>

#include "testing/platform_sink.h"

namespace logs_sdk::inline v1 {

// Whether `condition` comes to hold; waited for far beyond what it needs.
template <typename Condition>
bool comes_true(const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + PlatformSink::kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_COMES_TRUE_H_
