// What an adapter may see of an exchange or not, depending on its framework: one row each in docs/adapters.md. A case
// of the suite says what an entry holds when it is seen and when it is not, so that neither claim can be wrong.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_SIGHT_H_
#define LOGS_SDK_TESTS_CONFORMANCE_SIGHT_H_

#include <string_view>
#include <vector>

namespace logs_sdk::conformance {

enum class Sight {
  kRawTarget,               // path and query as received, undecoded
  kHeaderOrder,             // the order of different request headers
  kRawHeaderValues,         // header values as received
  kEncodedRequestSize,      // the size of a compressed request body as it was sent
  kStreamedBody,            // the bytes of a chunked response
  kFileBody,                // the bytes of a file that is the response
  kBodyOfException,         // the answer that the client receives when the handler threw
  kExceptionMidway,         // an exception while the response is being written
  kMalformedRequest,        // a request that cannot be read
  kOversizedHead,           // a request whose head is over the framework's limit
  kOversizedBody,           // a request whose body is over the framework's limit
  kSecondPipelinedRequest,  // a request that was sent before the first was answered
  kUpgrade,                 // an upgrade of the connection
  kAbortedRequest,          // a client that leaves in the middle of its body
  kAbortedStream,           // a client that leaves in the middle of a chunked response
  kAbortedResponse,         // a client that leaves in the middle of a response with length
  kClientPort,              // the port of the peer
  kTls,                     // version and cipher
  kRequestBodyTime,         // latency_breakdown: request_body_us
  kHandlerTime,             // latency_breakdown: handler_us
  kFirstByteTime,           // latency_breakdown: first_byte_us
  kResponseTime,            // latency_breakdown: response_us
};

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_SIGHT_H_
