// The commands of operators: projects, keys and tokens of a data folder, while its server runs or not.
#ifndef LOGS_SERVER_COMMAND_OPERATOR_COMMAND_H_
#define LOGS_SERVER_COMMAND_OPERATOR_COMMAND_H_

#include <string>

#include "server/command/options.h"
#include "src/base/status.h"

namespace logs_server {

// What the command prints. kConfiguration: no server has ever used the folder.
logs_sdk::Result<std::string> run_operator_command(const std::string& data_folder, const OperatorCommand& command);

}  // namespace logs_server

#endif  // LOGS_SERVER_COMMAND_OPERATOR_COMMAND_H_
