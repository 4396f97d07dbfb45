// ListRecordSource: a RecordSource that keeps its records in a list, for tests of what reads one.
//
// It holds the rules that a spool promises: each record ends once, the first verdict counts, read() gives what was not
// given since the last rewind(), one stream at a time. Payloads given are freed by the next read(), so that a view that
// is kept too long is seen by the address sanitizer.
// Thread-safety: every call from any thread.
#ifndef LOGS_SDK_TESTING_LIST_RECORD_SOURCE_H_
#define LOGS_SDK_TESTING_LIST_RECORD_SOURCE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

class ListRecordSource : public RecordSource {
 public:
  explicit ListRecordSource(std::string instance = std::string(32, 'a')) : instance_(std::move(instance)) {}
  // `on_destroyed` is called by the destructor.
  ListRecordSource(std::string instance, std::function<void()> on_destroyed)
      : instance_(std::move(instance)), on_destroyed_(std::move(on_destroyed)) {}
  ~ListRecordSource() override {
    if (on_destroyed_) on_destroyed_();
  }

  void append(Stream stream, std::string payload) {
    const std::lock_guard lock(mutex_);
    entries_.push_back({stream, std::move(payload), false, std::nullopt});
    ++totals_.captured;
  }
  // `count` records {"n":…}, numbered through the life of the source.
  void append(Stream stream, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) append(stream, "{\"n\":" + std::to_string(size()) + "}");
  }

  const std::string& instance() const noexcept override { return instance_; }

  std::vector<Record> read(const BatchLimits& limits) override {
    const std::lock_guard lock(mutex_);
    given_.clear();
    given_.shrink_to_fit();
    std::vector<std::size_t> chosen = choose(limits);
    given_.reserve(chosen.size());
    std::vector<Record> records;
    for (const std::size_t index : chosen) {
      entries_[index].given = true;
      given_.push_back(entries_[index].payload);
      records.push_back({{0, static_cast<std::uint32_t>(index)}, entries_[index].stream, given_.back()});
    }
    return records;
  }

  void rewind() override {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : entries_) entry.given = false;
  }

  void settle(std::span<const RecordId> records, Verdict verdict) override {
    const std::lock_guard lock(mutex_);
    for (const RecordId& id : records) {
      Entry& entry = entries_.at(id.offset);
      if (entry.verdict) continue;
      entry.verdict = verdict;
      totals_.count(verdict);
    }
  }

  LedgerTotals spooled() const override {
    const std::lock_guard lock(mutex_);
    return totals_;
  }
  LedgerTotals in_memory() const override { return {}; }

  // The ledger again, counted from the records one by one.
  LedgerTotals counted() const {
    const std::lock_guard lock(mutex_);
    LedgerTotals totals;
    for (const Entry& entry : entries_) {
      ++totals.captured;
      if (entry.verdict) totals.count(*entry.verdict);
    }
    return totals;
  }
  // Absent: not settled.
  std::optional<Verdict> verdict(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return entries_.at(index).verdict;
  }
  // Of the record at `index`, as appended.
  std::string payload(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return entries_.at(index).payload;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }

 private:
  struct Entry {
    Stream stream;
    std::string payload;
    bool given;
    std::optional<Verdict> verdict;
  };

  std::vector<std::size_t> choose(const BatchLimits& limits) const {
    std::vector<std::size_t> chosen;
    std::size_t bytes = 0;
    for (std::size_t at = 0; at < entries_.size() && chosen.size() < limits.max_records; ++at) {
      const std::size_t i = limits.newest ? entries_.size() - 1 - at : at;
      const Entry& entry = entries_[i];
      if (entry.given || entry.verdict || !limits.streams[entry.stream]) continue;
      if (!chosen.empty() && entry.stream != entries_[chosen.front()].stream) continue;
      if (!chosen.empty() && bytes + entry.payload.size() > limits.max_bytes) break;
      bytes += entry.payload.size();
      chosen.push_back(i);
    }
    std::sort(chosen.begin(), chosen.end());
    return chosen;
  }

  const std::string instance_;
  const std::function<void()> on_destroyed_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::vector<Entry> entries_;
  std::vector<std::string> given_;
  LedgerTotals totals_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_LIST_RECORD_SOURCE_H_
