// What became of an exchange: its status, and whether and how it failed.
#ifndef LOGS_SDK_CAPTURE_FAILURE_H_
#define LOGS_SDK_CAPTURE_FAILURE_H_

#include <string_view>

#include "logs_sdk/exchange.h"
#include "src/capture/exchange_state.h"

namespace logs_sdk::inline v1 {

struct Failure {
  int status = 0;  // 0: none was sent and none can be concluded
  bool is_error = false;
  std::string_view type;  // empty when nothing failed
};

Failure judge(const ExchangeState& state, Outcome outcome) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_FAILURE_H_
