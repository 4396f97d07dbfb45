#include "src/spool/project_space.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "src/base/file_system.h"
#include "src/spool/dead_letters.h"
#include "src/spool/instance_directory.h"
#include "src/spool/segment_format.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxNames = 65536;

struct InstanceSpace {
  std::uint64_t bytes = 0;
  std::int64_t oldest_wall_us = std::numeric_limits<std::int64_t>::max();
};

std::optional<InstanceSpace> measure_instance(int project, const std::string& name) {
  const auto directory = open_directory(project, name);
  if (!directory.ok()) return std::nullopt;
  const auto files = list_directory(directory.value().get(), kMaxNames);
  if (!files.ok()) return std::nullopt;
  InstanceSpace space;
  for (const std::string& file : files.value()) {
    struct stat status = {};
    if (!segment_number(file) || fstatat(directory.value().get(), file.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      continue;
    }
    // The time of the last change is good enough to compare whole segments of different processes by.
    const std::int64_t changed_us = std::int64_t{status.st_mtim.tv_sec} * 1'000'000 + status.st_mtim.tv_nsec / 1000;
    space.bytes += static_cast<std::uint64_t>(status.st_size);
    space.oldest_wall_us = std::min(space.oldest_wall_us, changed_us);
  }
  return space;
}

}  // namespace

ProjectSpace measure_project(int project, const std::string& own, std::span<const std::string> held) {
  ProjectSpace space;
  const auto names = list_directory(project, kMaxNames);
  if (!names.ok()) return space;
  space.dead_letter_bytes = measure_dead_letters(project);
  space.bytes = space.dead_letter_bytes;
  for (const std::string& name : names.value()) {
    if (name.size() != 32) continue;
    const auto instance = measure_instance(project, name);
    if (!instance) continue;
    space.bytes += instance->bytes;
    if (name == own) continue;
    const bool ours = std::find(held.begin(), held.end(), name) != held.end();
    if (!ours && InstanceDirectory::owned(project, name)) {
      ++space.owners;
    } else {
      space.orphans.push_back({name, instance->oldest_wall_us});
    }
  }
  std::sort(space.orphans.begin(), space.orphans.end(),
            [](const OrphanSpace& a, const OrphanSpace& b) { return a.oldest_wall_us < b.oldest_wall_us; });
  return space;
}

}  // namespace logs_sdk::inline v1
