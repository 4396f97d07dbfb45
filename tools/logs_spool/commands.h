// The commands of logs-spool. Each writes to `out` and returns what the program ends with, or why it failed.
#ifndef LOGS_SDK_TOOLS_LOGS_SPOOL_COMMANDS_H_
#define LOGS_SDK_TOOLS_LOGS_SPOOL_COMMANDS_H_

#include <ostream>

#include "src/base/status.h"
#include "tools/logs_spool/options.h"

namespace logs_sdk::inline v1 {

// Which pending entries and dead letters the rules of masking would change (audit_report.h).
Result<int> run_audit(const SpoolCommand& command, std::ostream& out);

// Instances with their owners and ledgers, and how many dead letters there are.
Result<int> run_list(const SpoolCommand& command, std::ostream& out);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TOOLS_LOGS_SPOOL_COMMANDS_H_
