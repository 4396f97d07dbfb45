#include "src/spool/project_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "src/base/hex.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr mode_t kOurs = 0700;
constexpr mode_t kForAll = 01777;
constexpr mode_t kWritableByOthers = 022;

// Who may own a folder.
enum class Owner { kWe, kRootOrWe };

bool is_fine(uid_t user, Owner owner) { return user == geteuid() || (user == 0 && owner == Owner::kRootOrWe); }

Status refuse(const std::string& path, const std::string& why, Code code = Code::kConfiguration) {
  return Status(code, "cannot use the folder " + path + ": " + why);
}

std::string whose(const struct stat& status, Owner owner) {
  const std::string user = "it belongs to user " + std::to_string(status.st_uid);
  return owner == Owner::kWe ? user : user + ", who may remove what others keep in it";
}

// Opens a folder that is there; `name` in `parent`, `path` for messages. kGiveUp: the name is taken by what is of no
// use to us, and another name may be free. A link or a file in the place of the parent is nobody's attack when root or
// we have put it there, but a mistake to be told.
Result<FileDescriptor> open_existing(int parent, const std::string& name, const std::string& path, Owner owner) {
  auto directory = open_directory(parent, name);
  struct stat status = {};  // of a failure the error alone does not tell a link from a file
  const int examined = directory.ok() ? fstat(directory.value().get(), &status)
                                      : fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW);
  if (examined != 0) return errno_status(Code::kConfiguration, "cannot examine the folder " + path, errno);
  if (!is_fine(status.st_uid, owner)) return refuse(path, whose(status, owner), Code::kGiveUp);
  if (directory.ok()) return directory;
  const Code taken = owner == Owner::kWe ? Code::kGiveUp : Code::kConfiguration;
  if (S_ISLNK(status.st_mode)) return refuse(path, "it is a link, and links are not followed", taken);
  if (!S_ISDIR(status.st_mode)) return refuse(path, "it is not a folder", taken);
  return refuse(path, directory.status().message());
}

// Opens one level, made if it is missing, and checks that it is ours alone.
Result<FileDescriptor> open_own(int parent, const std::string& name, const std::string& path) {
  if (mkdirat(parent, name.c_str(), kOurs) != 0 && errno != EEXIST) {
    return errno_status(Code::kConfiguration, "cannot make the folder " + path, errno);
  }
  auto directory = open_existing(parent, name, path, Owner::kWe);
  if (!directory.ok()) return directory;
  // Ours, so the rights are ours to mend: an umask or a careless chmod is no reason to lose the spool.
  struct stat status = {};
  const bool right = fstat(directory.value().get(), &status) == 0 && (status.st_mode & 07777) == kOurs;
  if (!right && fchmod(directory.value().get(), kOurs) != 0) {
    return errno_status(Code::kConfiguration, "cannot set the rights of the folder " + path, errno);
  }
  return directory;
}

// Sticky and writable by all if we make it: other users of the machine find it there.
Result<FileDescriptor> open_parent(const std::string& path) {
  const bool made = mkdir(path.c_str(), kForAll) == 0;
  if (!made && errno != EEXIST) {
    return errno_status(Code::kConfiguration, "cannot make the folder " + path, errno);
  }
  auto directory = open_existing(AT_FDCWD, path, path, Owner::kRootOrWe);
  if (directory.ok() && made && fchmod(directory.value().get(), kForAll) != 0) {  // past the umask
    return errno_status(Code::kConfiguration, "cannot set the rights of the folder " + path, errno);
  }
  return directory;
}

// `folder` is closed once the level in it is open.
Result<FileDescriptor> open_level(Result<FileDescriptor> folder, const std::string& name, std::string& path) {
  path += "/" + name;
  return folder.ok() ? open_own(folder.value().get(), name, path) : std::move(folder);
}

// What there is, without making or mending anything.
FileDescriptor open_as_found(int parent, const std::string& name) {
  auto directory = open_directory(parent, name);
  struct stat status = {};
  const bool ours_alone = directory.ok() && fstat(directory.value().get(), &status) == 0 &&
                          status.st_uid == geteuid() && (status.st_mode & kWritableByOthers) == 0;
  return ours_alone ? std::move(directory).value() : FileDescriptor();
}

// The two places of a spool.
struct Places {
  explicit Places(std::string named) : parent(std::move(named)) {
    while (parent.size() > 1 && parent.back() == '/') parent.pop_back();
    own = parent + "-" + user;
  }
  const std::string user = std::to_string(geteuid());
  std::string parent;
  std::string own;
};

}  // namespace

Result<ProjectFolder> make_project_folder(const ProjectFolderOptions& options) {
  if (options.key.size() != 16 || !is_hex(options.key)) return refuse(options.parent, "the key is not 16 hex digits");
  const Places places(options.parent);
  ProjectFolder folder{.path = places.parent, .notice = {}};
  auto level = open_level(open_parent(places.parent), places.user, folder.path);
  if (!level.ok() && level.status().code() == Code::kGiveUp) {
    folder = {.path = places.own, .notice = level.status().message() + "; using " + places.own};
    level = open_level(open_own(AT_FDCWD, places.own, places.own), places.user, folder.path);
    if (!level.ok()) return Status(Code::kConfiguration, folder.notice + ": " + level.status().message());
  }
  for (const std::string& name : {options.key, std::string("v1")}) {
    level = open_level(std::move(level), name, folder.path);
  }
  if (!level.ok()) return Status(Code::kConfiguration, level.status().message());
  return folder;
}

std::vector<FileDescriptor> former_project_folders(const ProjectFolderOptions& options, const std::string& in_use) {
  const Places places(options.parent);
  const std::string below = "/" + places.user + "/" + options.key + "/v1";
  std::vector<FileDescriptor> found;
  for (const std::string& place : {places.parent, places.own}) {
    if (place + below == in_use) continue;
    auto top = open_directory(AT_FDCWD, place);
    FileDescriptor level = top.ok() ? std::move(top).value() : FileDescriptor();
    for (const std::string& name : {places.user, options.key, std::string("v1")}) {
      if (level.valid()) level = open_as_found(level.get(), name);
    }
    if (level.valid()) found.push_back(std::move(level));
  }
  return found;
}

}  // namespace logs_sdk::inline v1
