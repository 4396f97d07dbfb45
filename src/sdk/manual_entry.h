// What becomes of an entry that the application made before it is masked and encoded: empty fields are filled.
#ifndef LOGS_SDK_SDK_MANUAL_ENTRY_H_
#define LOGS_SDK_SDK_MANUAL_ENTRY_H_

#include "logs_sdk/entry.h"
#include "logs_sdk/exchange.h"
#include "logs_sdk/infra_entry.h"
#include "src/base/clock.h"
#include "src/base/random.h"

namespace logs_sdk::inline v1 {

// Fills uuid, timestamp, trace_id, span_id and request_id where they are empty. What is constant in the process
// (project, environment, service, host, pid) is the encoder's.
void fill_empty_fields(LogEntry& entry, WallTime now, Random& random);

// Fills uuid, timestamp and level, and from `within`, unless that is inert, trace_id and related_api_uuid. An entry of
// level error or fatal is an error.
void fill_empty_fields(InfraLogEntry& entry, WallTime now, Exchange& within);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_MANUAL_ENTRY_H_
