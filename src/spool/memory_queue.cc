#include "src/spool/memory_queue.h"

#include <algorithm>
#include <new>

namespace logs_sdk::inline v1 {

bool MemoryQueue::push(Stream stream, std::string_view payload) noexcept {
  const std::lock_guard lock(mutex_);
  ++totals_.captured;
  if (items_.size() >= max_records_ || bytes_ + payload.size() > max_bytes_) {
    ++totals_.dropped[static_cast<std::size_t>(DropReason::kMemoryFull)];
    return false;
  }
  try {
    items_.emplace_hint(items_.end(), next_, Item{stream, std::string(payload), false});
  } catch (const std::bad_alloc&) {
    ++totals_.dropped[static_cast<std::size_t>(DropReason::kInternal)];
    return false;
  }
  ++next_;
  bytes_ += payload.size();
  return true;
}

void MemoryQueue::count_drop(DropReason reason) noexcept {
  const std::lock_guard lock(mutex_);
  ++totals_.captured;
  ++totals_.dropped[static_cast<std::size_t>(reason)];
}

std::vector<Record> MemoryQueue::read(const BatchLimits& limits) {
  const std::lock_guard lock(mutex_);
  std::vector<Record> records;
  StreamSet streams = limits.streams;
  std::size_t bytes = 0;
  // False: the batch is full.
  const auto offer = [&](auto& numbered) {
    auto& [sequence, item] = numbered;
    if (item.given || !streams[item.stream]) return true;
    if (!records.empty() && bytes + item.payload.size() > limits.max_bytes) return false;
    streams = StreamSet().set(item.stream);
    item.given = true;
    bytes += item.payload.size();
    records.push_back({{kMemorySegment, sequence}, item.stream, item.payload});
    return records.size() < limits.max_records;
  };
  static_cast<void>(limits.newest ? std::all_of(items_.rbegin(), items_.rend(), offer)
                                  : std::all_of(items_.begin(), items_.end(), offer));
  return records;
}

void MemoryQueue::rewind() noexcept {
  const std::lock_guard lock(mutex_);
  for (auto& [sequence, item] : items_) item.given = false;
}

void MemoryQueue::settle(const RecordId& id, Verdict verdict) noexcept {
  const std::lock_guard lock(mutex_);
  const auto place = items_.find(id.offset);
  if (place == items_.end()) return;
  totals_.count(verdict);
  bytes_ -= place->second.payload.size();
  items_.erase(place);
}

LedgerTotals MemoryQueue::totals() const noexcept {
  const std::lock_guard lock(mutex_);
  return totals_;
}

std::uint64_t MemoryQueue::pending() const noexcept {
  const std::lock_guard lock(mutex_);
  return items_.size();
}

}  // namespace logs_sdk::inline v1
