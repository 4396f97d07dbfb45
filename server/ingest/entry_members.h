// Which member of a LogEntry holds which field.
#ifndef LOGS_SERVER_INGEST_ENTRY_MEMBERS_H_
#define LOGS_SERVER_INGEST_ENTRY_MEMBERS_H_

#include <array>
#include <cstdint>
#include <string>
#include <variant>

#include "logs_sdk/entry.h"
#include "server/ingest/value_reader.h"
#include "src/entry/field_table.h"

namespace logs_server {

using EntryMember = std::variant<std::string logs_sdk::LogEntry::*, std::int64_t logs_sdk::LogEntry::*,
                                 std::uint64_t logs_sdk::LogEntry::*, int logs_sdk::LogEntry::*,
                                 bool logs_sdk::LogEntry::*, Tags logs_sdk::LogEntry::*>;

// Indexed by Field.
extern const std::array<EntryMember, logs_sdk::kFieldCount> kEntryMembers;

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_ENTRY_MEMBERS_H_
