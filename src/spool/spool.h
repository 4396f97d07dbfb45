// A Spool is a crash-safe queue of opaque records in a directory of mapped segment files, one directory per process.
//
// Thread-safety: append() from any thread; the RecordSource half from one thread at a time; maintain() from one thread
// at a time, at the same time as all others.
// Ownership: one Spool owns its directory, by a lock, until destroyed.
// Durability: once append() has returned kSpooled, the record survives the death of the process (SIGKILL included), and
// the death of the machine once the kernel has written it back (Sync::kInterval: 500 ms).
// Formats: docs/formats/spool.md.
#ifndef LOGS_SDK_SPOOL_SPOOL_H_
#define LOGS_SDK_SPOOL_SPOOL_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/clock.h"
#include "src/base/random.h"
#include "src/base/status.h"
#include "src/spool/project_folder.h"
#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

struct SpoolOptions {
  std::string project_dir;                  // …/<euid>/<16 hex>/v1; empty: find_project_dir tells it
  std::uint64_t max_bytes = 50ull << 20;    // over all directories in project_dir
  std::chrono::seconds max_age{24 * 3600};  // of a record, while it waits
  bool sync_interval = false;               // fdatasync every 500 ms in maintain()
  std::size_t memory_records = 1000;        // bound of the memory queue
  std::size_t memory_bytes = 16u << 20;     // its second bound, of payload
  // False: append with pwrite, also where pages could be mapped. Slower (1-4 us a record instead of 0.2), as durable.
  bool map_segments = true;
  std::string library_version;  // for a person who looks into owner.lock
  // Called before each attempt to get a directory in the project folder, with a lock of the spool held; what it tells
  // is project_dir from then on. Empty: project_dir is there already.
  FindProjectFolder find_project_dir;
  // Other folders in which orphans of this project may lie, beside the one that is named. Empty: there are none.
  std::function<std::vector<FileDescriptor>(const std::string& project_dir)> former_project_dirs;
  // Called once per episode of a kind of event, from maintain() or open(), never from append().
  std::function<void(std::string_view kind, std::string_view text)> on_event;
};

enum class Appended : std::uint8_t {
  kSpooled,   // in the mapped file
  kInMemory,  // no page could be had in time: a kill loses it; counted apart
  kDropped,   // counted by its reason
};

class Orphan;

class Spool : public RecordSource {
 public:
  // Never fails: where no directory can be had, the spool runs from memory and maintain() tries again. Takes the lock,
  // prepares the first segments.
  static std::unique_ptr<Spool> open(SpoolOptions options, Clock& clock, Random& random);
  ~Spool() override;

  // Hot path: no system call, lock or allocation unless the record goes to memory. `payload` may be any bytes of at
  // most max_record_bytes(), else dropped(oversize).
  virtual Appended append(Stream stream, std::string_view payload) noexcept = 0;
  virtual void count_drop(
      DropReason reason) noexcept = 0;  // captured and dropped in one step, by the caller's decision
  virtual std::size_t max_record_bytes() const noexcept = 0;

  // Records appended and not yet settled; a relaxed estimate for deciding when to ship.
  virtual std::uint64_t pending_estimate() const noexcept = 0;

  // Prepares segments ahead, recycles, enforces caps and age, syncs, returns from memory mode. Called by the keeper
  // thread every 100 ms and at once when wait_for_work() returns.
  virtual void maintain() = 0;
  // Blocks until maintain() has work or `deadline`; interrupt() ends it early.
  virtual void wait_for_work(SteadyTime deadline) = 0;
  virtual void interrupt() noexcept = 0;

  // As find_orphans() below; to the cap and the age of records those found stay what they are, orphans, although this
  // process holds them: the oldest make room first. Those of former_project_dirs come last and are no part of the cap;
  // what is too old in them is dropped here. The orphans may outlive the spool.
  virtual std::vector<std::unique_ptr<Orphan>> adopt_orphans(std::size_t limit) = 0;

  // After fork, in the child: closes what was inherited without unlocking it; from then on append() drops(forked).
  virtual void abandon_after_fork() noexcept = 0;
};

// The directories of dead processes in `project_dir`: each whose lock is free is taken, one at a time by the caller's
// choice. An orphan with nothing left is removed by its destructor, its ledger totals folded first.
class Orphan : public RecordSource {
 public:
  // Removes the directory when all its records are settled; otherwise leaves it for the next.
  ~Orphan() override = default;
};
// At most `limit` orphans, oldest first.
std::vector<std::unique_ptr<Orphan>> find_orphans(const std::string& project_dir, std::size_t limit, Clock& clock);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_SPOOL_H_
