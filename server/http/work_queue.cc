#include "server/http/work_queue.h"

#include <algorithm>
#include <cassert>
#include <tuple>
#include <utility>

namespace logs_server {

WorkQueue::WorkQueue(const WorkQueueOptions& options) : options_(options) {
  for (unsigned i = 0; i < options.threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkQueue::~WorkQueue() { finish(); }

WorkQueue::Admission WorkQueue::submit(const std::string& principal, Work work) {
  {
    const std::lock_guard lock(mutex_);
    const auto own = lines_.find(principal);
    // Before the bound of all: whoever fills the queue is told that it is he.
    if (own != lines_.end() && own->second.waiting.size() >= options_.max_waiting_per_principal) {
      return Admission::kShareFull;
    }
    if (finishing_ || waiting_ >= options_.max_waiting) return Admission::kFull;
    const auto [line, is_new] = lines_.try_emplace(principal);
    if (is_new) line->second.turn = ++last_turn_;
    line->second.waiting.push_back(std::move(work));
    ++waiting_;
  }
  changed_.notify_one();
  return Admission::kTaken;
}

std::size_t WorkQueue::size() {
  const std::lock_guard lock(mutex_);
  return waiting_ + running_;
}

void WorkQueue::finish() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkQueue::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return finishing_ || waiting_ > 0; });
    if (waiting_ == 0) return;
    const Lines::iterator line = next_line();
    Work work = std::move(line->second.waiting.front());
    line->second.waiting.pop_front();
    --waiting_;
    ++line->second.running;
    ++running_;
    lock.unlock();
    work();
    work = nullptr;  // what it holds may be large, or end in code that takes our lock
    lock.lock();
    end_turn(line);
  }
}

// A look at every line: there are few, and what is chosen runs for far longer.
WorkQueue::Lines::iterator WorkQueue::next_line() {
  const auto rank = [](const Line& line) { return std::tuple(line.waiting.empty(), line.running, line.turn); };
  const auto next = std::min_element(lines_.begin(), lines_.end(),
                                     [rank](const auto& a, const auto& b) { return rank(a.second) < rank(b.second); });
  assert(next != lines_.end() && !next->second.waiting.empty());
  return next;
}

void WorkQueue::end_turn(Lines::iterator line) {
  --running_;
  line->second.turn = ++last_turn_;
  if (--line->second.running == 0 && line->second.waiting.empty()) lines_.erase(line);
}

}  // namespace logs_server
