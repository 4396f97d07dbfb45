// One conversation of a client with a server, step by step and byte for byte.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_CONVERSATION_H_
#define LOGS_SDK_TESTS_CONFORMANCE_CONVERSATION_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "testing/raw_wire.h"

namespace logs_sdk::conformance {

struct Send {
  std::string bytes;
};
struct ReadAnswer {};  // a head, and the body whose length it tells
struct ReadBytes {
  std::size_t size;
};
struct ReadToEnd {};    // until the server closes
struct ReadSlowly {};   // the same, in small pieces
struct StopSending {};  // FIN; reading goes on
struct Reset {};        // the connection ends by RST
// The connection ends by FIN after the last step.
using Conversation = std::vector<std::variant<Send, ReadAnswer, ReadBytes, ReadToEnd, ReadSlowly, StopSending, Reset>>;

// Sends all and reads until the server closes.
inline Conversation ask(std::string bytes) { return {Send{std::move(bytes)}, ReadToEnd{}}; }

// The same for what leaves the connection open: the client ends it, once it has the answer.
inline Conversation ask_last(std::string bytes) {
  return {Send{std::move(bytes)}, ReadAnswer{}, StopSending{}, ReadToEnd{}};
}

// Says it all over `wire` and returns what came.
std::string converse(std::unique_ptr<RawWire> wire, const Conversation& conversation);

// `answer` with the values of Date fields blanked.
std::string without_dates(std::string answer);

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_CONVERSATION_H_
