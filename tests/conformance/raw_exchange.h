// One conversation with a server, byte for byte: no HTTP library stands between the test and the wire.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_RAW_EXCHANGE_H_
#define LOGS_SDK_TESTS_CONFORMANCE_RAW_EXCHANGE_H_

#include <cstdint>
#include <string>

#include "tests/conformance/exchange_case.h"

namespace logs_sdk::conformance {

// Connects, sends everything, reads as the case says, and returns what came. Throws std::runtime_error when the server
// is silent for 20 s.
std::string converse(std::uint16_t port, const ExchangeCase& exchange);

// `answer` with the values of Date fields blanked.
std::string without_dates(std::string answer);

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_RAW_EXCHANGE_H_
