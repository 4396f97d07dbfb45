// serve(): logs-server from its start to its orderly end.
#ifndef LOGS_SERVER_COMMAND_SERVE_H_
#define LOGS_SERVER_COMMAND_SERVE_H_

#include <string>

#include "server/command/options.h"
#include "src/base/status.h"

namespace logs_server {

// Returns after SIGTERM or SIGINT, when what was accepted is stored and answered; a second signal ends at once. Errors
// are those of the start: a sentence for the operator. To be called once, before any other thread exists.
logs_sdk::Status serve(const std::string& data_folder, const ServeOptions& options);

}  // namespace logs_server

#endif  // LOGS_SERVER_COMMAND_SERVE_H_
