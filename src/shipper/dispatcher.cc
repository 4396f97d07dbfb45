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
      sender_(options, transport, clock, random),
      live_(live, destinations_, options.rewrite),
      fresh_(live, destinations_, options.rewrite, Lane::End::kNewest) {}

void Dispatcher::begin() {
  const SteadyTime now = clock_->steady();
  next_drain_ = now + options_->flush_interval;
  if (options_->find_orphans) next_look_ = now + part_of(kMaxFirstLook, random_->uniform());
}

void Dispatcher::drain_live() {
  const std::uint64_t count = captured(live_.source());
  if (!live_due_) fresh_known_ = count;
  begin_shipping();
  live_due_ = true;
  live_target_ = count;
  next_drain_ = clock_->steady() + options_->flush_interval;
}

std::uint64_t Dispatcher::live_pending() const {
  return live_.source().spooled().pending() + live_.source().in_memory().pending();
}

bool Dispatcher::step() {
  const SteadyTime now = clock_->steady();
  if (now >= next_drain_) drain_live();
  if (now >= next_look_) look_for_orphans(now);
  if (!fresh_went_ && step_fresh(now, SteadyTime::max())) {
    fresh_went_ = true;
    return true;
  }
  const bool again = std::exchange(fresh_went_, false);
  return step_backlog(now) || (again && step_fresh(now, SteadyTime::max()));
}

bool Dispatcher::step_backlog(SteadyTime now) {
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
  if (const auto at = fresh_.ready_at()) due = std::min(due, *at);
  if (!orphans_.empty()) due = std::min(due, orphans_.front().lane.ready_at().value_or(due));
  return due;
}

void Dispatcher::last_attempts(SteadyTime deadline) {
  drain_live();
  destinations_.make_ready();
  // At the beginning of time every destination is ready but those that have failed since make_ready().
  constexpr SteadyTime kUnlessFailed = SteadyTime::min();
  while (clock_->steady() < deadline && (step_fresh(kUnlessFailed, deadline) || step_live(kUnlessFailed, deadline))) {
  }
}

void Dispatcher::begin_shipping() {
  if (!shipping()) next_fresh_ = clock_->steady() + kFreshInterval;
}

std::optional<Lane::Load> Dispatcher::next_fresh(SteadyTime now) {
  if (const auto held = fresh_.next(now, 0)) return held;
  if (!shipping() || now < next_fresh_) return std::nullopt;
  const std::uint64_t count = captured(live_.source());
  // More than a batch of them are backlog themselves.
  fresh_known_ = std::max(fresh_known_, count - std::min<std::uint64_t>(count, BatchLimits{}.max_records));
  const std::optional<Lane::Load> load = fresh_.next(now, static_cast<std::size_t>(count - fresh_known_));
  if (!load) return std::nullopt;
  fresh_known_ += load->batch->waiting();
  next_fresh_ = now + kFreshInterval;
  return load;
}

bool Dispatcher::step_fresh(SteadyTime now, SteadyTime not_after) {
  const std::optional<Lane::Load> load = next_fresh(now);
  if (!load) return false;
  // They count as ended, but are not those that the drain was asked for.
  live_target_ += sender_.attempt(*load->batch, live_.source(), *load->destination, not_after);
  note_live_progress();
  return true;
}

bool Dispatcher::step_live(SteadyTime now, SteadyTime not_after) {
  const std::optional<Lane::Load> load = live_due_ ? live_.next(now) : live_.next(now, 0);
  if (!load) {
    if (!live_.holds() && !fresh_.holds()) live_due_ = false;
    return false;
  }
  sender_.attempt(*load->batch, live_.source(), *load->destination, not_after);
  note_live_progress();
  return true;
}

// Under steady traffic there is always one more record: what came later waits for the next drain, in larger batches.
void Dispatcher::note_live_progress() {
  if (live_due_ && !live_.holds() && !fresh_.holds() && ended(live_.source()) >= live_target_) live_due_ = false;
}

bool Dispatcher::step_orphans(SteadyTime now) {
  while (!orphans_.empty()) {
    OrphanLane& orphan = orphans_.front();
    if (const std::optional<Lane::Load> load = orphan.lane.next(now)) {
      recovered_ += sender_.attempt(*load->batch, *orphan.source, *load->destination, SteadyTime::max());
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
  begin_shipping();
  for (std::unique_ptr<RecordSource>& source : options_->find_orphans()) {
    RecordSource& records = *source;
    orphans_.push_back({std::move(source), Lane(records, destinations_, options_->rewrite)});
  }
}

}  // namespace logs_sdk::inline v1
