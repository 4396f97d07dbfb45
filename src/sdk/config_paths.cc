#include "src/sdk/config_paths.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "src/base/file_system.h"
#include "src/base/sha256.h"

namespace logs_sdk::inline v1 {
namespace {

// Far above any bundle (that of Debian has 220 KB); what is larger is no list of authorities.
constexpr std::size_t kMaxCaFileBytes = 16u << 20;

void make_absolute(std::string& path, const char* option) {
  if (path.empty()) return;
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  if (error) {
    throw ConfigError(option, std::string(option) + ": \"" + path + "\" is relative to a folder that is unknown (" +
                                  error.message() + "); allowed: an absolute path");
  }
  path = absolute.lexically_normal().string();
}

std::string temporary_folder() {
  const char* const named = std::getenv("TMPDIR");
  return named != nullptr && *named != 0 ? named : "/tmp";
}

}  // namespace

std::optional<std::string> why_no_ca_file(const std::string& path) {
  // O_NONBLOCK: a FIFO would otherwise block until somebody writes.
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) return errno_status(Code::kConfiguration, "it cannot be read", errno).message();
  struct stat status = {};
  if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return "it is not a regular file";
  std::string bytes(std::min(static_cast<std::size_t>(status.st_size), kMaxCaFileBytes), '\0');
  const Result<std::size_t> size = read_at(file.get(), bytes.data(), bytes.size(), 0);
  if (!size.ok()) return "it cannot be read: " + size.status().message();
  bytes.resize(size.value());
  for (const char* begin : {"-----BEGIN CERTIFICATE-----", "-----BEGIN TRUSTED CERTIFICATE-----"}) {
    if (bytes.find(begin) != std::string::npos) return std::nullopt;
  }
  return "it holds no certificate";
}

Config with_absolute_paths(Config config) {
  make_absolute(config.offline_dir, "offline_dir");
  make_absolute(config.ca_file, "ca_file");
  return config;
}

ProjectFolderOptions spool_place(const Config& config) {
  ProjectFolderOptions place;
  place.parent = config.offline_dir;
  if (place.parent.empty()) {
    place.parent = temporary_folder() + "/logs-sdk-offline";
    make_absolute(place.parent, "offline_dir");
  }
  place.key.assign(16, '0');
  sha256_hex(config.endpoint + "\n" + config.project_slug, place.key.size(), place.key.data());
  return place;
}

}  // namespace logs_sdk::inline v1
