// OrphanDirectory: the records of a dead process (spool.h, Orphan). Its owner holds the directory's lock meanwhile.
//
// Whatever the bytes are, the outcome is the same: what verifies is shipped, what does not is counted, the directory
// goes away in the end. Segments are read with pread, never mapped.
#ifndef LOGS_SDK_SPOOL_ORPHAN_DIRECTORY_H_
#define LOGS_SDK_SPOOL_ORPHAN_DIRECTORY_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "src/spool/expiry.h"
#include "src/spool/held_orphans.h"
#include "src/spool/instance_directory.h"
#include "src/spool/ledger_file.h"
#include "src/spool/segment_shelf.h"
#include "src/spool/spool.h"

namespace logs_sdk::inline v1 {

class OrphanDirectory final : public Orphan {
 public:
  // Takes the directory over and scans it. Errors: InstanceDirectory::adopt's, and what reading may fail with.
  // `held`: where it is listed as long as it lives; may be null.
  static Result<std::unique_ptr<OrphanDirectory>> open(int project, const std::string& name,
                                                       std::shared_ptr<HeldOrphans> held = nullptr);
  ~OrphanDirectory() override;

  const std::string& instance() const noexcept override { return directory_.name(); }
  std::vector<Record> read(const BatchLimits& limits) override;
  void rewind() override;
  void settle(std::span<const RecordId> records, Verdict verdict) override;
  LedgerTotals spooled() const override;
  LedgerTotals in_memory() const override { return {}; }

  // Settles what is too old as dropped.
  void expire(const Now& now, std::chrono::seconds max_age);
  // Drops the oldest segments, counted, until `bytes` are free or none is left; the bytes freed.
  std::uint64_t make_room(std::uint64_t bytes);

 private:
  OrphanDirectory(InstanceDirectory directory, LedgerFile ledger);
  Status load();
  std::uint64_t drop_oldest();
  // Folds the segment and removes its file; what is pending in it counts as dropped for `reason`.
  bool fold_and_remove(SegmentBook& book, DropReason reason);
  void release_settled();

  InstanceDirectory directory_;
  std::shared_ptr<HeldOrphans> held_;  // null: not listed
  mutable std::mutex mutex_;
  LedgerFile ledger_;   // guarded by mutex_
  SegmentShelf shelf_;  // guarded by mutex_
  bool whole_ = true;   // every segment could be read; guarded by mutex_
};

// find_orphans() of spool.h in an open project folder, with those found listed in `held`, which may be null.
std::vector<std::unique_ptr<OrphanDirectory>> open_orphans(int project, std::size_t limit,
                                                           const std::shared_ptr<HeldOrphans>& held);

// Drops the oldest segments of an orphan until `bytes` are free or none is left; the bytes freed. 0 for one that is
// owned after all.
std::uint64_t trim_orphan(int project, const std::string& name, std::uint64_t bytes);

// Drops the records of an orphan that are too old. Nothing happens to one that is owned after all.
void expire_orphan(int project, const std::string& name, const Now& now, std::chrono::seconds max_age);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_ORPHAN_DIRECTORY_H_
