// Files and directories as durable code needs them: descriptors that close themselves, and calls that are relative to
// an open directory and never follow a link. Every failure is a Status that names the thing and errno.
//
// Thread-safety: the functions from any thread; one FileDescriptor by one thread at a time.
#ifndef LOGS_SDK_BASE_FILE_SYSTEM_H_
#define LOGS_SDK_BASE_FILE_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "src/base/status.h"

namespace logs_sdk::inline v1 {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      close();
      fd_ = other.release();
    }
    return *this;
  }
  ~FileDescriptor() { close(); }

  int get() const noexcept { return fd_; }
  bool valid() const noexcept { return fd_ >= 0; }
  int release() noexcept { return std::exchange(fd_, -1); }
  void close() noexcept;

 private:
  int fd_ = -1;
};

// Opens `name` in `parent` (AT_FDCWD for a path): a directory and not a link, else kConfiguration.
Result<FileDescriptor> open_directory(int parent, const std::string& name);

// Opens the regular file `name` in `parent`, with O_NOFOLLOW, O_CLOEXEC and `flags`; what is created gets 0600.
// kRetry when descriptors or memory are short, kGiveUp when there is none, else kConfiguration.
Result<FileDescriptor> open_file(int parent, const std::string& name, int flags);

// Writes everything or fails; an interrupted or short write goes on.
Status write_at(int fd, const void* bytes, std::size_t size, std::uint64_t offset);

// Reads until `size` bytes are there or the file ends; the number read.
Result<std::size_t> read_at(int fd, void* to, std::size_t size, std::uint64_t offset);

Result<std::uint64_t> file_size(int fd);

// Makes the file `size_bytes` of zeros whose blocks are really allocated, so that no later write needs space.
// kConfiguration: no space, or none allowed (quota, RLIMIT_FSIZE; no signal is raised).
Status allocate_zeros(int fd, std::uint64_t size_bytes);

// Names in a directory, without "." and "..", at most `limit` (a directory is outside input), sorted.
Result<std::vector<std::string>> list_directory(int directory, std::size_t limit);

// Whether a page of a mapped file, once allocated, can always be written again. Where it cannot, a full disk answers a
// store with SIGBUS: copy-on-write needs a new block for every rewrite, a network may be gone.
enum class Backing {
  kMappable,  // ext4, xfs, tmpfs, ramfs
  kLocal,     // the rest of this machine: btrfs, overlayfs, zfs, unknown
  kNetwork,   // locks and blocks are somebody else's: NFS, CIFS, FUSE, 9p, Ceph
};
Backing backing_of(int fd) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_FILE_SYSTEM_H_
