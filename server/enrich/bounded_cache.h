// BoundedCache: what was computed for the texts that were asked for last.
//
// Thread-safety: every call from any thread. The texts are spread over shards, each with a mutex that is held for a
// look-up only, never while a value is computed: two threads that miss the same text both compute it. At most
// `capacity` texts are kept; of a full shard the one goes that was not asked for the longest.
#ifndef LOGS_SERVER_ENRICH_BOUNDED_CACHE_H_
#define LOGS_SERVER_ENRICH_BOUNDED_CACHE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace logs_server {

template <typename Value>
class BoundedCache {
 public:
  explicit BoundedCache(std::size_t capacity) : shard_capacity_((capacity + kShards - 1) / kShards) {}

  // The value of `key`; `compute(key)` when it is not known. Null, and as if nobody had asked, when that gives none.
  template <typename Compute>
  std::shared_ptr<const Value> get(std::string_view key, const Compute& compute) {
    Shard& shard = shards_[std::hash<std::string_view>()(key) % kShards];
    if (auto known = find(shard, key)) {
      hits_.fetch_add(1, std::memory_order_relaxed);
      return known;
    }
    std::optional<Value> computed = compute(key);
    if (!computed) return nullptr;
    misses_.fetch_add(1, std::memory_order_relaxed);
    auto made = std::make_shared<const Value>(*std::move(computed));
    insert(shard, key, made);
    return made;
  }

  std::uint64_t hits() const { return hits_.load(std::memory_order_relaxed); }
  std::uint64_t misses() const { return misses_.load(std::memory_order_relaxed); }
  std::size_t size() const {
    std::size_t total = 0;
    for (Shard& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      total += shard.by_key.size();
    }
    return total;
  }

 private:
  // More than there are network threads, so that they rarely meet.
  static constexpr std::size_t kShards = 16;

  struct Known {
    std::string key;
    std::shared_ptr<const Value> value;
  };
  struct Shard {
    std::mutex mutex;
    std::list<Known> by_use;                                                           // guarded; the last used first
    std::unordered_map<std::string_view, typename std::list<Known>::iterator> by_key;  // guarded; views into by_use
  };

  std::shared_ptr<const Value> find(Shard& shard, std::string_view key) {
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.by_key.find(key);
    if (found == shard.by_key.end()) return nullptr;
    shard.by_use.splice(shard.by_use.begin(), shard.by_use, found->second);
    return found->second->value;
  }

  void insert(Shard& shard, std::string_view key, std::shared_ptr<const Value> value) {
    const std::lock_guard lock(shard.mutex);
    if (shard.by_key.count(key) != 0) return;  // another thread was faster
    if (shard.by_use.size() >= shard_capacity_) {
      shard.by_key.erase(shard.by_use.back().key);
      shard.by_use.pop_back();
    }
    shard.by_use.push_front({std::string(key), std::move(value)});
    shard.by_key.emplace(shard.by_use.front().key, shard.by_use.begin());
  }

  const std::size_t shard_capacity_;
  mutable std::array<Shard, kShards> shards_;
  std::atomic<std::uint64_t> hits_ = 0, misses_ = 0;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_BOUNDED_CACHE_H_
