#include "src/spool/instance_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "src/spool/mutants.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxNames = 65536;  // in one directory: far more than segments can be

struct flock first_byte(short type) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_len = 1;
  return lock;
}

bool try_lock(int fd) {
  struct flock lock = first_byte(F_WRLCK);
  if (fcntl(fd, F_OFD_SETLK, &lock) == 0) return true;
  return errno == EINVAL && flock(fd, LOCK_EX | LOCK_NB) == 0;
}

bool bears_its_name(int directory, int fd) {
  before_inode_check();
  if (mutant(Mutant::kNoInodeCheck)) return true;
  struct stat held = {}, named = {};
  return fstat(fd, &held) == 0 && fstatat(directory, kLockName, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

std::string name_of(const Uuid& instance) {
  char digits[32];
  instance.to_hex(digits);
  return std::string(digits, sizeof digits);
}

Result<FileDescriptor> duplicate(int fd) {
  FileDescriptor copy(fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!copy.valid()) return errno_status(Code::kRetry, "cannot duplicate a descriptor", errno);
  return copy;
}

Status retry(const std::string& why) { return Status(Code::kRetry, why); }

OwnerIdentity read_identity(int fd) {
  char text[4096];
  const auto got = read_at(fd, text, sizeof text, 0);
  return decode(std::string_view(text, got.ok() ? got.value() : 0));
}

}  // namespace

InstanceDirectory::InstanceDirectory(FileDescriptor project, FileDescriptor directory, FileDescriptor lock,
                                     const Uuid& instance)
    : project_(std::move(project)),
      directory_(std::move(directory)),
      lock_(std::move(lock)),
      instance_(instance),
      name_(name_of(instance)) {}

Result<InstanceDirectory> InstanceDirectory::create(int project, const OwnerIdentity& owner) {
  const std::string name = name_of(owner.instance);
  auto project_copy = duplicate(project);
  if (!project_copy.ok()) return project_copy.status();
  if (mkdirat(project, name.c_str(), 0700) != 0) {
    const Code code = errno == EEXIST ? Code::kRetry : Code::kConfiguration;
    return errno_status(code, "cannot make the directory " + name, errno);
  }
  auto directory = open_directory(project, name);
  if (!directory.ok()) return retry(directory.status().message());
  auto lock = open_file(directory.value().get(), kLockName, O_RDWR | O_CREAT | O_EXCL);
  if (!lock.ok()) {
    const Code code = lock.status().code() == Code::kGiveUp ? Code::kRetry : lock.status().code();
    unlinkat(project, name.c_str(), AT_REMOVEDIR);
    return Status(code, name + ": " + lock.status().message());
  }
  // A sibling that looks for orphans may have been faster; then it is the one to remove the directory.
  if (!try_lock(lock.value().get())) return retry(name + " was taken while it was made");
  const std::string identity = encode(owner);
  if (Status status = write_at(lock.value().get(), identity.data(), identity.size(), 0); !status.ok()) {
    unlinkat(directory.value().get(), kLockName, 0);
    unlinkat(project, name.c_str(), AT_REMOVEDIR);
    return status;
  }
  if (!bears_its_name(directory.value().get(), lock.value().get()))
    return retry(name + " was removed while it was made");
  return InstanceDirectory(std::move(project_copy).value(), std::move(directory).value(), std::move(lock).value(),
                           owner.instance);
}

Result<InstanceDirectory> InstanceDirectory::adopt(int project, const std::string& name) {
  const auto instance = Uuid::parse(name);
  if (!instance || name != name_of(*instance)) return Status(Code::kInput, name + " is no instance");
  auto project_copy = duplicate(project);
  if (!project_copy.ok()) return project_copy.status();
  auto directory = open_directory(project, name);
  if (!directory.ok()) return directory.status();
  // Without a lock file: it is being made or removed this instant, or one of both was interrupted. Making the file
  // decides it: its maker finds that the name is taken and makes another directory.
  auto lock = open_file(directory.value().get(), kLockName, O_RDWR | O_CREAT);
  if (!lock.ok()) return lock.status();
  const int fd = lock.value().get();
  if (!try_lock(fd)) return retry(name + " has a living owner");
  if (!bears_its_name(directory.value().get(), fd)) return retry(name + ": the lock file was replaced");
  if (!mutant(Mutant::kIgnoreLiveIdentity) && provably_alive(read_identity(fd))) {
    return Status(Code::kConfiguration, name + ": its lock is free although its owner lives; locks do not work here");
  }
  return InstanceDirectory(std::move(project_copy).value(), std::move(directory).value(), std::move(lock).value(),
                           *instance);
}

bool InstanceDirectory::owned(int project, const std::string& name) {
  const auto directory = open_directory(project, name);
  if (!directory.ok()) return false;
  const auto lock_file = open_file(directory.value().get(), kLockName, O_RDWR);
  if (!lock_file.ok()) return false;
  struct flock lock = first_byte(F_WRLCK);
  return fcntl(lock_file.value().get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool InstanceDirectory::stands() const noexcept { return bears_its_name(directory_.get(), lock_.get()); }

Status InstanceDirectory::remove() {
  const auto names = list_directory(fd(), kMaxNames);
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) {
    if (name != kLockName) unlinkat(fd(), name.c_str(), 0);
  }
  // While the lock's name stands the directory is owned; once it is gone nothing is left that could be lost.
  unlinkat(fd(), kLockName, 0);
  if (unlinkat(project_.get(), name_.c_str(), AT_REMOVEDIR) == 0) return {};
  return errno_status(Code::kConfiguration, "cannot remove the directory " + name_, errno);
}

void InstanceDirectory::disown() noexcept {
  // A failure only means that the directory waits for the end of this process.
  static_cast<void>(ftruncate(lock_.get(), 0) == 0);
}

void InstanceDirectory::abandon() noexcept {
  if (mutant(Mutant::kUnlockInChild)) {
    struct flock lock = first_byte(F_UNLCK);
    static_cast<void>(fcntl(lock_.get(), F_OFD_SETLK, &lock));
  }
  lock_.close();
  directory_.close();
  project_.close();
}

}  // namespace logs_sdk::inline v1
