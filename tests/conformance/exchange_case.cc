#include "tests/conformance/exchange_case.h"

#include <iterator>

namespace logs_sdk::conformance {
namespace {

constexpr char kHost[] = "Host: app.example:8080\r\n";
constexpr char kLast[] = "Connection: close\r\n\r\n";

}  // namespace

std::string get(const std::string& target, const std::string& headers) {
  return "GET " + target + " HTTP/1.1\r\n" + kHost + headers + kLast;
}

std::string post(const std::string& target, const std::string& type, const std::string& body,
                 const std::string& headers) {
  return "POST " + target + " HTTP/1.1\r\n" + kHost + headers + "Content-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + kLast + body;
}

nlohmann::json ended_by(const std::string& who) { return {{"ip_rule", "peer"}, {"stream_ended_by", who}}; }

std::string keep_alive_get(const std::string& target) { return "GET " + target + " HTTP/1.1\r\n" + kHost + "\r\n"; }

const std::vector<ExchangeCase>& exchange_cases() {
  static const std::vector<ExchangeCase> all = [] {
    std::vector<ExchangeCase> cases;
    for (auto part : {message_cases(), connection_cases(), failure_cases(), application_cases()}) {
      std::move(part.begin(), part.end(), std::back_inserter(cases));
    }
    return cases;
  }();
  return all;
}

}  // namespace logs_sdk::conformance
