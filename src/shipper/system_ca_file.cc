#include "src/shipper/system_ca_file.h"

#include <unistd.h>

namespace logs_sdk::inline v1 {

std::string system_ca_file(const std::string& built_in, std::span<const char* const> known) {
  const auto readable = [](const char* path) { return access(path, R_OK) == 0; };
  if (readable(built_in.c_str())) return built_in;
  for (const char* path : known) {
    if (readable(path)) return path;
  }
  return {};
}

}  // namespace logs_sdk::inline v1
