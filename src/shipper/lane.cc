#include "src/shipper/lane.h"

#include <algorithm>
#include <vector>

namespace logs_sdk::inline v1 {

Lane::Lane(RecordSource& source, Destinations& destinations, Random& random)
    : source_(&source), destinations_(&destinations), random_(&random) {
  slots_[0].destination = &destinations.of(0);
  slots_[1].destination = &destinations.of(kInfraStream);
}

std::optional<Lane::Load> Lane::next(SteadyTime now, bool may_read) {
  rewind_if_due();
  if (auto load = next_held(now)) return load;
  return may_read ? read(now) : std::nullopt;
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

Lane::Slot& Lane::slot_of(Stream stream) noexcept {
  const Destination* destination = &destinations_->of(stream);
  return slots_[0].destination == destination ? slots_[0] : slots_[1];
}

std::optional<Lane::Load> Lane::next_held(SteadyTime now) noexcept {
  for (Slot& slot : slots_) {
    if (!slot.batch.empty() && slot.destination->backoff.ready(now)) return Load{&slot.batch, slot.destination};
  }
  return std::nullopt;
}

std::optional<Lane::Load> Lane::read(SteadyTime now) {
  for (;;) {
    const std::vector<Record> records = source_->read(BatchLimits{});
    if (records.empty()) return std::nullopt;
    Slot& slot = slot_of(records.front().stream);
    if (!slot.batch.empty()) {
      slot.passed_over = true;
      continue;
    }
    slot.passed_over = true;  // undone behind what may run out of memory: then the records are read again
    slot.batch.fill(records, *random_);
    source_->release();
    slot.passed_over = false;
    if (slot.destination->backoff.ready(now)) return Load{&slot.batch, slot.destination};
  }
}

// Rewinding gives the records of every held batch again, so those are let go of first; read again they form a new
// batch.
void Lane::rewind_if_due() {
  const bool due = std::any_of(slots_.begin(), slots_.end(),
                               [](const Slot& slot) { return slot.passed_over && slot.batch.empty(); });
  if (!due) return;
  for (Slot& slot : slots_) {
    slot.batch.clear();
    slot.passed_over = false;
  }
  source_->rewind();
}

}  // namespace logs_sdk::inline v1
