#include "src/shipper/backoff.h"

#include <algorithm>

namespace logs_sdk::inline v1 {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// first * 2^n, at most kMaxStep.
milliseconds doubled(milliseconds first, int n) noexcept {
  milliseconds step = first;
  for (int i = 0; i < n && step < Backoff::kMaxStep; ++i) step *= 2;
  return std::min(step, Backoff::kMaxStep);
}

}  // namespace

void Backoff::succeed() noexcept {
  state_ = State::kUp;
  failures_ = 0;
  ready_at_ = SteadyTime::min();
}

void Backoff::fail(SteadyTime now, std::optional<seconds> retry_after) noexcept {
  const bool probing = state_ == State::kDown || state_ == State::kParked;
  if (!probing && failures_ < max_retries_) {
    state_ = State::kRetrying;
    wait(now, doubled(kFirstRetry, failures_++), retry_after);
    return;
  }
  if (state_ != State::kDown) failures_ = 0;
  state_ = State::kDown;
  wait(now, doubled(kFirstProbe, failures_), retry_after);
  failures_ = std::min(failures_ + 1, 16);  // far beyond kMaxStep
}

void Backoff::park(SteadyTime now, std::optional<seconds> retry_after) noexcept {
  state_ = State::kParked;
  failures_ = 0;
  wait(now, kMaxStep, retry_after);
}

void Backoff::wait(SteadyTime now, milliseconds step, std::optional<seconds> retry_after) noexcept {
  const std::chrono::duration<double, std::milli> jittered = random_->uniform() * step;
  const auto own = std::chrono::duration_cast<SteadyTime::duration>(jittered);
  ready_at_ = now + std::max<SteadyTime::duration>(own, retry_after.value_or(seconds{0}));
}

}  // namespace logs_sdk::inline v1
