// The configuration file of logs-server: TOML, one table without sections, whose names are those of the flags.
#ifndef LOGS_SERVER_COMMAND_CONFIG_FILE_H_
#define LOGS_SERVER_COMMAND_CONFIG_FILE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "src/base/status.h"

namespace logs_server {

inline constexpr std::size_t kMaxConfigFileBytes = std::size_t{64} << 10;

struct ConfigValue {
  // kOther: a number with a fraction, a date, a table, a list of anything but strings.
  enum class Kind { kBoolean, kInteger, kString, kStrings, kOther };

  std::string name;
  std::size_t line = 0;  // from 1
  Kind kind = Kind::kOther;
  std::vector<std::string> texts = {};  // of kOther none, of kStrings any number, else one
};

// In the order of their lines. kConfiguration, naming file and line: it cannot be read, is larger than
// kMaxConfigFileBytes, is nested too deep, or is not TOML.
logs_sdk::Result<std::vector<ConfigValue>> read_config_file(const std::string& path);

// "a string", "an integer", …: for messages.
std::string kind_name(ConfigValue::Kind kind);

}  // namespace logs_server

#endif  // LOGS_SERVER_COMMAND_CONFIG_FILE_H_
