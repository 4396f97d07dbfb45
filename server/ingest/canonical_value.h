// Whether a JSON token is what our own encoder would have written for a field: then it can be stored as it came.
//
// Tokens are well-formed JSON. Free functions without state.
#ifndef LOGS_SERVER_INGEST_CANONICAL_VALUE_H_
#define LOGS_SERVER_INGEST_CANONICAL_VALUE_H_

#include <optional>
#include <string>
#include <string_view>

#include "server/ingest/value_reader.h"
#include "src/entry/field_table.h"

namespace logs_server {

// "-12", "0", "7", within `range`.
bool is_canonical_integer(std::string_view token, IntegerRange range);

// The value of a string in its canonical form and within the limit of `field`; a view of `token`, or of `storage` when
// something in it is escaped. None: not canonical.
std::optional<std::string_view> canonical_text(const logs_sdk::FieldInfo& field, std::string_view token,
                                               std::string& storage);

// An object of strings, numbers and booleans within the limits of tags, without spaces and without a name twice.
bool is_canonical_tags(std::string_view token);

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_CANONICAL_VALUE_H_
