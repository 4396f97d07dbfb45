// Keeper: the thread that looks after the spool: prepares segments, recycles, enforces caps, syncs.
//
// Thread-safety: start() once, stop() from any thread.
// Ownership: the spool outlives the thread. A thread that is stuck in the file system when a deadline ends is let go
// of; `at_end`, given at start, tells when it no longer needs anything.
#ifndef LOGS_SDK_SDK_KEEPER_H_
#define LOGS_SDK_SDK_KEEPER_H_

#include <functional>
#include <memory>
#include <thread>

#include "src/base/clock.h"
#include "src/spool/spool.h"

namespace logs_sdk::inline v1 {

class Keeper {
 public:
  static constexpr std::chrono::milliseconds kPeriod{100};

  Keeper(Spool& spool, Clock& clock);
  ~Keeper();  // stops, and waits for the thread unless it was let go of
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // Throws std::system_error when there is no thread to be had; `at_end` is then not called. Otherwise it is the last
  // thing that the thread does. All signals are blocked in the thread.
  void start(std::function<void()> at_end);

  // Ends the thread, waiting until `deadline` at most. Idempotent. Not to be called by the thread itself.
  void stop(SteadyTime deadline);

 private:
  struct Shared;

  Spool& spool_;
  Clock& clock_;
  const std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_KEEPER_H_
