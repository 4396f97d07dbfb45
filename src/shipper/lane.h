// Lane: the way of one source's records to their destinations. It reads, and holds at most one batch for each
// destination: the one being sent, or waiting until its destination may be tried again.
//
// A destination that waits does not stop the records of the other: only streams for which no batch is held are read.
// Two lanes may lead from the two ends of one source.
// Thread-safety: none; the shipper's thread.
#ifndef LOGS_SDK_SHIPPER_LANE_H_
#define LOGS_SDK_SHIPPER_LANE_H_

#include <array>
#include <cstddef>
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

  enum class End {
    kOldest,
    // Read only for a destination that is up: what is newest now will not be newest when it is.
    kNewest,
  };

  // All outlive the lane.
  Lane(RecordSource& source, Destinations& destinations, const RecordRewriter& rewrite, End end = End::kOldest);

  RecordSource& source() const noexcept { return *source_; }
  // What may be sent at `now`: a held batch whose destination is ready, else one read, of at most `max_records`. With 0
  // nothing is read.
  std::optional<Load> next(SteadyTime now, std::size_t max_records = BatchLimits{}.max_records);
  // Whether anything read is neither sent nor settled.
  bool holds() const noexcept;
  // Earliest time at which a held batch may be tried; absent when none is held.
  std::optional<SteadyTime> ready_at() const noexcept;
  // Whether a held batch waits for a destination that is down or parked.
  bool blocked() const noexcept;

 private:
  struct Slot {
    Destination* destination = nullptr;
    Batch batch;  // empty: none held
  };

  std::optional<Load> next_held(SteadyTime now) noexcept;
  std::optional<Load> read(SteadyTime now, std::size_t max_records);
  StreamSet wanted() const noexcept;
  void read_again();

  RecordSource* source_;
  const RecordRewriter* rewrite_;
  End end_;
  std::array<Slot, 2> slots_;  // one for each destination
  bool lost_ = false;          // records were read and are in no batch
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_LANE_H_
