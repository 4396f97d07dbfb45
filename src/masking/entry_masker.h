// What keeps secrets out of an entry that somebody else has filled: which of the masker's rules each field goes
// through. For entries that an application hands over and for what a server is sent; an exchange is masked while it is
// captured.
//
// Masking what is masked changes nothing. Thread-safety: every call from any thread. Throws std::bad_alloc only.
#ifndef LOGS_SDK_MASKING_ENTRY_MASKER_H_
#define LOGS_SDK_MASKING_ENTRY_MASKER_H_

#include <string>
#include <string_view>

#include "logs_sdk/entry.h"
#include "logs_sdk/infra_entry.h"
#include "src/entry/field_table.h"
#include "src/entry/infra_field_table.h"
#include "src/masking/masker.h"

namespace logs_sdk::inline v1 {

// Both append the masked text and return true, or leave `out` alone and return false when there is nothing to mask.

// The value of a string field. `content_type`: of the request, which says how its body is read. A body that cannot be
// masked, because it is no text, becomes "[binary <type> <n> bytes]".
bool mask_field(const Masker& masker, Field field, std::string_view value, std::string_view content_type,
                std::string& out);
bool mask_field(const Masker& masker, InfraField field, std::string_view value, std::string& out);

// The headers of one side, a well-formed JSON object: each value by the name of its header.
bool mask_headers(const Masker& masker, std::string_view object, std::string& out);

// Names and values, in place; a value that is masked becomes text. Whether anything changed.
bool mask_tags(const Masker& masker, decltype(LogEntry::tags)& tags);

// Every field of an entry.
void mask_entry(const Masker& masker, LogEntry& entry);
void mask_entry(const Masker& masker, InfraLogEntry& entry);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_ENTRY_MASKER_H_
