#include "src/sdk/fork_watch.h"

#include <pthread.h>

#include <array>
#include <atomic>

namespace logs_sdk::inline v1 {
namespace {

// The handler of fork has no argument, so this list has to be global. Atomic and fixed: the child reads it as it was at
// the moment of the fork, whatever other threads of the parent were doing.
std::array<std::atomic<Spool*>, ForkWatch::kMaxWatched> g_watched;

void abandon_in_child() {
  for (const auto& place : g_watched) {
    if (Spool* const spool = place.load(std::memory_order_acquire)) spool->abandon_after_fork();
  }
}

}  // namespace

ForkWatch::ForkWatch(Spool& spool) noexcept : place_(0) {
  static const int kRegistered = pthread_atfork(nullptr, nullptr, &abandon_in_child);
  static_cast<void>(kRegistered);  // without memory for the handler the spool still refuses what a child appends
  for (; place_ < kMaxWatched; ++place_) {
    Spool* free = nullptr;
    if (g_watched[place_].compare_exchange_strong(free, &spool, std::memory_order_acq_rel)) return;
  }
}

ForkWatch::~ForkWatch() {
  if (place_ < kMaxWatched) g_watched[place_].store(nullptr, std::memory_order_release);
}

}  // namespace logs_sdk::inline v1
