#include "tools/logs_spool/project_folders.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "src/base/hex.h"
#include "src/spool/dead_letters.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxNames = 65536;
constexpr std::string_view kVersionFolder = "v1";
constexpr std::size_t kKeyBytes = 16, kInstanceBytes = 32;

// Names a user whose spools may be read: everybody's by root, else one's own.
bool is_readable_user(std::string_view name) {
  const bool is_user =
      !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
  return is_user && (geteuid() == 0 || name == std::to_string(geteuid()));
}
bool is_key(std::string_view name) { return name.size() == kKeyBytes && is_hex(name); }
bool is_of_project(std::string_view name) {
  return name == kDeadLetterFolder || (name.size() == kInstanceBytes && is_hex(name));
}

// Anybody may have made a folder with a user's number where everybody writes; it is that user's if he owns it.
bool is_users(int parent, const std::string& name) {
  struct stat status = {};
  return is_readable_user(name) && fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISDIR(status.st_mode) && name == std::to_string(status.st_uid);
}

// Goes down from the folder that was named, by the names that the levels have.
class Search {
 public:
  Status look(int parent, const std::string& name, const std::string& path, const std::string& prefix) {
    auto directory = open_directory(parent, name);
    if (!directory.ok()) return {directory.status().code(), path + ": " + directory.status().message()};
    const auto names = list_directory(directory.value().get(), kMaxNames);
    if (!names.ok()) return names.status();
    if (name == kVersionFolder || std::any_of(names.value().begin(), names.value().end(), is_of_project)) {
      found_.push_back({path, prefix, std::move(directory).value()});
      return {};
    }
    for (const std::string& below : names.value()) {
      if (below != kVersionFolder && !is_key(below) && !is_users(directory.value().get(), below)) continue;
      const std::string shown = below == kVersionFolder ? prefix : prefix + below + "/";
      if (Status status = look(directory.value().get(), below, path + "/" + below, shown); !status.ok()) return status;
    }
    return {};
  }
  std::vector<OpenProject> take() { return std::move(found_); }

 private:
  std::vector<OpenProject> found_;
};

// The folders `<path>-<uid>` of readable users, sorted.
std::vector<std::string> folders_beside(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string parent = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::string prefix = path.substr(slash + 1) + "-";
  std::vector<std::string> found;
  const FileDescriptor directory(open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const auto names = list_directory(directory.get(), kMaxNames);
  if (!names.ok()) return found;
  for (const std::string& name : names.value()) {
    if (!name.starts_with(prefix) || !is_readable_user(std::string_view(name).substr(prefix.size()))) continue;
    if (open_directory(directory.get(), name).ok()) found.push_back(path + name.substr(prefix.size() - 1));
  }
  return found;
}

}  // namespace

Result<std::vector<OpenProject>> open_projects(const std::string& folder) {
  std::string path = folder;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  Search search;
  // Whatever somebody has put in the place of offline_dir hides nothing of what lies beside it.
  const Status there = open_directory(AT_FDCWD, path).status();
  if (there.ok()) {
    if (Status status = search.look(AT_FDCWD, path, path, ""); !status.ok()) return status;
  }
  for (const std::string& beside : folders_beside(path)) {
    const std::string name = beside.substr(beside.rfind('/') + 1);
    if (Status status = search.look(AT_FDCWD, beside, beside, name + "/"); !status.ok()) return status;
  }
  std::vector<OpenProject> found = search.take();
  if (!found.empty()) return found;
  const std::string why = there.ok() ? "no spool is in this folder; name offline_dir" : there.message();
  return Status(Code::kConfiguration, path + ": " + why);
}

}  // namespace logs_sdk::inline v1
