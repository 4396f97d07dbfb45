// KeyLimits: how much each ingest key may send: requests, bytes and the time that they take of our threads per second,
// with a reserve for what gathered while the platform was away.
//
// One key's limit never touches another's. Whether a request may come is decided before its body is read; what the body
// really held and took is charged afterwards, what it only announced never, and a key in debt waits until it is paid.
// Thread-safety: every call from any thread.
#ifndef LOGS_SERVER_API_KEY_LIMITS_H_
#define LOGS_SERVER_API_KEY_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "src/base/clock.h"
#include "src/base/thread_time.h"

namespace logs_server {

struct KeyLimitsOptions {
  // 0: no limit. The defaults are what one machine stores at most: they stop what has gone astray, not what is busy.
  std::uint64_t requests_per_s = 1'000;
  std::uint64_t bytes_per_s = std::uint64_t{64} << 20;  // decoded
  // Of one thread, which parses an entry of 2.6 KB in 25 us: 20,000 of them a second. There are two such threads, so
  // that three quarters of their time are left to others.
  std::chrono::milliseconds time_per_s{500};
  // What a key that was silent may send at once: so many seconds' worth.
  std::chrono::seconds reserve{4};
};

struct KeyRefusals {
  std::uint64_t by_requests = 0;
  std::uint64_t by_bytes = 0;
  std::uint64_t by_time = 0;
};

class KeyLimits {
 public:
  // `clock` outlives it.
  KeyLimits(const logs_sdk::Clock& clock, KeyLimitsOptions options = {},
            logs_sdk::ThreadTime thread_time = logs_sdk::thread_time)
      : clock_(clock), options_(options), thread_time_(std::move(thread_time)) {}

  // None: the request may come, and is charged with itself. Else when it may be tried again.
  std::optional<std::chrono::seconds> admit(std::string_view key);
  // What the body of a request held.
  void charge(std::string_view key, std::size_t bytes);
  // Does the work for a request and charges the time that it takes. Requests that were let through side by side may
  // be many: when those before it took too much, nothing is done; then as admit().
  std::optional<std::chrono::seconds> run(std::string_view key, const std::function<void()>& work);

  KeyRefusals refusals() const;

 private:
  // Token bucket by its one number: when everything that was taken is paid for.
  struct Account {
    logs_sdk::SteadyTime requests_paid_at{};
    logs_sdk::SteadyTime bytes_paid_at{};
    logs_sdk::SteadyTime time_paid_at{};
  };
  Account& account_of(std::string_view key, logs_sdk::SteadyTime now);
  std::chrono::nanoseconds cost_of_bytes(std::size_t bytes) const;
  std::chrono::nanoseconds cost_of_time(std::chrono::nanoseconds time) const;

  const logs_sdk::Clock& clock_;
  const KeyLimitsOptions options_;
  const logs_sdk::ThreadTime thread_time_;
  mutable std::mutex mutex_;
  // Guarded by mutex_. Keys are those of the registry: a request comes here when its key is known to be good.
  std::unordered_map<std::string, Account> accounts_;
  KeyRefusals refusals_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_API_KEY_LIMITS_H_
