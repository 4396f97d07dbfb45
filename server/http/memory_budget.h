// MemoryBudget: how many bytes all requests together may hold; a Share is what one of them has of it.
//
// Without it, as many clients as there are connections could each make us hold the largest body.
// Thread-safety: the budget from any thread, a share from one at a time. The budget outlives its shares.
#ifndef LOGS_SERVER_HTTP_MEMORY_BUDGET_H_
#define LOGS_SERVER_HTTP_MEMORY_BUDGET_H_

#include <atomic>
#include <cstddef>

namespace logs_server {

class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t max_bytes) : max_bytes_(max_bytes), left_bytes_(max_bytes) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  std::size_t used_bytes() const noexcept { return max_bytes_ - left_bytes_.load(); }

  class Share {
   public:
    explicit Share(MemoryBudget& budget) : budget_(budget) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { budget_.left_bytes_.fetch_add(size_bytes_); }

    // Lets the share be at least `size_bytes`; false, and unchanged, when the budget does not hold that much.
    bool grow_to(std::size_t size_bytes) {
      if (size_bytes <= size_bytes_) return true;
      const std::size_t more = size_bytes - size_bytes_;
      std::size_t left = budget_.left_bytes_.load();
      do {
        if (left < more) return false;
      } while (!budget_.left_bytes_.compare_exchange_weak(left, left - more));
      size_bytes_ = size_bytes;
      return true;
    }

   private:
    MemoryBudget& budget_;
    std::size_t size_bytes_ = 0;
  };

 private:
  const std::size_t max_bytes_;
  std::atomic<std::size_t> left_bytes_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_MEMORY_BUDGET_H_
