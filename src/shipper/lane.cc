#include "src/shipper/lane.h"

#include <algorithm>
#include <vector>

namespace logs_sdk::inline v1 {

Lane::Lane(RecordSource& source, Destinations& destinations, const RecordRewriter& rewrite, End end)
    : source_(&source), rewrite_(&rewrite), end_(end) {
  slots_[0].destination = &destinations.of(0);
  slots_[1].destination = &destinations.of(kInfraStream);
}

std::optional<Lane::Load> Lane::next(SteadyTime now, std::size_t max_records) {
  if (lost_) read_again();
  if (auto load = next_held(now)) return load;
  return max_records > 0 ? read(now, max_records) : std::nullopt;
}

bool Lane::holds() const noexcept {
  return std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return !slot.batch.empty(); });
}

std::optional<SteadyTime> Lane::ready_at() const noexcept {
  std::optional<SteadyTime> earliest;
  for (const Slot& slot : slots_) {
    if (slot.batch.empty()) continue;
    const SteadyTime at = slot.destination->backoff.ready_at();
    earliest = earliest ? std::min(*earliest, at) : at;
  }
  return earliest;
}

bool Lane::blocked() const noexcept {
  return std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) {
    const Backoff::State state = slot.destination->backoff.state();
    return !slot.batch.empty() && (state == Backoff::State::kDown || state == Backoff::State::kParked);
  });
}

std::optional<Lane::Load> Lane::next_held(SteadyTime now) noexcept {
  for (Slot& slot : slots_) {
    if (!slot.batch.empty() && slot.destination->backoff.ready(now)) return Load{&slot.batch, slot.destination};
  }
  return std::nullopt;
}

std::optional<Lane::Load> Lane::read(SteadyTime now, std::size_t max_records) {
  for (;;) {
    BatchLimits limits;
    limits.max_records = std::min(limits.max_records, max_records);
    limits.newest = end_ == End::kNewest;
    limits.streams = wanted();
    if (limits.streams.none()) return std::nullopt;
    lost_ = true;  // undone behind what may run out of memory, with records given already
    const std::vector<Record> records = source_->read(limits);
    if (records.empty()) {
      lost_ = false;
      return std::nullopt;
    }
    Slot& slot = slots_[0].destination->streams[records.front().stream] ? slots_[0] : slots_[1];
    slot.batch.fill(records, *rewrite_);
    lost_ = false;
    source_->release();
    if (slot.destination->backoff.ready(now)) return Load{&slot.batch, slot.destination};
  }
}

StreamSet Lane::wanted() const noexcept {
  StreamSet streams;
  for (const Slot& slot : slots_) {
    const bool in_time = end_ == End::kOldest || slot.destination->backoff.state() == Backoff::State::kUp;
    if (slot.batch.empty() && in_time) streams |= slot.destination->streams;
  }
  return streams;
}

// Rewinding gives the records of every held batch again, so those of this lane are let go of first; what another lane
// holds may travel twice.
void Lane::read_again() {
  for (Slot& slot : slots_) slot.batch.clear();
  source_->rewind();
  lost_ = false;
}

}  // namespace logs_sdk::inline v1
