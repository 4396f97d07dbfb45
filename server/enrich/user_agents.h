// UserAgents: what user agents say of clients, remembered for those that were asked for last.
//
// A miss costs tens of microseconds, and at most some milliseconds for bytes made to be slow; a hit a fraction of one.
// Thread-safety: every call from any thread.
#ifndef LOGS_SERVER_ENRICH_USER_AGENTS_H_
#define LOGS_SERVER_ENRICH_USER_AGENTS_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "server/enrich/bounded_cache.h"
#include "server/enrich/client_description.h"
#include "src/base/thread_time.h"

namespace logs_server {

// Few sites see more at a time. With the longest that entries hold it is about 20 MiB.
inline constexpr std::size_t kMaxKnownUserAgents = 16'384;

// What the rules may take of a thread for one post. A batch of ours has 500 entries, which take 20 ms if each of them
// comes from a client that nobody knows; a post of 10,000 user agents that are made to be slow would take 16 s.
inline constexpr std::chrono::milliseconds kMaxRuleTimeOfPost{100};

// What is left of that.
struct RuleTime {
  std::chrono::nanoseconds left = kMaxRuleTimeOfPost;
};

class UserAgents {
 public:
  explicit UserAgents(std::size_t max_known = kMaxKnownUserAgents,
                      logs_sdk::ThreadTime thread_time = logs_sdk::thread_time)
      : thread_time_(std::move(thread_time)), known_(max_known) {}

  // Null when it is not remembered and no time is left for the rules; what they take is taken off `time`. The first
  // call prepares the rules (some tenths of a second, which no post pays for); warm_up() does nothing else.
  std::shared_ptr<const ClientDescription> describe(std::string_view user_agent, RuleTime& time) const;
  void warm_up() const { rules(); }

  std::uint64_t hits() const { return known_.hits(); }
  std::uint64_t misses() const { return known_.misses(); }
  // For which no time was left.
  std::uint64_t passed_over() const { return passed_over_.load(std::memory_order_relaxed); }
  std::size_t left_out_rules() const;

 private:
  struct Rules;
  const Rules& rules() const;

  const logs_sdk::ThreadTime thread_time_;
  mutable BoundedCache<ClientDescription> known_;
  mutable std::atomic<std::uint64_t> passed_over_ = 0;
  mutable std::once_flag prepared_;
  mutable std::shared_ptr<const Rules> rules_;  // written once, before prepared_ is passed
};

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_USER_AGENTS_H_
