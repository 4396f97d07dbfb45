// ExchangePool: exchange states that wait to be used again, so that a request allocates nothing in the steady state.
//
// Thread-safety: every call from any thread of the process that made the pool; a forked child leaves it alone.
// Ownership: a state taken belongs to the taker until it is given back; the pool owns the idle ones only.
#ifndef LOGS_SDK_CAPTURE_EXCHANGE_POOL_H_
#define LOGS_SDK_CAPTURE_EXCHANGE_POOL_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "src/capture/exchange_state.h"

namespace logs_sdk::inline v1 {

class ExchangePool {
 public:
  // Keeps at most `max_idle` states, each of about 8 to 100 KiB. More may be in flight.
  explicit ExchangePool(std::size_t max_idle = 256);

  // A state that is empty; nullptr when memory is exhausted.
  ExchangeState* take() noexcept;
  // Resets `state` and keeps it, or deletes it when enough are idle.
  void give_back(ExchangeState* state) noexcept;

  std::size_t idle_count() const;

 private:
  const std::size_t max_idle_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<ExchangeState>> idle_;  // guarded by mutex_; capacity max_idle_ from the start
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_EXCHANGE_POOL_H_
