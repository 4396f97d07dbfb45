// What the conformance suite needs of an adapter: the sample application in that framework, with us and without us, and
// what the adapter does not see.
//
// The sample application answers the same in every framework; wherever a framework has its own way (chunks, files,
// 100 Continue, limits), the application uses that way:
//
//   GET  /hello                200, text/plain, "hello"
//   HEAD /hello                200, the head of the above
//   POST /echo                 200, the body it was sent, with the Content-Type it was sent; `Expect: 100-continue` is
//                              answered by 100 before the body is read
//   GET  /headers              200, two headers X-Out: "one" and "two"
//   GET  /cookies              200, two headers Set-Cookie: "a=1; Path=/" and "b=2; HttpOnly"
//   GET  /mine                 200, text/plain, "mine"; tells its exchange: user "ada", session "visit-1", tag
//                              colour=red, business error "sold out"
//   GET  /log                  200, text/plain, "logged"; makes the manual entry info("within", {{"step", 2}})
//   GET  /throw/std            throws std::runtime_error("broken\r\npart")
//   GET  /throw/other          throws the int 42
//   GET  /throw/late           sets the status 202 and the body "half an answer", then throws std::logic_error("late")
//   GET  /throw/midway         200, text/plain, chunked: "first,", then what writes the body throws
//                              std::runtime_error("midway")
//   GET  /stream               200, text/plain, "first,second,third" in three chunks
//   GET  /endless              200, text/plain, chunks of 64 KiB until the client is gone
//   GET  /large                200, text/plain, kLargeBytes times 'l', with its length
//   GET  /files/sample.txt     200, the file of that name in Surroundings::files_folder
//   GET  /upgrade              101, "Connection: Upgrade", "Upgrade: echo"; from then on every byte comes back as it
//                              was sent, until the client ends
//   anything else              whatever the framework (or an application of it) answers to an unknown path, to a method
//                              that a path does not have, to a request that it cannot read
//
// With Surroundings::script, every request is answered as the script says instead: the handler tells its exchange what
// it knows, then throws, or answers with that status, these headers, and a body with its length or, if it has several
// parts, in chunks.
//
// A request body of more than kMaxRequestBody bytes and a head of more than 8 KiB are refused, by the framework's own
// means and with its own answer.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_ADAPTER_UNDER_TEST_H_
#define LOGS_SDK_TESTS_CONFORMANCE_ADAPTER_UNDER_TEST_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "logs_sdk/logs_sdk.h"
#include "tests/conformance/script.h"
#include "tests/conformance/sight.h"

namespace logs_sdk::conformance {

inline constexpr std::size_t kLargeBytes = 8 << 20;  // more than the sockets between client and server hold
inline constexpr std::size_t kMaxRequestBody = 16 << 10;

// What one sample application is started with.
struct Surroundings {
  LogSDK* logs = nullptr;  // null: without us, the framework alone
  // Files in PEM; both empty: plain http. Their certificate is for "localhost" and 127.0.0.1.
  std::string certificate_file = {};
  std::string key_file = {};
  std::string files_folder = {};   // holds sample.txt
  const Script* script = nullptr;  // null: the routes above
};

// A running sample application; destroyed, it has stopped and its requests have ended.
class Application {
 public:
  virtual ~Application() = default;
  virtual std::uint16_t port() const = 0;  // on 127.0.0.1
};

// A row of docs/adapters.md that a test of this adapter alone asserts.
struct OwnRow {
  std::string what;
  std::string how;
  std::string test;  // "Suite.name" of a test in the same program
};

// The adapter as docs/adapters.md shows it. What is not listed in `unseen` is seen; either way a case asserts it.
struct AdapterDescription {
  std::string title;                                // "cpp-httplib"
  std::string prose;                                // Markdown: how to use it, what to know
  std::map<Sight, std::string> unseen = {};         // with the reason
  std::map<Sight, std::string> remarks = {};        // to what is seen
  std::map<std::string, std::string> not_run = {};  // by a case's name: why the framework cannot do it
  std::vector<OwnRow> rows = {};
};

inline void PrintTo(const AdapterDescription& adapter, std::ostream* out) { *out << adapter.title; }

// One form of an adapter: the same description may have several.
struct AdapterUnderTest {
  std::string name;  // of the form, an identifier
  AdapterDescription description;
  // Starts the application on a port that the kernel chose.
  std::function<std::unique_ptr<Application>(const Surroundings&)> start;
};

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_ADAPTER_UNDER_TEST_H_
