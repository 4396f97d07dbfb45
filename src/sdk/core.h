// Core: everything behind LogSDK: capture, spool, shipper and keeper, and the states of their life.
//
//     idle -> starting -> running -> closing -> closed          idle -> closed
//     starting -> idle, when memory runs out: the next call tries again
//
// Ownership: shared, by a count: one for LogSDK, one for each exchange in flight, one for the keeper's thread. So an
// exchange may outlive LogSDK. Spool, shipper and keeper are made by start() and live as long as the core.
// Thread-safety: every call from any thread. The request path takes no lock; threads that meet in start() or close()
// wait for each other.
// Fork: a core that was started before the fork belongs to the parent. In the child every call only counts, takes no
// lock and leaves what was inherited alone; one that was not started yet starts in the child as in any process.
#ifndef LOGS_SDK_SDK_CORE_H_
#define LOGS_SDK_SDK_CORE_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "logs_sdk/config.h"
#include "logs_sdk/stats.h"
#include "src/base/clock.h"
#include "src/base/random.h"
#include "src/capture/capture.h"
#include "src/capture/exchange_pool.h"
#include "src/capture/exchange_sink.h"
#include "src/sdk/entry_writer.h"
#include "src/sdk/fork_watch.h"
#include "src/sdk/keeper.h"
#include "src/sdk/log_line.h"
#include "src/sdk/messages.h"
#include "src/sdk/stack_rewriter.h"
#include "src/shipper/shipper.h"
#include "src/spool/dead_letters.h"
#include "src/spool/spool.h"

namespace logs_sdk::inline v1 {

class Core final : public ExchangeSink {
 public:
  // With one reference, the caller's. Throws ConfigError.
  static Core* make(Config config);
  void release() noexcept;

  void start() noexcept;
  Exchange begin() noexcept;
  bool send(LogEntry& entry) noexcept;
  bool log(LogLevel level, std::string_view message, const Tags& tags, Exchange& within) noexcept;
  bool upload(InfraLogEntry& entry, Exchange& within) noexcept;
  bool flush(std::chrono::milliseconds deadline) noexcept;
  bool close(std::chrono::milliseconds deadline) noexcept;
  Stats stats() const;
  // A started core of the parent, seen in a forked child: its memory is left as it is, for its threads are not here.
  bool inherited() const noexcept;

  const Config& config() const noexcept { return config_; }
  const std::string& hostname() const noexcept { return hostname_; }

  void finish(ExchangeState* state, Outcome outcome) noexcept override;
  void settle_identity(ExchangeState& state) noexcept override;

 private:
  enum class State : std::uint32_t { kIdle, kStarting, kRunning, kClosing, kClosed };

  Core(Config config, TrustedProxies trusted);
  ~Core() override;

  void retain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  // Starts if need be. False: what was to be captured is counted as dropped instead.
  bool ready_to_capture() noexcept;
  // The same for what the application hands over, which is told when it comes too late.
  bool ready_to_take() noexcept;
  void open();
  void abandon_start() noexcept;
  void start_threads() noexcept;
  void start_keeper();
  ShipperOptions shipper_options();
  void count_drop(DropReason reason) noexcept;
  void wake_shipper_if_due() noexcept;
  bool nothing_pending() const;
  void become(State state) noexcept;

  // -- Constant after construction
  const Config config_;
  const std::string hostname_;
  Clock& clock_;
  Random& random_;
  const Capture capture_;
  const std::uint64_t wake_threshold_;
  const bool debug_lines_;

  // -- Atomic
  std::atomic<std::uint64_t> references_{1};
  std::atomic<State> state_{State::kIdle};
  std::atomic<std::uint32_t> generation_{0};  // of the process that started; 0 before. Written before state_ moves on
  std::atomic<std::uint64_t> excluded_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::array<std::atomic<std::uint64_t>, kDropReasonCount> drops_{};  // those that no spool of this process can count

  mutable Messages messages_;
  ExchangePool pool_;

  // -- Made by start(), constant afterwards: published by state_ becoming kRunning
  std::optional<DeadLetters> dead_letters_;
  std::optional<StackRewriter> stack_rewriter_;
  std::unique_ptr<Spool> spool_;
  std::optional<ForkWatch> fork_watch_;
  std::optional<EntryWriter> writer_;
  std::unique_ptr<Shipper> shipper_;
  std::optional<Keeper> keeper_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_CORE_H_
