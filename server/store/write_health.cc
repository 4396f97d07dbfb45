#include "server/store/write_health.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::Status;

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// What a mount, an attribute or a mode says before anything is tried.
Status check_rights(const std::string& path) {
  for (const std::string& place : {path, folder_of(path)}) {
    if (::faccessat(AT_FDCWD, place.c_str(), W_OK, AT_EACCESS) != 0) {
      return logs_sdk::errno_status(Code::kConfiguration, "its folder or file cannot be written", errno);
    }
  }
  return {};
}

Status check_room(const std::string& path) {
  struct statvfs disk {};
  if (::statvfs(path.c_str(), &disk) != 0) return logs_sdk::errno_status(Code::kRetry, "its disk is not there", errno);
  const std::uint64_t free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free_bytes >= kMinFreeBytes) return {};
  return {Code::kRetry, "its disk is full: " + std::to_string(free_bytes) + " bytes are left"};
}

}  // namespace

WriteHealth::WriteHealth(std::string path, const logs_sdk::Clock& clock, OnChange on_change)
    : path_(std::move(path)), clock_(clock), on_change_(std::move(on_change)) {}

void WriteHealth::note_append(const Status& appended) {
  bool changed = false;
  {
    const std::lock_guard lock(mutex_);
    changed = failure_.has_value() == appended.ok();
    if (appended.ok()) {
      failure_.reset();
    } else {
      failure_ = Failure{appended, clock_.steady()};
    }
  }
  if (changed && on_change_) on_change_(appended);
}

Status WriteHealth::check() {
  if (Status rights = check_rights(path_); !rights.ok()) return rights;
  if (Status room = check_room(path_); !room.ok()) return room;
  const std::lock_guard lock(mutex_);
  if (!failure_ || clock_.steady() - failure_->at >= kFailureCounts) return {};
  const std::string& message = failure_->status.message();
  const std::string named = path_ + ": ";
  return {failure_->status.code(), message.starts_with(named) ? message.substr(named.size()) : message};
}

}  // namespace logs_server
