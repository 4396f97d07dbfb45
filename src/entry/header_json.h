// Headers of one side as a JSON object within a JSON string: escaped twice in one pass.
//
// Repeated names are joined where the first one stands: by "; " for cookie, as an array for set-cookie (always, so that
// its type does not depend on the count), by ", " otherwise. What the limits leave out is told by a last name "...".
#ifndef LOGS_SDK_ENTRY_HEADER_JSON_H_
#define LOGS_SDK_ENTRY_HEADER_JSON_H_

#include <span>

#include "src/entry/entry_view.h"
#include "src/entry/json_writer.h"

namespace logs_sdk::inline v1 {

// Writes the content of the outer string, from '{' to '}'.
void write_headers(std::span<const HeaderView> headers, JsonWriter& json);

// What stands for an object that is too long as a whole: {"...":"...[truncated]"}, escaped once.
void write_omission(JsonWriter& json) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_HEADER_JSON_H_
