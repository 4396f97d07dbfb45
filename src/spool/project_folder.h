// The folder of one project of one user, `<parent>/<euid>/<16 hex>/v1`: made where it is missing, verified where it is
// there. The parent may be a place where everybody writes, so nothing in it is trusted: each level from <euid> on
// belongs to us, is 0700 and is no link.
//
// Who owns a folder may rename and remove what others keep in it, sticky or not. So the parent has to belong to root or
// to us, and where it does not, or where somebody has put something of his own in the place of <euid>, the folder lies
// in `<parent>-<euid>`, which is ours from its name on.
//
// Thread-safety: every call from any thread.
#ifndef LOGS_SDK_SPOOL_PROJECT_FOLDER_H_
#define LOGS_SDK_SPOOL_PROJECT_FOLDER_H_

#include <functional>
#include <string>
#include <vector>

#include "src/base/file_system.h"
#include "src/base/status.h"

namespace logs_sdk::inline v1 {

struct ProjectFolderOptions {
  std::string parent;  // made sticky and writable by all if it is missing; the folder that holds it must exist
  std::string key;     // 16 lower-case hex digits, of endpoint and project
};

struct ProjectFolder {
  std::string path;    // of v1
  std::string notice;  // not empty: it does not lie in the parent; why, for a person
};

// Fails with kConfiguration naming path and reason. Nobody can be kept from taking both names in a parent's parent that
// is open to all; the message then names both.
Result<ProjectFolder> make_project_folder(const ProjectFolderOptions& options);

// make_project_folder() for whoever may need it again: where the folder lies depends on what others have done since.
using FindProjectFolder = std::function<Result<ProjectFolder>()>;

// The same folder in the places where it is not kept now, though it was before the parent had another owner, or by an
// earlier version: those that are there. Nothing is made or changed; a level that is not ours alone ends the search.
// `in_use`: path of the one that is kept; may be empty.
std::vector<FileDescriptor> former_project_folders(const ProjectFolderOptions& options, const std::string& in_use);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_PROJECT_FOLDER_H_
