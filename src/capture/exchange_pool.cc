#include "src/capture/exchange_pool.h"

#include <new>
#include <utility>

namespace logs_sdk::inline v1 {

ExchangePool::ExchangePool(std::size_t max_idle) : max_idle_(max_idle) { idle_.reserve(max_idle); }

ExchangeState* ExchangePool::take() noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      ExchangeState* state = idle_.back().release();
      idle_.pop_back();
      return state;
    }
  }
  try {
    return new ExchangeState();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void ExchangePool::give_back(ExchangeState* state) noexcept {
  std::unique_ptr<ExchangeState> owned(state);  // deletes what is not kept, after the lock is released
  owned->reset();
  const std::lock_guard lock(mutex_);
  if (idle_.size() < max_idle_) idle_.push_back(std::move(owned));
}

std::size_t ExchangePool::idle_count() const {
  const std::lock_guard lock(mutex_);
  return idle_.size();
}

}  // namespace logs_sdk::inline v1
