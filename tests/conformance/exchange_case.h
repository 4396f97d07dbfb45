// The cases of the conformance suite: what a client says, and what the entries must say then.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_EXCHANGE_CASE_H_
#define LOGS_SDK_TESTS_CONFORMANCE_EXCHANGE_CASE_H_

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/conversation.h"
#include "tests/conformance/sight.h"

namespace logs_sdk::conformance {

// What an entry holds: fields by name; headers within request_headers or response_headers, where null means that the
// name is not there; `contains` and `lacks`: lists of parts of a field's text.
struct Expectation {
  nlohmann::json fields = nlohmann::json::object();
  nlohmann::json request_headers = nlohmann::json::object();
  nlohmann::json response_headers = nlohmann::json::object();
  nlohmann::json contains = nlohmann::json::object();
  nlohmann::json lacks = nlohmann::json::object();
};

// In place of a field's value: what the client's side of the connection shows. Without TLS the latter two are "".
inline constexpr char kScheme[] = "<scheme>";
inline constexpr char kClientPort[] = "<client port>";
inline constexpr char kTlsVersion[] = "<tls version>";
inline constexpr char kTlsCipher[] = "<tls cipher>";

// What it holds where the adapter sees this, and where it does not.
struct Sighting {
  Sight sight;
  Expectation seen;
  Expectation unseen;
};

struct ExpectedEntry {
  Expectation always;
  std::vector<Sighting> sightings = {};
  std::optional<Sight> only_if = {};  // without it there is no entry
};

struct ExchangeCase {
  std::string name;
  Conversation conversation;
  std::vector<ExpectedEntry> entries;
  int window_bytes = 0;  // of the client's socket; 0: what the kernel likes
  // For what lies between entries.
  std::function<void(const std::vector<nlohmann::json>&)> also = {};
};

// The limit of recorded bodies in the suite's configuration, and the file that the applications serve: so many 'f'.
inline constexpr std::size_t kMaxBodyBytes = 64;
inline constexpr std::size_t kSampleFileBytes = 100'000;

// In the order of the files that hold them.
const std::vector<ExchangeCase>& exchange_cases();
std::vector<ExchangeCase> message_cases();      // what stands in a request and a response
std::vector<ExchangeCase> connection_cases();   // several exchanges, upgrades, clients that leave
std::vector<ExchangeCase> failure_cases();      // exceptions, and requests that are refused
std::vector<ExchangeCase> application_cases();  // what a handler tells of its exchange

// -- For their authors
// Requests that end their connection.
std::string get(const std::string& target, const std::string& headers = "");
std::string post(const std::string& target, const std::string& type, const std::string& body,
                 const std::string& headers = "");
// The tags of a stream, of which the client came itself: who ended it, "server", "client" or "handler".
nlohmann::json ended_by(const std::string& who);
// A request after which the connection goes on.
std::string keep_alive_get(const std::string& target);

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_EXCHANGE_CASE_H_
