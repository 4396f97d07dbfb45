#include "src/base/fork_generation.h"

#include <pthread.h>

#include <atomic>

namespace logs_sdk::inline v1 {
namespace {

std::atomic<std::uint32_t> g_generation{1};

void count_in_child() { g_generation.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

std::uint32_t fork_generation() noexcept {
  // A failure (no memory) leaves the number constant: exchanges of the parent would then be finished in a child, where
  // the spool refuses them as well.
  static const int kRegistered = pthread_atfork(nullptr, nullptr, &count_in_child);
  static_cast<void>(kRegistered);
  return g_generation.load(std::memory_order_relaxed);
}

}  // namespace logs_sdk::inline v1
