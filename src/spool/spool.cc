#include "src/spool/spool.h"

#include <fcntl.h>

#include <utility>

#include "src/spool/live_spool.h"
#include "src/spool/orphan_directory.h"
#include "src/spool/project_space.h"

namespace logs_sdk::inline v1 {
Spool::~Spool() = default;

std::unique_ptr<Spool> Spool::open(SpoolOptions options, Clock& clock, Random& random) {
  return std::make_unique<LiveSpool>(std::move(options), clock, random);
}

std::vector<std::unique_ptr<Orphan>> find_orphans(const std::string& project_dir, std::size_t limit, Clock&) {
  const auto project = open_directory(AT_FDCWD, project_dir);
  std::vector<std::unique_ptr<Orphan>> found;
  if (!project.ok()) return found;
  for (auto& orphan : open_orphans(project.value().get(), limit, nullptr)) found.push_back(std::move(orphan));
  return found;
}

std::vector<std::unique_ptr<OrphanDirectory>> open_orphans(int project, std::size_t limit,
                                                           const std::shared_ptr<HeldOrphans>& held) {
  // A lock that another machine holds may look free here, so nothing is adopted from a network.
  if (backing_of(project) == Backing::kNetwork) return {};
  std::vector<std::unique_ptr<OrphanDirectory>> found;
  for (const OrphanSpace& candidate : measure_project(project, "").orphans) {
    if (found.size() >= limit) break;
    auto orphan = OrphanDirectory::open(project, candidate.name, held);
    // One in which nothing is pending is removed as it goes out of scope.
    if (orphan.ok() && orphan.value()->spooled().pending() > 0) found.push_back(std::move(orphan).value());
  }
  return found;
}

}  // namespace logs_sdk::inline v1
