// The Shipper takes records from their sources, joins them into batches, posts them and settles each by the answer.
//
// It owns one thread, started by start(). Sources: the living spool, and orphans, which it looks for every 5 s +- 50 %.
// Thread-safety: start, wake, flush, stop and status from any thread.
// Nothing it reads is let go of before the platform has said what became of it (docs/architecture.md, "answers").
// In a forked child every call does nothing: the thread did not come along.
#ifndef LOGS_SDK_SHIPPER_SHIPPER_H_
#define LOGS_SDK_SHIPPER_SHIPPER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/clock.h"
#include "src/base/random.h"
#include "src/shipper/batch.h"
#include "src/shipper/http_transport.h"
#include "src/spool/dead_letters.h"
#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

enum class Severity { kInfo, kWarning, kError };

struct ShipperOptions {
  std::string endpoint;
  std::string api_key, api_secret;
  std::string sdk_type = "cpp", sdk_version, sdk_hash;
  std::chrono::milliseconds flush_interval{5000};
  std::chrono::milliseconds timeout{15000};
  int max_retries = 3;
  // A drain that wake() asked for goes on while at least so many records wait. At least 1.
  std::uint64_t drain_again_at = 800;
  // `kind` groups messages for the limit of one per minute.
  std::function<void(Severity, std::string_view kind, std::string_view text)> on_message;
  // Asked at start and every 5 s +- 50 %: sources of dead processes.
  std::function<std::vector<std::unique_ptr<RecordSource>>()> find_orphans;
  // Gets each entry that the platform has refused for good, before its record is settled so; a crash in between gives
  // it twice. What fails is said once. Empty: none is kept.
  std::function<Status(const DeadLetter&)> keep_dead_letter;
  // Called in the shipper's thread, for each record that was read, before it is put into a batch.
  RecordRewriter rewrite;
};

struct ShipperStatus {
  std::uint64_t batches_sent = 0;
  std::uint64_t send_failures = 0;
  std::uint64_t unconfirmed = 0;
  std::uint64_t recovered = 0;
  bool destination_down = false;
  bool parked = false;
};

class Shipper {
 public:
  // `live` outlives the shipper.
  Shipper(ShipperOptions options, RecordSource& live, std::unique_ptr<HttpTransport> transport, Clock& clock,
          Random& random);
  ~Shipper();  // stops at once
  Shipper(const Shipper&) = delete;
  Shipper& operator=(const Shipper&) = delete;

  void start();
  // Ship now instead of at the end of the flush interval. No lock is held while shipping.
  void wake() noexcept;
  // Ships everything that `live` holds now; false when `deadline` passed first or the destination is down.
  bool flush(SteadyTime deadline);
  // One last attempt until `deadline`, then the thread ends; a running request is cut off. Idempotent.
  void stop(SteadyTime deadline);
  ShipperStatus status() const;

 private:
  struct Impl;

  bool forked() const noexcept;

  std::unique_ptr<Impl> impl_;
  const std::uint32_t generation_;  // fork_generation() of the process that made it
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_SHIPPER_H_
