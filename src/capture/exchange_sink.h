// ExchangeSink: where exchanges come from and go to. The SDK is one, the tests' recorder another.
#ifndef LOGS_SDK_CAPTURE_EXCHANGE_SINK_H_
#define LOGS_SDK_CAPTURE_EXCHANGE_SINK_H_

#include "logs_sdk/exchange.h"

namespace logs_sdk::inline v1 {

class ExchangeSink {
 public:
  virtual ~ExchangeSink() = default;
  // Takes the finished exchange: captures, encodes and appends it, and puts the state back into its pool. After it
  // `state` belongs to the sink. Never throws, never blocks on the network.
  virtual void finish(ExchangeState* state, Outcome outcome) noexcept = 0;
  // Settles trace_id, span_id and request_id of a running exchange from the headers given so far.
  virtual void settle_identity(ExchangeState& state) noexcept = 0;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_EXCHANGE_SINK_H_
