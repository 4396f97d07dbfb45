#include "src/shipper/system_ca_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "src/base/file_system.h"

namespace logs_sdk::inline v1 {

std::string system_ca_file(const std::string& built_in, std::span<const char* const> known) {
  const auto readable = [](const char* path) { return access(path, R_OK) == 0; };
  if (readable(built_in.c_str())) return built_in;
  for (const char* path : known) {
    if (readable(path)) return path;
  }
  return {};
}

Result<std::string> read_ca_file(const std::string& path) {
  // O_NONBLOCK: a FIFO would otherwise block until somebody writes.
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) return errno_status(Code::kConfiguration, "it cannot be read", errno);
  struct stat status = {};
  if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return Status(Code::kConfiguration, "it is not a regular file");
  }
  std::string bytes(std::min(static_cast<std::size_t>(status.st_size), kMaxCaFileBytes), '\0');
  const Result<std::size_t> size = read_at(file.get(), bytes.data(), bytes.size(), 0);
  if (!size.ok()) return Status(Code::kConfiguration, "it cannot be read: " + size.status().message());
  bytes.resize(size.value());
  for (const char* begin : {"-----BEGIN CERTIFICATE-----", "-----BEGIN TRUSTED CERTIFICATE-----"}) {
    if (bytes.find(begin) != std::string::npos) return bytes;
  }
  return Status(Code::kConfiguration, "it holds no certificate");
}

}  // namespace logs_sdk::inline v1
