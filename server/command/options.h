// What an operator asks of logs-server: by flags, by the environment (LOGS_SERVER_<FLAG>, upper case, '_' for '-'), or
// by a file (--config, TOML, the names of the flags). A flag wins over the environment, and that over the file.
#ifndef LOGS_SERVER_COMMAND_OPTIONS_H_
#define LOGS_SERVER_COMMAND_OPTIONS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/api/key_limits.h"
#include "src/audit/audit_options.h"

namespace logs_server {

struct ServeOptions {
  std::string address = "127.0.0.1";      // numeric
  std::uint16_t port = 8600;              // 0: the kernel chooses, and it is printed
  std::vector<std::string> public_hosts;  // names by which clients call it, besides those of loopback
  std::string keys_file;                  // empty: none
  unsigned worker_threads = 2;            // of readers
  std::chrono::seconds drain{10};         // at the end: how long running requests have
  bool verbose = false;                   // log every request
  // Of connections, in all and by one peer (0: no bound); shared peers, besides loopback, have none of their own.
  std::size_t max_connections = 1024;
  std::size_t max_connections_per_peer = 128;
  std::vector<std::string> shared_peers;
  KeyLimitsOptions key_limits;  // of each ingest key
  std::size_t max_tails = 32;
  bool open_metrics = false;  // to this machine, without a token
  // Of the MaxMind format, empty: none; and the language of the names in it.
  std::string geo_city_file;
  std::string geo_isp_file;
  std::string geo_language = "en";
};

// `key new`, `key remove`, `project new`, `project set`, `project list`, `token new`, `token reset`.
struct OperatorCommand {
  enum class Action { kKeyNew, kKeyRemove, kProjectNew, kProjectSet, kProjectList, kTokenNew, kTokenReset };
  Action action = Action::kProjectList;
  std::string subject;  // the project's slug, or the public key
  bool allow_public_key = false;
  bool mask = true;
};

// `audit`: which stored entries the rules of masking would change.
struct AuditCommand {
  logs_sdk::AuditOptions options;
  std::optional<std::string> project_slug;
};

struct Options {
  std::string data_folder = "logs-data";
  std::variant<ServeOptions, OperatorCommand, AuditCommand> task;
};

// Prints help or what is wrong by itself; then there are no options but the exit code.
struct ParsedOptions {
  std::optional<Options> options;
  int exit_code = 0;
};
ParsedOptions parse_options(int argc, const char* const* argv);

struct ListenAddress {
  std::string address;
  std::optional<std::uint16_t> port;
};
// "127.0.0.1", "127.0.0.1:8600", "::1", "[::1]:8600"; none when it is nothing of that.
std::optional<ListenAddress> parse_listen(std::string_view text);

}  // namespace logs_server

#endif  // LOGS_SERVER_COMMAND_OPTIONS_H_
