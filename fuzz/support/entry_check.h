// What is promised of every entry that leaves the library or stands in the store, by a parser that is not ours
// (RapidJSON): one JSON object on one line, all fields of its kind in the order of their table, each of its type and
// within its limit, and JSON where JSON is promised within a text.
#ifndef LOGS_SDK_FUZZ_SUPPORT_ENTRY_CHECK_H_
#define LOGS_SDK_FUZZ_SUPPORT_ENTRY_CHECK_H_

#include <string>
#include <string_view>

#include "src/entry/limits.h"

namespace logs_sdk::fuzz {

enum class EntryKind {
  kEntry,        // 57 fields
  kInfra,        // 13 fields
  kStoredInfra,  // of logs-server: the same with uid, kind and tags
};

// Aborts unless `line` is such an entry. Returns its uuid.
std::string check_entry(std::string_view line, EntryKind kind, const EntryLimits& limits);

// Whether `text` is JSON, and an object. Nesting is not limited; a lone surrogate as an escape is JSON (RFC 8259 8.2),
// though the parser has no character for it.
bool is_json(std::string_view text);
bool is_json_object(std::string_view text);

// Whether every text stands in an entry as masking left it. Ill-formed bytes become U+FFFD afterwards, of which a
// name is longer; and of what is cut, another form may be seen. Masking once more then masks more, not less.
inline bool is_as_masked(std::string_view entry) {
  return entry.find("\xEF\xBF\xBD") == std::string_view::npos && entry.find(kTruncated) == std::string_view::npos;
}

}  // namespace logs_sdk::fuzz

#endif  // LOGS_SDK_FUZZ_SUPPORT_ENTRY_CHECK_H_
