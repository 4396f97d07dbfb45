#include "server/command/folder_exposure.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

namespace logs_server {
namespace {

constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;
constexpr mode_t kOthersEnter = S_IXGRP | S_IXOTH;

std::optional<struct stat> status_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

std::string octal(mode_t mode) {
  std::string digits;
  for (int shift = 9; shift >= 0; shift -= 3) digits += static_cast<char>('0' + ((mode >> shift) & 7U));
  return digits;
}

// The owner can always give himself the rights that he lacks.
bool is_a_strangers(const struct stat& status, uid_t self) { return status.st_uid != self && status.st_uid != 0; }

std::string strangers(const std::string& path, const struct stat& status, std::string_view consequence) {
  return path + ": belongs to user " + std::to_string(status.st_uid) + ", who can " + std::string(consequence);
}

void check_own(const std::string& path, const struct stat& status, uid_t self, std::vector<std::string>& told) {
  const bool folder = S_ISDIR(status.st_mode);
  if (is_a_strangers(status, self)) {
    told.push_back(strangers(path, status, "read and change what is kept there; chown it"));
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0) return;
  const std::string verb = (status.st_mode & kOthersWrite) != 0 ? "write into" : folder ? "look into" : "read";
  told.push_back(path + ": others may " + verb + " it, its mode is " + octal(status.st_mode) + "; chmod " +
                 (folder ? "700" : "600") + " it");
}

// Write access to a folder is the right to rename what is in it; sticky, it is left to the owners of both.
void check_above(const std::string& path, const struct stat& status, uid_t self, std::vector<std::string>& told) {
  static constexpr std::string_view kReplace = "put another folder into the place of the data folder";
  if (is_a_strangers(status, self)) told.push_back(strangers(path, status, kReplace));
  if ((status.st_mode & S_IWOTH) == 0 || (status.st_mode & S_ISVTX) != 0) return;
  told.push_back(path + ": everybody may " + std::string(kReplace) + ", its mode is " + octal(status.st_mode) +
                 "; chmod o-w it");
}

}  // namespace

std::vector<std::string> folder_exposure(const std::string& data_folder, uid_t self) {
  std::vector<std::string> told;
  const std::optional<struct stat> folder = status_of(data_folder);
  if (!folder || !S_ISDIR(folder->st_mode)) return told;
  check_own(data_folder, *folder, self, told);
  if ((folder->st_mode & kOthersEnter) != 0) {
    for (const char* name : {"store.db", "store.db-wal", "store.db-shm", "meta.db", "meta.db-wal", "meta.db-shm"}) {
      const std::string path = data_folder + "/" + name;
      if (const auto file = status_of(path)) check_own(path, *file, self, told);
    }
  }
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(data_folder, error);
  if (error) return told;
  for (std::filesystem::path above = real; above.has_relative_path();) {
    above = above.parent_path();
    if (const auto status = status_of(above.string())) check_above(above.string(), *status, self, told);
  }
  return told;
}

}  // namespace logs_server
