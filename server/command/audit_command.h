// `logs-server audit`: which stored entries the rules of masking, as they are now or changed by options, would change.
#ifndef LOGS_SERVER_COMMAND_AUDIT_COMMAND_H_
#define LOGS_SERVER_COMMAND_AUDIT_COMMAND_H_

#include <ostream>
#include <string>

#include "server/command/options.h"
#include "src/base/status.h"

namespace logs_server {

// Writes the report to `out`; the exit code (audit_report.h). Only reads, also while a server runs on the folder.
// kConfiguration: no server has used it, or this program may not read it.
logs_sdk::Result<int> run_audit(const std::string& data_folder, const AuditCommand& command, std::ostream& out);

}  // namespace logs_server

#endif  // LOGS_SERVER_COMMAND_AUDIT_COMMAND_H_
