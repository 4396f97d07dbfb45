// HttpTransport: one POST and its answer. libcurl is one (curl_transport.h), the tests' scripted server another.
#ifndef LOGS_SDK_SHIPPER_HTTP_TRANSPORT_H_
#define LOGS_SDK_SHIPPER_HTTP_TRANSPORT_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/clock.h"
#include "src/base/status.h"

namespace logs_sdk::inline v1 {

struct HttpRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;  // valid during the call
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;                                          // at most kMaxAnswerBytes, the rest is not read
};
inline constexpr std::size_t kMaxAnswerBytes = 1 << 20;         // an answer names at most 500 rejected entries
inline constexpr std::size_t kMaxAnswerHeaderBytes = 64 << 10;  // names and values; an answer with more has failed

class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  // One attempt, at most until `deadline`; on a kept connection that turns out to be closed, a second at once. kRetry
  // for every failure of the network, the name service or TLS; the message names it and never holds a header. From one
  // thread at a time.
  virtual Result<HttpResponse> post(const HttpRequest& request, SteadyTime deadline) = 0;
  // Ends a running post() at once, from any thread, and lets every later one fail.
  virtual void cancel() noexcept = 0;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_HTTP_TRANSPORT_H_
