#include "server/api/key_limits.h"

#include <algorithm>

namespace logs_server {
namespace {

using logs_sdk::SteadyTime;
using std::chrono::nanoseconds;

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
// Accounts that are paid say nothing that a new one does not; above so many they are removed.
constexpr std::size_t kMaxIdleAccounts = 10'000;

// How long until no more than the reserve is owed.
nanoseconds wait_of(SteadyTime paid_at, SteadyTime now, nanoseconds reserve) {
  return std::max(nanoseconds(0), nanoseconds(paid_at - now) - reserve);
}

void owe(SteadyTime& paid_at, SteadyTime now, nanoseconds cost) {
  paid_at = std::max(paid_at, now) + std::chrono::duration_cast<SteadyTime::duration>(cost);
}

}  // namespace

std::optional<std::chrono::seconds> KeyLimits::admit(std::string_view key) {
  const SteadyTime now = clock_.steady();
  const std::lock_guard lock(mutex_);
  Account& account = account_of(key, now);
  const nanoseconds for_requests = wait_of(account.requests_paid_at, now, options_.reserve);
  const nanoseconds for_bytes = wait_of(account.bytes_paid_at, now, options_.reserve);
  const nanoseconds for_time = wait_of(account.time_paid_at, now, options_.reserve);
  if (const nanoseconds wait = std::max({for_requests, for_bytes, for_time}); wait > nanoseconds(0)) {
    if (wait == for_requests) {
      ++refusals_.by_requests;
    } else {
      ++(wait == for_bytes ? refusals_.by_bytes : refusals_.by_time);
    }
    return std::chrono::ceil<std::chrono::seconds>(wait);
  }
  if (options_.requests_per_s > 0) {
    owe(account.requests_paid_at, now,
        nanoseconds(kNanosecondsPerSecond / static_cast<std::int64_t>(options_.requests_per_s)));
  }
  return std::nullopt;
}

void KeyLimits::charge(std::string_view key, std::size_t bytes) {
  const SteadyTime now = clock_.steady();
  const std::lock_guard lock(mutex_);
  owe(account_of(key, now).bytes_paid_at, now, cost_of_bytes(bytes));
}

std::optional<std::chrono::seconds> KeyLimits::run(std::string_view key, const std::function<void()>& work) {
  {
    const SteadyTime now = clock_.steady();
    const std::lock_guard lock(mutex_);
    const nanoseconds wait = wait_of(account_of(key, now).time_paid_at, now, options_.reserve);
    if (wait > nanoseconds(0)) {
      ++refusals_.by_time;
      return std::chrono::ceil<std::chrono::seconds>(wait);
    }
  }
  const nanoseconds begun_at = thread_time_();
  work();
  const nanoseconds taken = thread_time_() - begun_at;
  const SteadyTime now = clock_.steady();
  const std::lock_guard lock(mutex_);
  owe(account_of(key, now).time_paid_at, now, cost_of_time(taken));
  return std::nullopt;
}

KeyRefusals KeyLimits::refusals() const {
  const std::lock_guard lock(mutex_);
  return refusals_;
}

KeyLimits::Account& KeyLimits::account_of(std::string_view key, SteadyTime now) {
  if (accounts_.size() > kMaxIdleAccounts) {
    std::erase_if(accounts_, [now](const auto& each) {
      return each.second.requests_paid_at <= now && each.second.bytes_paid_at <= now && each.second.time_paid_at <= now;
    });
  }
  return accounts_[std::string(key)];
}

nanoseconds KeyLimits::cost_of_bytes(std::size_t bytes) const {
  if (options_.bytes_per_s == 0) return nanoseconds(0);
  // A body has at most 8 MiB, so this does not overflow.
  return nanoseconds(static_cast<std::int64_t>(bytes) * kNanosecondsPerSecond /
                     static_cast<std::int64_t>(options_.bytes_per_s));
}

nanoseconds KeyLimits::cost_of_time(nanoseconds time) const {
  if (options_.time_per_s.count() == 0) return nanoseconds(0);
  return time * 1000 / options_.time_per_s.count();
}

}  // namespace logs_server
