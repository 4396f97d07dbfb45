#include "tools/logs_spool/options.h"

#include <CLI/CLI.hpp>

#include "src/audit/audit_flags.h"

namespace logs_sdk::inline v1 {

ParsedCommand parse_command(int argc, const char* const* argv) {
  CLI::App app("logs-spool shows what the spools of applications hold. It only reads.", "logs-spool");
  app.set_version_flag("--version", "logs-spool " LOGS_SPOOL_VERSION);
  app.require_subcommand(1);
  SpoolCommand command;
  CLI::App& audit = *app.add_subcommand("audit", "list the waiting entries that changed rules of masking would change");
  CLI::App& list = *app.add_subcommand("list", "list the instances, whether their process lives, and their ledgers");
  for (CLI::App* each : {&audit, &list}) {
    each->add_option("folder", command.folder, "offline_dir of the configuration, or a folder below it")->required();
  }
  add_audit_flags(audit, command.audit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {.command = {}, .exit_code = app.exit(error) == 0 ? 0 : 1};
  }
  command.action = app.got_subcommand(&audit) ? SpoolCommand::Action::kAudit : SpoolCommand::Action::kList;
  return {.command = std::move(command)};
}

}  // namespace logs_sdk::inline v1
