// Dispatcher: decides what is sent next; each destination by its own backoff.
//
// What waits is shipped oldest first, live records before those of dead processes, but never only them. While that
// takes long, a backlog is being shipped: then what has just come goes first, from the newest end, twice a second and
// in turn with the backlog. So a new entry waits for three requests at most, however much stands before it, and the
// backlog gets half of them.
//
// It is the shipper without its thread: one call, at most one request, so that tests can take it step by step.
// Thread-safety: none; the shipper's thread.
#ifndef LOGS_SDK_SHIPPER_DISPATCHER_H_
#define LOGS_SDK_SHIPPER_DISPATCHER_H_

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "src/base/clock.h"
#include "src/base/random.h"
#include "src/shipper/destination.h"
#include "src/shipper/lane.h"
#include "src/shipper/sender.h"
#include "src/shipper/shipper.h"
#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

class Dispatcher {
 public:
  // Batches of living records for each one of a dead process while both wait: a backlog of hours must not delay what
  // happens now, and must not wait for ever either.
  static constexpr int kLivePerOrphan = 4;
  // What comes while a backlog is being shipped is sent so often. A drain that takes less is not delayed by it.
  static constexpr std::chrono::milliseconds kFreshInterval{500};
  static constexpr std::chrono::milliseconds kMaxFirstLook{100};     // orphans are looked for after [0, this)
  static constexpr std::chrono::milliseconds kOrphanInterval{5000};  // and then every 5 s +- 50 %

  // All outlive the dispatcher.
  Dispatcher(const ShipperOptions& options, RecordSource& live, HttpTransport& transport, Clock& clock, Random& random);

  // Sets the first times of both sources. Once, before step().
  void begin();
  // Everything that the living source has captured until now is due.
  void drain_live();
  // Posts at most one request. False: nothing may be sent before next_due() or the next drain_live().
  bool step();
  SteadyTime next_due() const noexcept;
  // Whether what drain_live() asked for is settled.
  bool live_drained() const noexcept { return !live_due_; }
  // How many records of the living source wait for a verdict.
  std::uint64_t live_pending() const;
  // Whether it waits for a destination that is down or parked.
  bool live_blocked() const noexcept { return live_due_ && (live_.blocked() || fresh_.blocked()); }
  // Each destination gets one more attempt at what the living source holds, as long as `deadline` allows.
  void last_attempts(SteadyTime deadline);

  const Sender::Counters& counters() const noexcept { return sender_.counters(); }
  std::uint64_t recovered() const noexcept { return recovered_; }
  bool any(Backoff::State state) const noexcept { return destinations_.any(state); }

 private:
  struct OrphanLane {
    std::unique_ptr<RecordSource> source;
    Lane lane;
  };

  bool step_fresh(SteadyTime now, SteadyTime not_after);
  bool step_backlog(SteadyTime now);
  bool step_live(SteadyTime now, SteadyTime not_after);
  bool step_orphans(SteadyTime now);
  void note_live_progress();
  void begin_shipping();
  std::optional<Lane::Load> next_fresh(SteadyTime now);
  bool shipping() const noexcept { return live_due_ || !orphans_.empty(); }
  void look_for_orphans(SteadyTime now);

  const ShipperOptions* options_;
  Clock* clock_;
  Random* random_;
  Destinations destinations_;
  Sender sender_;
  Lane live_;
  Lane fresh_;                                 // from the newest end of the living source
  bool fresh_went_ = false;                    // with the last step: the backlog's turn
  SteadyTime next_fresh_ = SteadyTime::max();  // while shipping()
  std::uint64_t fresh_known_ = 0;              // so many of all captured are not fresh: a drain is there for them
  bool live_due_ = false;
  std::uint64_t live_target_ = 0;  // drained when so many of the living source's records have ended
  int live_in_a_row_ = 0;
  SteadyTime next_drain_ = SteadyTime::max();
  std::deque<OrphanLane> orphans_;  // the first is being shipped
  SteadyTime next_look_ = SteadyTime::max();
  std::uint64_t recovered_ = 0;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_DISPATCHER_H_
