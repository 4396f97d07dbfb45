// Budget: how much of one thing may be held at once (bytes of request bodies, requests under way), by everybody
// together and by each who shares in it.
//
// A budget has parts, and what is taken from a part is taken from the whole as well. A part exists while somebody
// holds it, so there are never more parts than requests.
// Ownership: shares and parts own what they are taken from. Thread-safety: a budget from any thread, a share from one
// at a time.
#ifndef LOGS_SERVER_HTTP_BUDGET_H_
#define LOGS_SERVER_HTTP_BUDGET_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace logs_server {

class Budget : public std::enable_shared_from_this<Budget> {
 public:
  // `holder` stands in the sentence of a refusal, "this key", and lives as long as the program. A whole has neither
  // parent nor name.
  Budget(std::size_t max, std::string_view holder, std::shared_ptr<Budget> whole = nullptr, std::string name = {});
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;
  ~Budget();

  // The part of that name; of `max`, when nobody holds it yet.
  std::shared_ptr<Budget> part(std::string_view name, std::size_t max, std::string_view holder);

  std::size_t max() const noexcept { return max_; }
  std::string_view holder() const noexcept { return holder_; }
  std::size_t used() const noexcept { return used_; }
  // So far, of it and its parts.
  std::uint64_t refusals() const noexcept { return refusals_; }
  std::size_t part_count() const;

  // What one holds of a budget; given back when destroyed.
  class Share {
   public:
    explicit Share(std::shared_ptr<Budget> budget) : budget_(std::move(budget)) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { budget_->give_back(size_); }

    // Lets the share be at least `size`. Else it is unchanged, and the budget is returned that does not hold so much;
    // it lives as long as the share.
    const Budget* grow_to(std::size_t size);

   private:
    const std::shared_ptr<Budget> budget_;
    std::size_t size_ = 0;
  };

 private:
  // None, or the one that does not hold so much more.
  const Budget* take(std::size_t amount);
  void give_back(std::size_t amount);
  void forget(const std::string& name);

  const std::size_t max_;
  const std::string_view holder_;
  const std::shared_ptr<Budget> whole_;  // none: it is the whole
  const std::string name_;
  std::atomic<std::size_t> used_ = 0;
  std::atomic<std::uint64_t> refusals_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, std::weak_ptr<Budget>, std::less<>> parts_;  // guarded by mutex_
};

// What one key or reader has of a whole, and the keys of one project together. Three more have as much as the
// greediest, and the greediest project leaves half. With the defaults a key holds eight of the largest bodies, or 256
// requests: more than its rate allows, unless each takes a quarter of a second.
constexpr std::size_t kKeysInWhole = 4;
constexpr std::size_t kProjectsInWhole = 2;
// A principal without keys, a reader, has what a key has. `whole` itself for a request without either.
std::shared_ptr<Budget> part_of_key(const std::shared_ptr<Budget>& whole, std::string_view principal,
                                    std::string_view key);

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_BUDGET_H_
