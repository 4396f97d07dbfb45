// ProjectSpace: how much room the directories of one project take, over all processes.
#ifndef LOGS_SDK_SPOOL_PROJECT_SPACE_H_
#define LOGS_SDK_SPOOL_PROJECT_SPACE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace logs_sdk::inline v1 {

struct OrphanSpace {
  std::string name;
  std::int64_t oldest_wall_us = 0;  // when its oldest segment was last made
};

struct ProjectSpace {
  std::uint64_t owners = 1;  // directories with a living owner, this one included
  std::uint64_t bytes = 0;   // of all segments, preallocated ones as well, and of dead letters
  std::uint64_t dead_letter_bytes = 0;
  std::vector<OrphanSpace> orphans;  // oldest first
};

// `own`: the directory that counts as owned without asking. `held`: the orphans that this process ships; they are
// orphans all the same, although their locks are taken. What cannot be read counts nothing.
ProjectSpace measure_project(int project, const std::string& own, std::span<const std::string> held = {});

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_PROJECT_SPACE_H_
