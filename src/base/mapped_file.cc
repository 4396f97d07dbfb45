#include "src/base/mapped_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#ifndef MADV_POPULATE_WRITE  // Linux 5.14
#define MADV_POPULATE_WRITE 23
#endif

namespace logs_sdk::inline v1 {

Result<MappedFile> MappedFile::map(int fd, std::size_t size_bytes) {
  void* address = mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) {
    return errno_status(Code::kConfiguration, "cannot map " + std::to_string(size_bytes) + " bytes", errno);
  }
  MappedFile file;
  file.data_ = static_cast<std::byte*>(address);
  file.size_ = size_bytes;
  madvise(address, size_bytes, MADV_DONTFORK);
  // EINVAL: an older kernel, where the pages fault in one by one. Anything else means that a store could raise SIGBUS.
  if (madvise(address, size_bytes, MADV_POPULATE_WRITE) != 0 && errno != EINVAL) {
    return errno_status(Code::kConfiguration, "cannot populate " + std::to_string(size_bytes) + " mapped bytes", errno);
  }
  return file;
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  if (this != &other) {
    unmap();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

void MappedFile::populate(std::size_t offset, std::size_t size_bytes) noexcept {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t begin = offset / page * page;
  if (begin >= size_) return;
  madvise(data_ + begin, std::min(size_bytes + (offset - begin), size_ - begin), MADV_POPULATE_WRITE);
}

void MappedFile::unmap() noexcept {
  if (data_ != nullptr) munmap(data_, size_);
  forget();
}

}  // namespace logs_sdk::inline v1
