// What an adapter may see of an exchange or not, depending on its framework: one row each in docs/adapters.md. A case
// of the suite says what an entry holds when it is seen and when it is not, so that neither claim can be wrong.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_SIGHT_H_
#define LOGS_SDK_TESTS_CONFORMANCE_SIGHT_H_

#include <string_view>
#include <vector>

namespace logs_sdk::conformance {

enum class Sight {
  kRawTarget,
  kHeaderOrder,
  kRawHeaderValues,
  kEncodedRequestSize,
  kMultipartBody,
  kStreamedBody,
  kFileBody,
  kExceptionMidway,
  kMalformedRequest,
  kOversizedHead,
  kOversizedBody,
  kSecondPipelinedRequest,
  kUpgrade,
  kAbortedRequest,
  kAbortedStream,
  kAbortedResponse,
  kClientPort,
  kTls,
  kRequestBodyTime,
  kHandlerTime,
  kFirstByteTime,
  kResponseTime,
};

std::vector<Sight> all_sights();

// As the page says it: "the port of the peer".
std::string_view text_of(Sight sight);

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_SIGHT_H_
