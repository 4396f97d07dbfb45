#include "server/command/keys_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <map>
#include <utility>

#include "server/api/secrets.h"

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::Status;

std::map<std::string, std::string> read_lines(const std::string& path) {
  std::map<std::string, std::string> values;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) values[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return values;
}

bool is_known(const Credentials& credentials, Registry& registry) {
  const auto key = registry.find_key(credentials.keys.public_key);
  if (!key.ok() || !key.value() || key.value()->project_slug != credentials.project_slug) return false;
  if (!equal_hashes(secret_hash(credentials.keys.secret_key), key.value()->secret_hash)) return false;
  const auto token = registry.is_token(credentials.token);
  return token.ok() && token.value();
}

Status write_all(int descriptor, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return logs_sdk::errno_status(Code::kConfiguration, path + ": cannot be written", errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

std::optional<Credentials> read_keys_file(const std::string& path, Registry& registry) {
  std::map<std::string, std::string> values = read_lines(path);
  Credentials credentials{.project_slug = std::move(values["LOGS_SDK_PROJECT_SLUG"]),
                          .keys = {.public_key = std::move(values["LOGS_SDK_API_KEY"]),
                                   .secret_key = std::move(values["LOGS_SDK_API_SECRET"])},
                          .token = std::move(values["LOGS_SERVER_TOKEN"])};
  if (!is_known(credentials, registry)) return std::nullopt;
  return credentials;
}

Status write_keys_file(const std::string& path, const std::string& url, const Credentials& credentials) {
  const std::string text = "LOGS_SERVER_URL=" + url + "\nLOGS_SERVER_TOKEN=" + credentials.token +
                           "\nLOGS_SDK_ENDPOINT=" + url + "/api/v1/ingest/logs" +
                           "\nLOGS_SDK_PROJECT_SLUG=" + credentials.project_slug +
                           "\nLOGS_SDK_API_KEY=" + credentials.keys.public_key +
                           "\nLOGS_SDK_API_SECRET=" + credentials.keys.secret_key + "\n";
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());  // what an earlier run may have left; O_EXCL follows no link
  const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return logs_sdk::errno_status(Code::kConfiguration, fresh + ": cannot be made", errno);
  Status status = write_all(descriptor, text, fresh);
  ::close(descriptor);
  if (status.ok() && std::rename(fresh.c_str(), path.c_str()) != 0) {
    status = logs_sdk::errno_status(Code::kConfiguration, path + ": cannot be replaced", errno);
  }
  if (!status.ok()) ::unlink(fresh.c_str());
  return status;
}

}  // namespace logs_server
