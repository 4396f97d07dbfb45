// LiveSpool: the Spool of this process. Contract: spool.h.
//
// The hot path is a ring of prepared segments: position_ names the one that is appended to, and whoever finds it full
// moves position_ on by one. A ring slot holds the position that it is meant for beside its writer, so that a slot that
// was not filled in time is seen as such; then the record goes to memory, and as soon as maintain() has filled the slot
// the files are back. Nothing on this path waits for anybody.
#ifndef LOGS_SDK_SPOOL_LIVE_SPOOL_H_
#define LOGS_SDK_SPOOL_LIVE_SPOOL_H_

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/spool/expiry.h"
#include "src/spool/fork_guard.h"
#include "src/spool/held_orphans.h"
#include "src/spool/instance_directory.h"
#include "src/spool/ledger_file.h"
#include "src/spool/memory_queue.h"
#include "src/spool/project_space.h"
#include "src/spool/segment_shelf.h"
#include "src/spool/segment_writer.h"
#include "src/spool/spool.h"

namespace logs_sdk::inline v1 {

constexpr auto kRetryInterval = std::chrono::seconds(10);  // between attempts to get a directory, or space
constexpr auto kCalmInterval = std::chrono::seconds(10);   // without a further event: the episode is over

// True at most once in `interval`; the first time at once.
inline bool is_due(std::optional<SteadyTime>& next, SteadyTime now, std::chrono::nanoseconds interval) {
  if (next && now < *next) return false;
  next = now + std::chrono::duration_cast<SteadyTime::duration>(interval);
  return true;
}

inline std::int64_t steady_microseconds(SteadyTime time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

class LiveSpool final : public Spool {
 public:
  LiveSpool(SpoolOptions options, Clock& clock, Random& random);
  ~LiveSpool() override;

  const std::string& instance() const noexcept override { return instance_name_; }
  std::vector<Record> read(const BatchLimits& limits) override;
  void release() override;
  void rewind() override;
  void settle(std::span<const RecordId> records, Verdict verdict) override;
  LedgerTotals spooled() const override;
  LedgerTotals in_memory() const override;

  Appended append(Stream stream, std::string_view payload) noexcept override;
  void count_drop(DropReason reason) noexcept override;
  std::size_t max_record_bytes() const noexcept override { return max_payload_bytes(segment_bytes_); }
  std::uint64_t pending_estimate() const noexcept override;
  std::vector<std::unique_ptr<Orphan>> adopt_orphans(std::size_t limit) override;
  void maintain() override;
  void wait_for_work(SteadyTime deadline) override;
  void interrupt() noexcept override;
  void abandon_after_fork() noexcept override;

 private:
  static constexpr std::size_t kRing = 8;      // more than are ever prepared at once
  static constexpr std::size_t kWriters = 16;  // those in the ring, and full ones in which an append has not returned
  static constexpr std::uint64_t kMaxAhead = 3;
  using Writers = std::array<std::unique_ptr<SegmentWriter>, kWriters>;

  // What exists once a directory could be had; then for the life of the spool.
  struct Home {
    FileDescriptor project;
    InstanceDirectory directory;
    std::unique_ptr<LedgerFile> ledger;
    SegmentShelf shelf;
    bool map;
  };
  // In its own block, so that a forked child can leave it alone for ever: a thread that is not in the child may have
  // been changing it.
  struct State {
    std::mutex mutex;
    std::optional<Home> home;
    std::string project_dir;
    std::string folder_notice;       // as last told
    ProjectSpace space;              // as last measured
    std::uint64_t next_number = 1;   // of a segment
    std::uint64_t prepared_end = 0;  // ring positions below have been filled
    std::optional<SteadyTime> next_home, next_create, next_stands, next_measure, next_expiry, next_sync;
    std::uint64_t memory_seen = 0;             // captured in memory, as of the last maintain()
    std::optional<SteadyTime> memory_episode;  // when the last record of a running one was seen
    bool unavailable_said = false;
    std::optional<SteadyTime> cap_episode;  // when something was last dropped in a running one
    std::vector<std::unique_ptr<LedgerFile>> former_ledgers;
    std::vector<std::pair<std::string, std::string>> events;  // to be told outside the lock
  };

  static std::uint32_t choose_segment_bytes(const SpoolOptions& options);

  // All of these with the mutex held.
  Status find_project_dir();
  Status settle_in();
  void move_home();
  void pull_all();
  void retire_drained();
  void release_settled();
  void note_cap(const Now& now);
  void make_room(const Now& now);
  void prepare_ahead(const Now& now);
  bool prepare_one(SegmentWriter& writer, const Now& now);
  Result<SegmentFile> obtain_file(const Now& now);
  Result<SegmentFile> create_file(const Now& now);
  Status fold_away(SegmentBook& book, DropReason reason);
  SegmentBook* oldest_complete();
  bool usable_again(const SegmentBook& book) const;
  SegmentHeader next_header(const Now& now);
  std::uint64_t ready() const noexcept;
  std::uint64_t share_bytes() const;
  std::uint64_t segment_limit() const;
  std::uint64_t ahead() const;
  void measure(const Now& now);
  void orphans_make_room(std::uint64_t bytes, const Now& now);
  void expire(const Now& now);
  void keep_durable(const Now& now);
  void note_memory(const Now& now);
  void say(std::string kind, std::string text);

  std::string project_dir() const;
  std::vector<Record> read_files(const BatchLimits& limits);
  Appended append_to_memory(Stream stream, std::string_view payload) noexcept;
  void wake_keeper() noexcept;

  // Constant after construction.
  const SpoolOptions options_;
  Clock& clock_;
  const Uuid instance_;
  const std::string instance_name_;
  const std::uint32_t segment_bytes_;
  Writers writers_;
  std::unique_ptr<State> state_;
  const std::shared_ptr<HeldOrphans> held_ = std::make_shared<HeldOrphans>();

  // The hot path.
  ForkGuard guard_;
  std::atomic<std::uint32_t> now_tenths_{0};            // steady clock, as of the last maintain()
  std::array<std::atomic<std::uint64_t>, kRing> ring_;  // position << 8 | index in writers_
  alignas(64) std::atomic<std::uint64_t> position_{0};
  alignas(64) std::atomic<std::uint64_t> appended_{0};
  alignas(64) std::atomic<std::uint64_t> settled_{0};  // with appended_: what pending_estimate() tells
  std::atomic<LedgerFile*> ledger_{nullptr};           // once set, never null again
  MemoryQueue memory_;
  std::array<std::atomic<std::uint64_t>, kDropReasonCount> dropped_in_child_{};

  std::mutex work_mutex_;
  std::condition_variable work_condition_;
  std::atomic<bool> work_{false};
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_LIVE_SPOOL_H_
