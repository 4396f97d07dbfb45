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

// What is known of an entry beside the field that is looked at: how its texts are read.
struct Reading {
  // Content types of the two bodies.
  std::string_view request_type = {};
  std::string_view response_type = {};
  // Of texts that end with the mark of a cut. kWhole: they were masked before they were cut, as ours are. kCut: they
  // may end within a secret.
  Extent marked = Extent::kWhole;
};

// The content type that headers as JSON text name; empty when they name none.
std::string content_type_in(std::string_view headers);

// These append the masked text and return true, or leave `out` alone and return false when there is nothing to mask.

// The value of a string field. A body that is no text becomes "[binary <type> <n> bytes]".
bool mask_field(const Masker& masker, Field field, std::string_view value, const Reading& reading, std::string& out);
bool mask_field(const Masker& masker, InfraField field, std::string_view value, Extent marked, std::string& out);
// The headers of one side, a well-formed JSON object: each value by the name of its header.
bool mask_headers(const Masker& masker, std::string_view object, Extent marked, std::string& out);
// The value of a tag, as text.
bool mask_tag(const Masker& masker, std::string_view name, std::string_view value, Extent marked, std::string& out);
// The name of a tag.
bool mask_tag_name(const Masker& masker, std::string_view name, Extent marked, std::string& out);

// These mask in place and say whether anything changed.

// Names and values; a value that is masked becomes text.
bool mask_tags(const Masker& masker, decltype(LogEntry::tags)& tags, Extent marked = Extent::kWhole);
// Every field of an entry.
bool mask_entry(const Masker& masker, LogEntry& entry, Extent marked = Extent::kWhole);
bool mask_entry(const Masker& masker, InfraLogEntry& entry, Extent marked = Extent::kWhole);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_ENTRY_MASKER_H_
