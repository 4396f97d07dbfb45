// Script: what the handler of the sample application does with the next request, in place of its own routes.
//
// Thread-safety: set() between requests, now() from whichever thread serves one.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_SCRIPT_H_
#define LOGS_SDK_TESTS_CONFORMANCE_SCRIPT_H_

#include <atomic>

#include "testing/golden_exchange.h"

namespace logs_sdk::conformance {

class Script {
 public:
  // `handler` outlives what is served until the next call.
  void set(const golden::Handler& handler) { now_.store(&handler); }
  const golden::Handler& now() const { return *now_.load(); }

 private:
  std::atomic<const golden::Handler*> now_{nullptr};
};

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_SCRIPT_H_
