// Which member of a LogEntry holds which field.
#ifndef LOGS_SDK_ENTRY_ENTRY_MEMBERS_H_
#define LOGS_SDK_ENTRY_ENTRY_MEMBERS_H_

#include <array>
#include <cstdint>
#include <string>
#include <variant>

#include "logs_sdk/entry.h"
#include "src/entry/field_table.h"

namespace logs_sdk::inline v1 {

using EntryMember = std::variant<std::string LogEntry::*, std::int64_t LogEntry::*, std::uint64_t LogEntry::*,
                                 int LogEntry::*, bool LogEntry::*, decltype(LogEntry::tags) LogEntry::*>;

// Indexed by Field.
extern const std::array<EntryMember, kFieldCount> kEntryMembers;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_ENTRY_MEMBERS_H_
