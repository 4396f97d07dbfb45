// The files and folders that a Config names: made absolute, and laid out.
#ifndef LOGS_SDK_SDK_CONFIG_PATHS_H_
#define LOGS_SDK_SDK_CONFIG_PATHS_H_

#include "logs_sdk/config.h"
#include "src/spool/project_folder.h"

namespace logs_sdk::inline v1 {

// `config` with offline_dir and ca_file absolute, so that they stay where they are when the application changes its
// folder later. Throws ConfigError when the current folder is unknown.
Config with_absolute_paths(Config config);

// Where the spool of this configuration lies.
ProjectFolderOptions spool_place(const Config& config);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_CONFIG_PATHS_H_
