#include "server/store/folder_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::Status;

bool try_lock(int descriptor) {
  struct flock whole_file {};
  whole_file.l_type = F_WRLCK;
  whole_file.l_whence = SEEK_SET;
  return ::fcntl(descriptor, F_OFD_SETLK, &whole_file) == 0;
}

// What the owner wrote; only digits are believed.
std::string owner_pid(int descriptor) {
  std::array<char, 16> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  std::string pid;
  for (ssize_t i = 0; i < size; ++i) {
    const char digit = text[static_cast<std::size_t>(i)];
    if (digit < '0' || digit > '9') break;
    pid += digit;
  }
  return pid.empty() ? "unknown" : pid;
}

// Only for the message of the next one who finds the lock taken, so a failure changes nothing.
void write_own_pid(int descriptor) {
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, pid.data(), pid.size(), 0);
}

}  // namespace

logs_sdk::Result<std::unique_ptr<FolderLock>> FolderLock::acquire(const std::string& folder) {
  const std::string path = folder + "/lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return logs_sdk::errno_status(Code::kConfiguration, path + ": cannot be opened", errno);
  std::unique_ptr<FolderLock> lock(new FolderLock(descriptor));
  if (try_lock(descriptor)) {
    write_own_pid(descriptor);
    return lock;
  }
  if (errno == EAGAIN || errno == EACCES) {
    return Status(Code::kConfiguration,
                  path + ": another server uses this folder (process " + owner_pid(descriptor) + ")");
  }
  return logs_sdk::errno_status(Code::kConfiguration, path + ": cannot be locked", errno);
}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace logs_server
