#include "src/spool/fork_guard.h"

#include <sys/mman.h>

#include <new>

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kPageBytes = 4096;  // at least one page on every machine

}  // namespace

ForkGuard::ForkGuard() noexcept : word_(&own_) {
  void* page = mmap(nullptr, kPageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return;
  if (madvise(page, kPageBytes, MADV_WIPEONFORK) == 0) {
    word_ = new (page) std::atomic<std::uint32_t>(1);
  } else {
    munmap(page, kPageBytes);
  }
}

ForkGuard::~ForkGuard() {
  if (word_ != &own_) munmap(word_, kPageBytes);
}

}  // namespace logs_sdk::inline v1
