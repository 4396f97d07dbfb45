// What stands in a project folder, seen by somebody who owns nothing in it: for the commands of operators.
//
// Only reads: takes no lock, makes no file, and leaves every owner, living or dead, what it has. What a living process
// changes meanwhile may or may not be seen; each record that is shown is whole. Entries in its memory queue are not in
// the files. Thread-safety: free functions without state.
#ifndef LOGS_SDK_SPOOL_SPOOL_VIEW_H_
#define LOGS_SDK_SPOOL_SPOOL_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/status.h"
#include "src/spool/owner_identity.h"
#include "src/spool/record_source.h"

namespace logs_sdk::inline v1 {

struct InstanceView {
  std::string name;
  bool owned = false;   // by a process that lives
  OwnerIdentity owner;  // as far as the lock file tells
  LedgerTotals totals;  // of the ledger and the segments together
  std::size_t segments = 0;
  std::size_t unreadable = 0;  // of the segments
};

// A record without a verdict. The payload lives during the visit.
struct PendingRecord {
  Stream stream = 0;
  std::optional<std::int64_t> written_at_us = {};  // Unix time; none where the segment's header is damaged
  std::string_view payload;
};

// The names of the instance directories in an open project folder, sorted.
Result<std::vector<std::string>> spool_instances(int project);

// Calls `visit`, which may be empty, with each pending record of an instance, oldest first. kRetry: the directory is
// gone, because whoever owned it has removed it.
Result<InstanceView> view_instance(int project, const std::string& name,
                                   const std::function<void(const PendingRecord&)>& visit);

// Calls `visit` with each line of each file of dead letters, oldest file first; `line` is without its line feed. A line
// longer than any that is written comes as an empty one.
Status view_dead_letters(int project, const std::function<void(const std::string& file, std::string_view line)>& visit);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_SPOOL_VIEW_H_
