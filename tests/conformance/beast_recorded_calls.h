// RecordedCalls: how an application calls its handler that has our adapter. For beast_session.h.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_BEAST_RECORDED_CALLS_H_
#define LOGS_SDK_TESTS_CONFORMANCE_BEAST_RECORDED_CALLS_H_

#include <utility>

#include "logs_sdk/adapters/beast.h"
#include "tests/conformance/beast_answers.h"

namespace logs_sdk::conformance {

struct RecordedCalls {
  template <typename Next, typename Handler>
  static auto call(::logs_sdk::beast::Stream<Next>& stream, BeastRequest&& request, Handler handler) {
    return ::logs_sdk::beast::handle(stream, std::move(request), std::move(handler));
  }
  static Exchange* exchange(const ::logs_sdk::beast::Request<boost::beast::http::string_body>& request) {
    return &exchange_of(request);
  }
};

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_BEAST_RECORDED_CALLS_H_
