// logs-server: the platform the SDKs post to. Without arguments it serves; docs and --help name the rest.
#include <iostream>
#include <variant>

#include "server/command/audit_command.h"
#include "server/command/folder_exposure.h"
#include "server/command/operator_command.h"
#include "server/command/options.h"
#include "server/command/serve.h"

namespace {

using logs_server::AuditCommand;
using logs_server::OperatorCommand;
using logs_server::Options;
using logs_server::ServeOptions;

int failed(const logs_sdk::Status& status) {
  std::cerr << "logs-server: " << status.message() << '\n';
  return 1;
}

// Of a command; the server has a log for it.
void tell_exposure(const std::string& data_folder) {
  for (const std::string& told : logs_server::folder_exposure(data_folder)) {
    std::cerr << "logs-server: warning: " << told << '\n';
  }
}

int run(const Options& options) {
  if (!std::holds_alternative<ServeOptions>(options.task)) tell_exposure(options.data_folder);
  if (const auto* command = std::get_if<AuditCommand>(&options.task)) {
    const auto ended = logs_server::run_audit(options.data_folder, *command, std::cout);
    return ended.ok() ? ended.value() : failed(ended.status());
  }
  if (const auto* command = std::get_if<OperatorCommand>(&options.task)) {
    const auto printed = logs_server::run_operator_command(options.data_folder, *command);
    if (!printed.ok()) return failed(printed.status());
    std::cout << printed.value() << std::flush;
    return 0;
  }
  const logs_sdk::Status ended = logs_server::serve(options.data_folder, std::get<ServeOptions>(options.task));
  return ended.ok() ? 0 : failed(ended);
}

}  // namespace

int main(int argc, char** argv) {
  const logs_server::ParsedOptions parsed = logs_server::parse_options(argc, argv);
  return parsed.options ? run(*parsed.options) : parsed.exit_code;
}
