// What an operator asks of logs-spool.
#ifndef LOGS_SDK_TOOLS_LOGS_SPOOL_OPTIONS_H_
#define LOGS_SDK_TOOLS_LOGS_SPOOL_OPTIONS_H_

#include <optional>
#include <string>

#include "src/audit/audit_options.h"

namespace logs_sdk::inline v1 {

struct SpoolCommand {
  enum class Action { kAudit, kList };
  Action action = Action::kList;
  std::string folder;  // offline_dir of the configuration, or any folder below it that holds spools
  AuditOptions audit;
};

// Prints help or what is wrong by itself; then there is no command but the exit code.
struct ParsedCommand {
  std::optional<SpoolCommand> command;
  int exit_code = 0;
};
ParsedCommand parse_command(int argc, const char* const* argv);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TOOLS_LOGS_SPOOL_OPTIONS_H_
