#include "server/ingest/commit_queue.h"

#include <cassert>
#include <iterator>
#include <utility>

namespace logs_server {

using logs_sdk::Result;
using Verdicts = std::vector<AppendVerdict>;

CommitQueue::CommitQueue(Store& store, std::size_t max_waiting_entries)
    : store_(store), max_waiting_entries_(max_waiting_entries), thread_([this] { run(); }) {}

CommitQueue::~CommitQueue() { stop(); }

bool CommitQueue::submit(std::vector<NewEntry> entries, Done done) {
  {
    const std::lock_guard lock(mutex_);
    const bool full = waiting_entries_ > 0 && waiting_entries_ + entries.size() > max_waiting_entries_;
    if (full || stopping_) return false;
    waiting_entries_ += entries.size();
    waiting_.push_back({std::move(entries), std::move(done)});
  }
  changed_.notify_one();
  return true;
}

void CommitQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void CommitQueue::run() {
  for (std::vector<Batch> group = take_group(); !group.empty(); group = take_group()) commit(group);
}

// Waits for work; empty when there is none left and none will come.
std::vector<CommitQueue::Batch> CommitQueue::take_group() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  std::vector<Batch> group;
  std::size_t size = 0;
  while (!waiting_.empty() && (group.empty() || size + waiting_.front().entries.size() <= kMaxGroupEntries)) {
    size += waiting_.front().entries.size();
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  waiting_entries_ -= size;
  return group;
}

void CommitQueue::commit(std::vector<Batch>& group) {
  if (group.size() == 1) {
    group.front().done(store_.append(group.front().entries));
    return;
  }
  std::vector<NewEntry> together;
  together.reserve(kMaxGroupEntries);
  for (Batch& batch : group) std::move(batch.entries.begin(), batch.entries.end(), std::back_inserter(together));
  const Result<Verdicts> result = store_.append(together);
  assert(!result.ok() || result.value().size() == together.size());
  std::size_t begin = 0;
  for (Batch& batch : group) {
    const std::size_t size = batch.entries.size();  // moved from, but as many as before
    if (result.ok()) {
      const auto first = result.value().begin() + static_cast<std::ptrdiff_t>(begin);
      batch.done(Verdicts(first, first + static_cast<std::ptrdiff_t>(size)));
    } else {
      batch.done(result.status());
    }
    begin += size;
  }
}

}  // namespace logs_server
