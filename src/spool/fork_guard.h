// ForkGuard: one load tells whether this is still the process that made the guard, also after a raw clone() that runs
// no fork handlers: the kernel wipes the guard's page in a child (MADV_WIPEONFORK, Linux 4.14).
#ifndef LOGS_SDK_SPOOL_FORK_GUARD_H_
#define LOGS_SDK_SPOOL_FORK_GUARD_H_

#include <atomic>
#include <cstdint>

namespace logs_sdk::inline v1 {

class ForkGuard {
 public:
  ForkGuard() noexcept;
  ~ForkGuard();
  ForkGuard(const ForkGuard&) = delete;
  ForkGuard& operator=(const ForkGuard&) = delete;

  bool in_child() const noexcept { return word_->load(std::memory_order_relaxed) == 0; }
  // For a kernel that does not wipe, and the fork handler that knows.
  void mark_child() noexcept { word_->store(0, std::memory_order_relaxed); }

 private:
  std::atomic<std::uint32_t>* word_;  // a page of its own, else own_
  std::atomic<std::uint32_t> own_{1};
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_FORK_GUARD_H_
