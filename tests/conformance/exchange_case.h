// The cases of the conformance suite: what a client sends, and what the entries must say.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_EXCHANGE_CASE_H_
#define LOGS_SDK_TESTS_CONFORMANCE_EXCHANGE_CASE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace logs_sdk::conformance {

// How the client ends: it reads until the server closes, or leaves without a word (RST) after reading so many bytes.
enum class Leaving { kWhenServerCloses, kAtOnce };

// What an entry must hold: fields by name. `headers` are looked for within request_headers or response_headers; a value
// of null means that the name must not be there. `contains` are parts of the field's text.
struct ExpectedEntry {
  nlohmann::json fields = nlohmann::json::object();
  nlohmann::json request_headers = nlohmann::json::object();
  nlohmann::json response_headers = nlohmann::json::object();
  nlohmann::json contains = nlohmann::json::object();
};

struct ExchangeCase {
  std::string name;
  std::string sent;  // every byte of the client up to the first answer
  std::vector<ExpectedEntry> entries;
  Leaving leaving = Leaving::kWhenServerCloses;
  std::size_t read_before_leaving = 0;
  std::string sent_after_answer = {};  // on the same connection
  bool malformed = false;
};

// The limit of bodies in the suite's configuration.
inline constexpr std::size_t kMaxBodyBytes = 64;

const std::vector<ExchangeCase>& exchange_cases();

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_EXCHANGE_CASE_H_
