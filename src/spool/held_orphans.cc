#include "src/spool/held_orphans.h"

#include <algorithm>

#include "src/spool/orphan_directory.h"

namespace logs_sdk::inline v1 {

void HeldOrphans::add(OrphanDirectory& orphan) {
  const std::lock_guard lock(mutex_);
  orphans_.push_back(&orphan);
}

void HeldOrphans::remove(OrphanDirectory& orphan) noexcept {
  const std::lock_guard lock(mutex_);
  std::erase(orphans_, &orphan);
}

std::vector<std::string> HeldOrphans::names() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const OrphanDirectory* orphan : orphans_) names.push_back(orphan->instance());
  return names;
}

bool HeldOrphans::with(const std::string& name, const std::function<void(OrphanDirectory&)>& look) const {
  const std::lock_guard lock(mutex_);
  const auto place =
      std::find_if(orphans_.begin(), orphans_.end(), [&](const auto* each) { return each->instance() == name; });
  if (place == orphans_.end()) return false;
  look(**place);
  return true;
}

}  // namespace logs_sdk::inline v1
