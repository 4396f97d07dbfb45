#include "tests/conformance/sight.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace logs_sdk::conformance {
namespace {

struct Row {
  Sight sight;
  std::string_view text;
};

constexpr Row kRows[] = {
    {Sight::kRawTarget, "path and query as received, undecoded"},
    {Sight::kHeaderOrder, "the order of different request headers"},
    {Sight::kRawHeaderValues, "values of request headers as received"},
    {Sight::kEncodedRequestSize, "the size of a compressed request body as it was sent"},
    {Sight::kMultipartBody, "the parts of a multipart form"},
    {Sight::kStreamedBody, "the bytes of a chunked response"},
    {Sight::kFileBody, "the bytes of a file that is the response"},
    {Sight::kExceptionMidway, "an exception while the response is being written"},
    {Sight::kMalformedRequest, "a request that cannot be read"},
    {Sight::kOversizedHead, "a request whose head is over the framework's limit"},
    {Sight::kOversizedBody, "a request whose body is over the framework's limit"},
    {Sight::kSecondPipelinedRequest, "a request sent before the one in front of it was answered"},
    {Sight::kUpgrade, "a connection that is upgraded"},
    {Sight::kAbortedRequest, "a client that leaves in the middle of its request body"},
    {Sight::kAbortedStream, "a client that leaves in the middle of a chunked response"},
    {Sight::kAbortedResponse, "a client that leaves in the middle of a response with a length"},
    {Sight::kClientPort, "the port of the peer"},
    {Sight::kTls, "version and cipher of TLS"},
    {Sight::kRequestBodyTime, "when the request body had been read (`request_body_us`)"},
    {Sight::kHandlerTime, "how long the handler took (`handler_us`)"},
    {Sight::kFirstByteTime, "when the response began (`first_byte_us`)"},
    {Sight::kResponseTime, "how long the response took (`response_us`)"},
};

}  // namespace

std::vector<Sight> all_sights() {
  std::vector<Sight> sights;
  std::ranges::transform(kRows, std::back_inserter(sights), &Row::sight);
  return sights;
}

std::string_view text_of(Sight sight) {
  const auto row = std::ranges::find(kRows, sight, &Row::sight);
  if (row == std::end(kRows)) throw std::logic_error("a sight without a text");
  return row->text;
}

}  // namespace logs_sdk::conformance
