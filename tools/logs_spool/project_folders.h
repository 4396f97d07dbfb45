// The project folders below a folder that somebody names: he may mean offline_dir, a user's or a project's part of it,
// or the project folder itself (docs/formats/spool.md, "Folders"). With offline_dir, `offline_dir-<uid>` is meant too,
// where a user's spools lie who cannot trust whom offline_dir belongs to.
#ifndef LOGS_SDK_TOOLS_LOGS_SPOOL_PROJECT_FOLDERS_H_
#define LOGS_SDK_TOOLS_LOGS_SPOOL_PROJECT_FOLDERS_H_

#include <string>
#include <vector>

#include "src/base/file_system.h"
#include "src/base/status.h"

namespace logs_sdk::inline v1 {

struct OpenProject {
  std::string path;
  std::string prefix;  // what names of it begin with in a report: where it lies below the folder that was named, or,
                       // with that folder's name, beside it
  FileDescriptor directory;
};

// Sorted by path; at least one. Other users' are passed over, but for root. kConfiguration: no spool is there, or one
// of them may not be read.
Result<std::vector<OpenProject>> open_projects(const std::string& folder);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TOOLS_LOGS_SPOOL_PROJECT_FOLDERS_H_
