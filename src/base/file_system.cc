#include "src/base/file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>

namespace logs_sdk::inline v1 {
namespace {

Code code_of(int error_number) {
  switch (error_number) {
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EINTR:
      return Code::kRetry;
    case ENOENT:
      return Code::kGiveUp;
    default:
      return Code::kConfiguration;
  }
}

Status failure(std::string what) { return errno_status(code_of(errno), std::move(what), errno); }

// A write past RLIMIT_FSIZE raises SIGXFSZ, which ends the process; so it is asked first.
Status check_size_limit(std::uint64_t size_bytes) {
  struct rlimit limit = {};
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || size_bytes <= limit.rlim_cur)
    return {};
  return errno_status(Code::kConfiguration, "a file of " + std::to_string(size_bytes) + " bytes is over RLIMIT_FSIZE",
                      EFBIG);
}

}  // namespace

void FileDescriptor::close() noexcept {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<FileDescriptor> open_directory(int parent, const std::string& name) {
  FileDescriptor fd(openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.valid()) return failure("cannot open the directory " + name);
  return fd;
}

Result<FileDescriptor> open_file(int parent, const std::string& name, int flags) {
  // O_NONBLOCK: a FIFO put in the place of a file would otherwise block the open for ever.
  FileDescriptor fd(openat(parent, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600));
  if (!fd.valid()) return failure("cannot open " + name);
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) return failure("cannot examine " + name);
  if (!S_ISREG(status.st_mode)) return Status(Code::kConfiguration, name + " is not a regular file");
  return fd;
}

Status write_at(int fd, const void* bytes, std::size_t size, std::uint64_t offset) {
  const auto* from = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t written = pwrite(fd, from, size, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure("cannot write " + std::to_string(size) + " bytes at " + std::to_string(offset));
    from += written;
    size -= static_cast<std::size_t>(written);
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<std::size_t> read_at(int fd, void* to, std::size_t size, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = pread(fd, static_cast<char*>(to) + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("cannot read " + std::to_string(size) + " bytes at " + std::to_string(offset));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<std::uint64_t> file_size(int fd) {
  struct stat status = {};
  if (fstat(fd, &status) != 0) return failure("cannot examine a file");
  return static_cast<std::uint64_t>(status.st_size);
}

Status allocate_zeros(int fd, std::uint64_t size_bytes) {
  if (Status status = check_size_limit(size_bytes); !status.ok()) return status;
  // Reserving first fails whole where space is short. Not every file system can; the zeros below allocate as well.
  if (fallocate(fd, 0, 0, static_cast<off_t>(size_bytes)) != 0 && errno != EOPNOTSUPP && errno != ENOSYS) {
    return failure("cannot allocate " + std::to_string(size_bytes) + " bytes");
  }
  static constexpr char kZeros[64 * 1024] = {};
  for (std::uint64_t offset = 0; offset < size_bytes; offset += sizeof kZeros) {
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(sizeof kZeros, size_bytes - offset));
    if (Status status = write_at(fd, kZeros, part, offset); !status.ok()) return status;
  }
  return {};
}

Result<std::vector<std::string>> list_directory(int directory, std::size_t limit) {
  // A descriptor of its own, because the position belongs to the open file description.
  FileDescriptor copy(openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!copy.valid()) return failure("cannot open a directory for listing");
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(fdopendir(copy.get()), [](DIR* open) { return closedir(open); });
  if (stream == nullptr) return failure("cannot list a directory");
  copy.release();  // closed with the stream
  std::vector<std::string> names;
  while (names.size() < limit) {
    const dirent* entry = readdir(stream.get());
    if (entry == nullptr) break;
    const std::string_view name(entry->d_name);
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Backing backing_of(int fd) noexcept {
  constexpr unsigned kXfs = 0x58465342, kCifs = 0xFF534D42, kSmb2 = 0xFE534D42, kFuse = 0x65735546, kCeph = 0x00C36400,
                     kLustre = 0x0BD00BD0;
  struct statfs status = {};
  if (fstatfs(fd, &status) != 0) return Backing::kLocal;
  switch (static_cast<unsigned>(status.f_type)) {
    case EXT4_SUPER_MAGIC:
    case kXfs:
    case TMPFS_MAGIC:
    case RAMFS_MAGIC:
      return Backing::kMappable;
    case NFS_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case V9FS_MAGIC:
    case AFS_SUPER_MAGIC:
    case CODA_SUPER_MAGIC:
    case kCifs:
    case kSmb2:
    case kFuse:
    case kCeph:
    case kLustre:
      return Backing::kNetwork;
    default:
      return Backing::kLocal;
  }
}

}  // namespace logs_sdk::inline v1
