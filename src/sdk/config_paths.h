// The files and folders that a Config names: made absolute, judged, and laid out.
#ifndef LOGS_SDK_SDK_CONFIG_PATHS_H_
#define LOGS_SDK_SDK_CONFIG_PATHS_H_

#include <optional>
#include <string>

#include "logs_sdk/config.h"
#include "src/spool/project_folder.h"

namespace logs_sdk::inline v1 {

// Why no certificate authority can be read from the file, for a message; nothing when one can. Whether its bytes are
// really a certificate is for the TLS library to say, at the first connection.
std::optional<std::string> why_no_ca_file(const std::string& path);

// `config` with offline_dir and ca_file absolute, so that they stay where they are when the application changes its
// folder later. Throws ConfigError when the current folder is unknown.
Config with_absolute_paths(Config config);

// Where the spool of this configuration lies.
ProjectFolderOptions spool_place(const Config& config);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_CONFIG_PATHS_H_
