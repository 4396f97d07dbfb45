// InfraLogEntry: one entry of the infrastructure around an application (a database, a queue, a timer, a deployment) as
// owning values, all 13 fields. For LogSDK::upload_infra_log.
//
// The order, the names and the defaults are those of the wire; docs/formats/entry.md has the meaning of each field.
#ifndef LOGS_SDK_INFRA_ENTRY_H_
#define LOGS_SDK_INFRA_ENTRY_H_

#include <string>

#include "logs_sdk/export.h"

namespace logs_sdk {
inline namespace v1 {

struct InfraLogEntry {
  // Left empty, LogSDK::upload_infra_log fills: uuid, timestamp (now), project_slug, host, and from the exchange that
  // this thread serves trace_id and related_api_uuid. A value that you set stays.
  std::string uuid;       // 32 lower-case hex digits
  std::string timestamp;  // RFC 3339, UTC
  std::string project_slug;
  std::string source_type;  // what kind of thing it comes from: "database", "cron"
  std::string source_name;  // which one
  std::string host;
  std::string level = "info";  // debug, info, warn, error or fatal; another is refused
  std::string message;
  std::string metadata = "{}";   // a JSON object as text
  std::string trace_id;          // 32 hex digits
  std::string related_api_uuid;  // uuid of the entry of the exchange that it belongs to
  bool is_error = false;
  std::string error_detail;
};

}  // namespace v1
}  // namespace logs_sdk

#endif  // LOGS_SDK_INFRA_ENTRY_H_
