// ProjectSpace: how much room the directories of one project take, over all processes.
#ifndef LOGS_SDK_SPOOL_PROJECT_SPACE_H_
#define LOGS_SDK_SPOOL_PROJECT_SPACE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace logs_sdk::inline v1 {

struct OrphanSpace {
  std::string name;
  std::int64_t oldest_wall_us = 0;  // when its oldest segment was last made
};

struct ProjectSpace {
  std::uint64_t owners = 1;          // directories with a living owner, this one included
  std::uint64_t bytes = 0;           // of all segments, preallocated ones as well
  std::vector<OrphanSpace> orphans;  // oldest first
};

// `own`: the directory that counts as owned without asking. What cannot be read counts nothing.
ProjectSpace measure_project(int project, const std::string& own);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_PROJECT_SPACE_H_
