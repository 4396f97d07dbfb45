// The keys file: address, project, keys and token for scripts, one NAME=VALUE a line, as a shell and the SDK read them.
// Written for its owner only (0600), replaced in one step.
#ifndef LOGS_SERVER_COMMAND_KEYS_FILE_H_
#define LOGS_SERVER_COMMAND_KEYS_FILE_H_

#include <optional>
#include <string>

#include "server/api/registry.h"

namespace logs_server {

struct Credentials {
  std::string project_slug;
  KeyPair keys;
  std::string token;
};

// Those in `path`, if the registry still knows all of them; none when not, or when there is no such file.
std::optional<Credentials> read_keys_file(const std::string& path, Registry& registry);

// `url`: "http://127.0.0.1:8600". kConfiguration: the file cannot be written.
logs_sdk::Status write_keys_file(const std::string& path, const std::string& url, const Credentials& credentials);

}  // namespace logs_server

#endif  // LOGS_SERVER_COMMAND_KEYS_FILE_H_
