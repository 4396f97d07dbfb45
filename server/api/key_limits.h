// KeyLimits: how much each ingest key may send: requests and bytes per second, with a reserve for what gathered while
// the platform was away.
//
// One key's limit never touches another's. Whether a request may come is decided before its body is read; what the body
// really held is charged afterwards, what it only announced never, and a key in debt waits until it is paid.
// Thread-safety: every call from any thread.
#ifndef LOGS_SERVER_API_KEY_LIMITS_H_
#define LOGS_SERVER_API_KEY_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "src/base/clock.h"

namespace logs_server {

struct KeyLimitsOptions {
  // 0: no limit. The defaults are what one machine stores at most: they stop what has gone astray, not what is busy.
  std::uint64_t requests_per_s = 1'000;
  std::uint64_t bytes_per_s = std::uint64_t{64} << 20;  // decoded
  // What a key that was silent may send at once: so many seconds' worth.
  std::chrono::seconds reserve{4};
};

struct KeyRefusals {
  std::uint64_t by_requests = 0;
  std::uint64_t by_bytes = 0;
};

class KeyLimits {
 public:
  // `clock` outlives it.
  KeyLimits(const logs_sdk::Clock& clock, KeyLimitsOptions options = {}) : clock_(clock), options_(options) {}

  // None: the request may come, and is charged with itself. Else when it may be tried again.
  std::optional<std::chrono::seconds> admit(std::string_view key);
  // What the body of a request held.
  void charge(std::string_view key, std::size_t bytes);

  KeyRefusals refusals() const;

 private:
  // Token bucket by its one number: when everything that was taken is paid for.
  struct Account {
    logs_sdk::SteadyTime requests_paid_at{};
    logs_sdk::SteadyTime bytes_paid_at{};
  };
  Account& account_of(std::string_view key, logs_sdk::SteadyTime now);
  std::chrono::nanoseconds cost_of_bytes(std::size_t bytes) const;

  const logs_sdk::Clock& clock_;
  const KeyLimitsOptions options_;
  mutable std::mutex mutex_;
  // Guarded by mutex_. Keys are those of the registry: a request comes here when its key is known to be good.
  std::unordered_map<std::string, Account> accounts_;
  KeyRefusals refusals_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_API_KEY_LIMITS_H_
