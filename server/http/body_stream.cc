#include "server/http/body_stream.h"

#include <utility>

namespace logs_server {
namespace {

void call(const std::function<void()>& function) {
  if (function) function();
}

}  // namespace

bool BodyStream::write(std::string_view piece) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kOver) return false;
    if (waiting_.size() >= kMaxStreamWaitingBytes) {
      refused_ = true;
      return false;
    }
    if (waiting_.empty()) wake = wake_;  // later pieces are taken together with this one
    waiting_.append(piece);
  }
  call(wake);
  return true;
}

void BodyStream::end(std::string_view last_word) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kOver) return;
    waiting_.append(last_word);
    state_ = State::kOver;
    wake = wake_;
  }
  call(wake);
}

BodyStream::State BodyStream::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void BodyStream::attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

BodyStream::Taken BodyStream::take() {
  Taken taken;
  bool has_room_again = false;
  {
    const std::lock_guard lock(mutex_);
    taken.bytes.swap(waiting_);
    taken.is_last = state_ == State::kOver;
    has_room_again = std::exchange(refused_, false);
  }
  if (has_room_again) call(on_change_);
  return taken;
}

void BodyStream::drain() {
  {
    const std::lock_guard lock(mutex_);
    if (state_ != State::kOpen) return;
    state_ = State::kEnding;
  }
  call(on_change_);
}

void BodyStream::close() {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
    wake = std::exchange(wake_, nullptr);
    if (std::exchange(state_, State::kOver) == State::kOver) return;
  }
  call(wake);
  call(on_change_);
}

}  // namespace logs_server
