#include "src/spool/project_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "src/base/file_system.h"
#include "src/base/hex.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr mode_t kOurs = 0700;
constexpr mode_t kForAll = 01777;

Status refuse(const std::string& path, const std::string& why) {
  return Status(Code::kConfiguration, "cannot use the folder " + path + ": " + why);
}

// Opens a folder that is there; `name` in `parent`, `path` for messages.
Result<FileDescriptor> open_existing(int parent, const std::string& name, const std::string& path) {
  auto directory = open_directory(parent, name);
  if (directory.ok()) return directory;
  struct stat status = {};  // the error alone does not tell a link from a file
  if (fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
    if (S_ISLNK(status.st_mode)) return refuse(path, "it is a link, and links are not followed");
    if (!S_ISDIR(status.st_mode)) return refuse(path, "it is not a folder");
  }
  return refuse(path, directory.status().message());
}

// Opens one level, made if it is missing, and checks that it is ours alone.
Result<FileDescriptor> open_own(int parent, const std::string& name, const std::string& path) {
  if (mkdirat(parent, name.c_str(), kOurs) != 0 && errno != EEXIST) {
    return errno_status(Code::kConfiguration, "cannot make the folder " + path, errno);
  }
  auto directory = open_existing(parent, name, path);
  if (!directory.ok()) return directory;
  struct stat status = {};
  if (fstat(directory.value().get(), &status) != 0) {
    return errno_status(Code::kConfiguration, "cannot examine the folder " + path, errno);
  }
  if (status.st_uid != geteuid()) return refuse(path, "it belongs to user " + std::to_string(status.st_uid));
  // Ours, so the rights are ours to mend: an umask or a careless chmod is no reason to lose the spool.
  if ((status.st_mode & 07777) != kOurs && fchmod(directory.value().get(), kOurs) != 0) {
    return errno_status(Code::kConfiguration, "cannot set the rights of the folder " + path, errno);
  }
  return directory;
}

Result<FileDescriptor> open_levels(FileDescriptor directory, const std::string& path, const std::string& user,
                                   const std::string& key) {
  std::string reached = path;
  for (const std::string& level : {user, key, std::string("v1")}) {
    reached += "/" + level;
    auto next = open_own(directory.get(), level, reached);
    if (!next.ok()) return next;
    directory = std::move(next).value();
  }
  return directory;
}

// Sticky and writable by all if we make it: other users of the machine find it there.
Result<FileDescriptor> open_parent(const std::string& path) {
  const bool made = mkdir(path.c_str(), kForAll) == 0;
  if (!made && errno != EEXIST) {
    return errno_status(Code::kConfiguration, "cannot make the folder " + path, errno);
  }
  auto directory = open_existing(AT_FDCWD, path, path);
  if (!directory.ok()) return directory;
  if (made && fchmod(directory.value().get(), kForAll) != 0) {  // past the umask
    return errno_status(Code::kConfiguration, "cannot set the rights of the folder " + path, errno);
  }
  return directory;
}

// Who owns a folder that is not sticky may rename and replace what others keep in it.
bool replaceable_by_owner(int directory) {
  struct stat status = {};
  if (fstat(directory, &status) != 0) return true;
  return status.st_uid != geteuid() && (status.st_mode & S_ISVTX) == 0;
}

}  // namespace

Result<ProjectFolder> make_project_folder(const ProjectFolderOptions& options) {
  if (options.key.size() != 16 || !is_hex(options.key)) return refuse(options.parent, "the key is not 16 hex digits");
  const std::string user = std::to_string(geteuid());
  ProjectFolder folder;
  std::string parent_path = options.parent;
  while (parent_path.size() > 1 && parent_path.back() == '/') parent_path.pop_back();
  auto parent = open_parent(parent_path);
  if (!parent.ok()) return parent.status();
  if (replaceable_by_owner(parent.value().get())) {
    folder.notice = "the folder " + parent_path + " belongs to somebody else and is not sticky";
    parent_path += "-" + user;
    folder.notice += "; using " + parent_path;
    parent = open_own(AT_FDCWD, parent_path, parent_path);
    if (!parent.ok()) return parent.status();
  }
  auto last = open_levels(std::move(parent).value(), parent_path, user, options.key);
  if (!last.ok()) return last.status();
  folder.path = parent_path + "/" + user + "/" + options.key + "/v1";
  return folder;
}

}  // namespace logs_sdk::inline v1
