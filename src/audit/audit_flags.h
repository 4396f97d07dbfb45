// The flags of an audit, for commands that parse theirs with CLI11: one spelling in all of them.
#ifndef LOGS_SDK_AUDIT_AUDIT_FLAGS_H_
#define LOGS_SDK_AUDIT_AUDIT_FLAGS_H_

#include <CLI/CLI.hpp>

#include "src/audit/audit_options.h"

namespace logs_sdk::inline v1 {

// `options` outlives `command`.
inline void add_audit_flags(CLI::App& command, AuditOptions& options) {
  command.add_option("--mask-extra", options.mask_extra,
                     "name whose values are to be masked as well; may be given several times");
  command.add_option("--mask-allow", options.mask_allow,
                     "name whose values are not to be masked; may be given several times");
  command.add_option("--since", options.since, "what is at most so old only: 90s, 15m, 24h, 7d")->check(check_age);
  command.add_flag("--json", options.json, "one JSON object instead of text");
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_AUDIT_AUDIT_FLAGS_H_
