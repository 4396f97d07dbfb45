// What the conformance suite needs of an adapter: the sample application in that framework, with us and without us.
//
// The sample application answers the same in every framework:
//
//   GET  /hello                200, text/plain, "hello"
//   POST /echo                 200, the body it was sent, with the Content-Type it was sent
//   GET  /headers              200, two headers X-Out: "one" and "two"
//   GET  /throw/std            throws std::runtime_error("broken\r\npart")
//   GET  /throw/other          throws the int 42
//   GET  /throw/late           sets the status 202 and the body "half an answer", then throws std::logic_error("late")
//   GET  /stream               200, text/plain, "first,second,third" in three chunks
//   GET  /endless              200, text/plain, chunks of 64 KiB until the client is gone
//   anything else              whatever the framework answers to an unknown path
#ifndef LOGS_SDK_TESTS_CONFORMANCE_ADAPTER_UNDER_TEST_H_
#define LOGS_SDK_TESTS_CONFORMANCE_ADAPTER_UNDER_TEST_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "logs_sdk/logs_sdk.h"

namespace logs_sdk::conformance {

// A running sample application; destroyed, it has stopped and its requests have ended.
class Application {
 public:
  virtual ~Application() = default;
  virtual std::uint16_t port() const = 0;  // on 127.0.0.1
};

struct AdapterUnderTest {
  std::string name;
  // Starts the application on a port that the kernel chose. `logs` is null: without us, the framework alone.
  std::function<std::unique_ptr<Application>(LogSDK* logs)> start;
  // What the framework does not show, as docs/adapters.md says.
  bool shows_malformed_requests = true;  // a request line that it cannot read makes an entry as well
};

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_ADAPTER_UNDER_TEST_H_
