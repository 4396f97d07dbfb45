// make_project_folder: the folder of one project of one user, `<parent>/<euid>/<16 hex>/v1`, made where it is missing
// and verified where it is there. The parent may be a place where everybody writes, so nothing in it is trusted: each
// level from <euid> on belongs to us, is 0700 and is no link.
#ifndef LOGS_SDK_SPOOL_PROJECT_FOLDER_H_
#define LOGS_SDK_SPOOL_PROJECT_FOLDER_H_

#include <string>

#include "src/base/status.h"

namespace logs_sdk::inline v1 {

struct ProjectFolderOptions {
  std::string parent;  // made sticky and writable by all if it is missing; the folder that holds it must exist
  std::string key;     // 16 lower-case hex digits, of endpoint and project
};

struct ProjectFolder {
  std::string path;    // of v1
  std::string notice;  // not empty: something that a person should be told, once
};

// Where the parent belongs to somebody else and is not sticky, its owner could replace our folder under our hands:
// `<parent>-<euid>`, 0700, is used instead, with a notice. Fails with kConfiguration naming path and reason.
Result<ProjectFolder> make_project_folder(const ProjectFolderOptions& options);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_PROJECT_FOLDER_H_
