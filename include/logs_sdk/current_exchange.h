// The exchange that the calling thread serves: how a handler of a synchronous framework reaches it without being handed
// it, and how an adapter says which one it is.
//
// Thread-safety: each thread has its own. A coroutine may go on in another thread: there the adapter's
// exchange_of(request) is the way, and nothing is current.
// After fork the exchange belongs to the parent: the child sees it, and it is inert. Nothing is allocated.
#ifndef LOGS_SDK_CURRENT_EXCHANGE_H_
#define LOGS_SDK_CURRENT_EXCHANGE_H_

#include "logs_sdk/exchange.h"
#include "logs_sdk/export.h"

namespace logs_sdk {
inline namespace v1 {

// The exchange that the adapter has set for this thread; an inert one outside of a request. For set_user(), add_tag()
// and the like: it stays the adapter's, so do not finish it or move from it. The reference holds until the handler
// returns.
LOGS_SDK_EXPORT Exchange& current_exchange() noexcept;

// For adapters. Makes `exchange` current in this thread, nullptr for none, and returns what was before. It stays the
// caller's and must live until another one is set.
LOGS_SDK_EXPORT Exchange* set_current_exchange(Exchange* exchange) noexcept;

// For adapters that call the handler from one scope: `exchange` is current until the scope ends; then what was before
// is again, so that scopes nest.
class CurrentExchangeScope {
 public:
  explicit CurrentExchangeScope(Exchange& exchange) noexcept : before_(set_current_exchange(&exchange)) {}
  ~CurrentExchangeScope() { set_current_exchange(before_); }
  CurrentExchangeScope(const CurrentExchangeScope&) = delete;
  CurrentExchangeScope& operator=(const CurrentExchangeScope&) = delete;

 private:
  Exchange* const before_;
};

}  // namespace v1
}  // namespace logs_sdk

#endif  // LOGS_SDK_CURRENT_EXCHANGE_H_
