#include "src/sdk/manual_entry.h"

#include <algorithm>
#include <string>

#include "src/base/hex.h"
#include "src/base/rfc3339.h"
#include "src/base/uuid7.h"
#include "src/entry/infra_field_table.h"

namespace logs_sdk::inline v1 {
namespace {

std::string uuid_text(const Uuid& uuid) {
  char hex[32];
  uuid.to_hex(hex);
  return std::string(hex, sizeof hex);
}

}  // namespace

void fill_empty_fields(LogEntry& entry, WallTime now, Random& random) {
  if (entry.uuid.empty()) entry.uuid = uuid_text(next_uuid7(now));
  if (entry.timestamp.empty()) entry.timestamp = std::string(view(rfc3339(now)));
  if (entry.trace_id.empty()) entry.trace_id = entry.uuid;
  if (entry.span_id.empty()) entry.span_id = to_hex(random.next());
  // The last digits of a uuid are random, the first ones a time that many share.
  if (entry.request_id.empty())
    entry.request_id = entry.uuid.substr(entry.uuid.size() - std::min<std::size_t>(8, entry.uuid.size()));
}

void fill_empty_fields(InfraLogEntry& entry, WallTime now, Exchange& within) {
  if (entry.uuid.empty()) entry.uuid = uuid_text(next_uuid7(now));
  if (entry.timestamp.empty()) entry.timestamp = std::string(view(rfc3339(now)));
  if (entry.level.empty()) entry.level = info(InfraField::kLevel).default_text;
  if (entry.trace_id.empty()) entry.trace_id = within.trace_id();
  if (entry.related_api_uuid.empty()) entry.related_api_uuid = within.uuid();
  entry.is_error |= entry.level == "error" || entry.level == "fatal";
}

}  // namespace logs_sdk::inline v1
