// Lane: the way of one source's records to their destinations. It reads, and holds at most one batch for each
// destination: the one being sent, or waiting until its destination may be tried again.
//
// A destination that waits does not stop the records of the other: those behind the held batch are read past, and read
// again (RecordSource::rewind) once the held batch is settled.
// Thread-safety: none; the shipper's thread.
#ifndef LOGS_SDK_SHIPPER_LANE_H_
#define LOGS_SDK_SHIPPER_LANE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "src/shipper/batch.h"
#include "src/shipper/destination.h"
#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

class Lane {
 public:
  // A batch and where it goes. Valid until the lane is asked again.
  struct Load {
    Batch* batch = nullptr;
    Destination* destination = nullptr;
  };

  // `source`, `destinations` and `random` outlive the lane.
  Lane(RecordSource& source, Destinations& destinations, Random& random);

  RecordSource& source() const noexcept { return *source_; }
  // What may be sent at `now`: a held batch whose destination is ready, else, when `may_read`, the next one read.
  std::optional<Load> next(SteadyTime now, bool may_read);
  // Whether anything read is neither sent nor settled.
  bool holds() const noexcept;
  // Earliest time at which a held batch may be tried; absent when none is held.
  std::optional<SteadyTime> ready_at() const noexcept;
  // Whether a held batch waits for a destination that is down or parked.
  bool blocked() const noexcept;

 private:
  struct Slot {
    Destination* destination = nullptr;
    Batch batch;               // empty: none held
    bool passed_over = false;  // records of this destination were read past
  };

  Slot& slot_of(Stream stream) noexcept;
  std::optional<Load> next_held(SteadyTime now) noexcept;
  std::optional<Load> read(SteadyTime now);
  void rewind_if_due();

  RecordSource* source_;
  Destinations* destinations_;
  Random* random_;
  std::array<Slot, 2> slots_;  // one for each destination
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_LANE_H_
