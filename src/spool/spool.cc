#include "src/spool/spool.h"

#include <fcntl.h>

#include <algorithm>

#include "src/spool/live_spool.h"
#include "src/spool/orphan_directory.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxNames = 65536;

}  // namespace

Spool::~Spool() = default;

std::unique_ptr<Spool> Spool::open(SpoolOptions options, Clock& clock, Random& random) {
  return std::make_unique<LiveSpool>(std::move(options), clock, random);
}

std::vector<std::unique_ptr<Orphan>> find_orphans(const std::string& project_dir, std::size_t limit, Clock&) {
  const auto project = open_directory(AT_FDCWD, project_dir);
  // A lock that another machine holds may look free here, so nothing is adopted from a network.
  if (!project.ok() || backing_of(project.value().get()) == Backing::kNetwork) return {};
  const auto names = list_directory(project.value().get(), kMaxNames);
  if (!names.ok()) return {};
  std::vector<std::unique_ptr<OrphanDirectory>> found;
  for (const std::string& name : names.value()) {
    auto orphan = OrphanDirectory::open(project.value().get(), name);
    if (!orphan.ok()) continue;
    if (orphan.value()->spooled().pending() > 0) found.push_back(std::move(orphan).value());
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a->oldest_wall_us() < b->oldest_wall_us(); });
  if (found.size() > limit) found.resize(limit);  // the others are let go, unchanged
  return {std::make_move_iterator(found.begin()), std::make_move_iterator(found.end())};
}

}  // namespace logs_sdk::inline v1
