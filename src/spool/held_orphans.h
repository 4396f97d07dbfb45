// HeldOrphans: the orphans that this process ships at the moment. Their locks are taken, so nobody else can make room
// in them or look at their age; the living spool of the same process does, through this list.
//
// Thread-safety: every call from any thread. Lock order: the spool's mutex, this list's, an orphan's.
#ifndef LOGS_SDK_SPOOL_HELD_ORPHANS_H_
#define LOGS_SDK_SPOOL_HELD_ORPHANS_H_

#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace logs_sdk::inline v1 {

class OrphanDirectory;

class HeldOrphans {
 public:
  void add(OrphanDirectory& orphan);
  // Returns once nobody looks at it any more.
  void remove(OrphanDirectory& orphan) noexcept;
  std::vector<std::string> names() const;
  // Calls `look` with the orphan of that name, which stays meanwhile. False: none of that name is held.
  bool with(const std::string& name, const std::function<void(OrphanDirectory&)>& look) const;

 private:
  mutable std::mutex mutex_;
  std::vector<OrphanDirectory*> orphans_;  // guarded by mutex_
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_HELD_ORPHANS_H_
