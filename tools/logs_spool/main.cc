// logs-spool: what the spools of the applications on this machine hold, for who operates them. docs/operations.md.
#include <iostream>

#include "tools/logs_spool/commands.h"

namespace {

int run(const logs_sdk::SpoolCommand& command) {
  const bool audits = command.action == logs_sdk::SpoolCommand::Action::kAudit;
  const auto ended = audits ? logs_sdk::run_audit(command, std::cout) : logs_sdk::run_list(command, std::cout);
  std::cout.flush();
  if (ended.ok()) return ended.value();
  std::cerr << "logs-spool: " << ended.status().message() << '\n';
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const logs_sdk::ParsedCommand parsed = logs_sdk::parse_command(argc, argv);
  return parsed.command ? run(*parsed.command) : parsed.exit_code;
}
