#include "src/capture/failure.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr int kClientClosed = 499;  // not in any RFC; what proxies have made usual

// The status of an exchange in which none was seen.
int concluded_status(const ExchangeState& state, Outcome outcome) noexcept {
  if (state.has_exception) return 500;
  switch (outcome) {
    case Outcome::kUpgraded:
      return 101;
    case Outcome::kTimeout:
      return 504;
    case Outcome::kAborted:
    case Outcome::kAbandoned:  // no answer was made: whoever asked has been left or has left
      return kClientClosed;
    case Outcome::kComplete:
    case Outcome::kRejected:
      break;
  }
  return 0;
}

// The most telling cause first.
std::string_view type_of(const ExchangeState& state, Outcome outcome, int status) noexcept {
  if (state.has_exception) return "panic";
  if (outcome == Outcome::kTimeout) return "timeout";
  // Begun and never finished: no status was sent, or not all of the body that was to follow it.
  const bool unfinished = state.status == 0 || state.response_body.kind != BodyKind::kNone;
  if (outcome == Outcome::kAborted || (outcome == Outcome::kAbandoned && unfinished)) return "aborted";
  if (state.business_error) return "business_error";
  if (status == 504) return "timeout";
  return status >= 400 ? "http_error" : std::string_view();
}

}  // namespace

Failure judge(const ExchangeState& state, Outcome outcome) noexcept {
  Failure failure;
  failure.status = state.status != 0 ? state.status : concluded_status(state, outcome);
  failure.type = type_of(state, outcome, failure.status);
  failure.is_error = !failure.type.empty();
  return failure;
}

}  // namespace logs_sdk::inline v1
