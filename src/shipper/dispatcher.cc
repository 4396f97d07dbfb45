#include "src/shipper/dispatcher.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace logs_sdk::inline v1 {
namespace {

SteadyTime::duration part_of(std::chrono::milliseconds whole, double share) noexcept {
  return std::chrono::duration_cast<SteadyTime::duration>(share * std::chrono::duration<double, std::milli>(whole));
}

std::uint64_t captured(const RecordSource& source) { return source.spooled().captured + source.in_memory().captured; }

std::uint64_t ended(const RecordSource& source) {
  const LedgerTotals spooled = source.spooled();
  const LedgerTotals in_memory = source.in_memory();
  return spooled.captured - spooled.pending() + in_memory.captured - in_memory.pending();
}

}  // namespace

Dispatcher::Dispatcher(const ShipperOptions& options, RecordSource& live, HttpTransport& transport, Clock& clock,
                       Random& random)
    : options_(&options),
      clock_(&clock),
      random_(&random),
      destinations_(options.endpoint, options.max_retries, random),
      sender_(options, transport, clock),
      live_(live, destinations_, random) {}

void Dispatcher::begin() {
  const SteadyTime now = clock_->steady();
  next_drain_ = now + options_->flush_interval;
  if (options_->find_orphans) next_look_ = now + part_of(kMaxFirstLook, random_->uniform());
}

void Dispatcher::drain_live() {
  live_due_ = true;
  live_target_ = captured(live_.source());
  next_drain_ = clock_->steady() + options_->flush_interval;
}

std::uint64_t Dispatcher::live_pending() const {
  return live_.source().spooled().pending() + live_.source().in_memory().pending();
}

bool Dispatcher::step() {
  const SteadyTime now = clock_->steady();
  if (now >= next_drain_) drain_live();
  if (now >= next_look_) look_for_orphans(now);
  const bool orphans_turn = live_in_a_row_ >= kLivePerOrphan;
  if (!orphans_turn && step_live(now, SteadyTime::max())) {
    ++live_in_a_row_;
    return true;
  }
  live_in_a_row_ = 0;
  return step_orphans(now) || (orphans_turn && step_live(now, SteadyTime::max()));
}

SteadyTime Dispatcher::next_due() const noexcept {
  SteadyTime due = std::min(next_drain_, next_look_);
  if (const auto at = live_.ready_at()) due = std::min(due, *at);
  if (!orphans_.empty()) due = std::min(due, orphans_.front().lane.ready_at().value_or(due));
  return due;
}

void Dispatcher::last_attempts(SteadyTime deadline) {
  drain_live();
  destinations_.make_ready();
  // At the beginning of time every destination is ready but those that have failed since make_ready().
  constexpr SteadyTime kUnlessFailed = SteadyTime::min();
  while (clock_->steady() < deadline && step_live(kUnlessFailed, deadline)) {
  }
}

bool Dispatcher::step_live(SteadyTime now, SteadyTime not_after) {
  const std::optional<Lane::Load> load = live_.next(now, live_due_);
  if (!load) {
    if (!live_.holds()) live_due_ = false;
    return false;
  }
  sender_.attempt(*load->batch, live_.source(), *load->destination, not_after);
  // Under steady traffic there is always one more record: what came later waits for the next drain, in larger batches.
  if (live_due_ && !live_.holds() && ended(live_.source()) >= live_target_) live_due_ = false;
  return true;
}

bool Dispatcher::step_orphans(SteadyTime now) {
  while (!orphans_.empty()) {
    OrphanLane& orphan = orphans_.front();
    const std::optional<Lane::Load> load = orphan.lane.next(now, true);
    if (load) {
      const std::size_t count = load->batch->count();
      if (sender_.attempt(*load->batch, *orphan.source, *load->destination, SteadyTime::max())) {
        recovered_ += count;
      }
      return true;
    }
    if (orphan.lane.holds()) return false;
    orphans_.pop_front();  // nothing is left in it: its destructor removes the directory
  }
  return false;
}

// New ones are taken only when the ones at hand are done, so that many dead processes cost this one no memory.
void Dispatcher::look_for_orphans(SteadyTime now) {
  next_look_ = now + part_of(kOrphanInterval, 0.5 + random_->uniform());
  if (!orphans_.empty()) return;
  for (std::unique_ptr<RecordSource>& source : options_->find_orphans()) {
    RecordSource& records = *source;
    orphans_.push_back({std::move(source), Lane(records, destinations_, *random_)});
  }
}

}  // namespace logs_sdk::inline v1
