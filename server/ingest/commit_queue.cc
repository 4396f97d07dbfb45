#include "server/ingest/commit_queue.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <iterator>
#include <utility>

namespace logs_server {

using logs_sdk::Result;
using Verdicts = std::vector<AppendVerdict>;

CommitQueue::CommitQueue(Store& store, std::size_t max_waiting_entries,
                         std::function<void(const CommitMeasure&)> on_commit)
    : store_(store),
      max_waiting_entries_(max_waiting_entries),
      on_commit_(std::move(on_commit)),
      thread_([this] { run(); }) {}

CommitQueue::~CommitQueue() { stop(); }

bool CommitQueue::submit(std::vector<NewEntry> entries, std::optional<ClientPost> client, Done done) {
  Batch batch{std::move(entries), std::move(client), std::move(done)};
  {
    const std::lock_guard lock(mutex_);
    const bool full = waiting_weight_ > 0 && waiting_weight_ + batch.weight() > max_waiting_entries_;
    if (full || stopping_) return false;
    waiting_weight_ += batch.weight();
    waiting_.push_back(std::move(batch));
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

CommitQueue::Waiting CommitQueue::waiting() {
  const std::lock_guard lock(mutex_);
  return {.batches = waiting_.size(), .entries = waiting_weight_};
}

void CommitQueue::run() {
  for (std::vector<Batch> group = take_group(); !group.empty(); group = take_group()) commit(group);
}

// Waits for work; empty when there is none left and none will come.
std::vector<CommitQueue::Batch> CommitQueue::take_group() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  std::vector<Batch> group;
  std::size_t weight = 0;
  while (!waiting_.empty() && (group.empty() || weight + waiting_.front().weight() <= kMaxGroupEntries)) {
    weight += waiting_.front().weight();
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  waiting_weight_ -= weight;
  return group;
}

void CommitQueue::commit(std::vector<Batch>& group) {
  std::vector<NewEntry> together;
  std::vector<ClientPost> posts;
  std::vector<std::size_t> sizes;
  for (Batch& batch : group) {
    sizes.push_back(batch.entries.size());
    if (batch.client) {
      batch.client->first_entry = together.size();
      batch.client->entry_count = batch.entries.size();
      posts.push_back(std::move(*batch.client));
    }
    if (together.empty()) {
      together = std::move(batch.entries);  // of a lone batch, all there is to do
    } else {
      std::move(batch.entries.begin(), batch.entries.end(), std::back_inserter(together));
    }
  }
  const Result<Verdicts> result = append(together, posts);
  assert(!result.ok() || result.value().size() == together.size());
  std::size_t begin = 0;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (result.ok()) {
      const auto first = result.value().begin() + static_cast<std::ptrdiff_t>(begin);
      group[i].done(Verdicts(first, first + static_cast<std::ptrdiff_t>(sizes[i])));
    } else {
      group[i].done(result.status());
    }
    begin += sizes[i];
  }
}

Result<Verdicts> CommitQueue::append(std::span<const NewEntry> entries, std::span<const ClientPost> posts) {
  const auto started_at = std::chrono::steady_clock::now();
  Result<Verdicts> result = store_.append(entries, posts);
  if (!on_commit_) return result;
  const auto duration = std::chrono::steady_clock::now() - started_at;
  CommitMeasure measure{.duration = std::chrono::duration_cast<std::chrono::microseconds>(duration)};
  measure.failed = !result.ok();
  if (result.ok()) {
    const auto accepted = std::count(result.value().begin(), result.value().end(), AppendVerdict::kStored);
    measure.accepted = static_cast<std::size_t>(accepted);
    measure.duplicate = entries.size() - measure.accepted;
  }
  on_commit_(measure);
  return result;
}

}  // namespace logs_server
