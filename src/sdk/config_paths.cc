#include "src/sdk/config_paths.h"

#include <cstdlib>
#include <filesystem>
#include <string>

#include "src/base/sha256.h"

namespace logs_sdk::inline v1 {
namespace {

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
