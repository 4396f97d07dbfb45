// Tags as a JSON object: what every kind of entry ends with.
#ifndef LOGS_SDK_ENTRY_TAG_JSON_H_
#define LOGS_SDK_ENTRY_TAG_JSON_H_

#include <span>
#include <string_view>

#include "logs_sdk/entry.h"
#include "src/entry/entry_view.h"
#include "src/entry/json_writer.h"

namespace logs_sdk::inline v1 {

// A view of what `name` and `value` hold.
TagView tag_view(std::string_view name, const TagValue& value) noexcept;

// From '{' to '}': the first kMaxTags of them, names and texts cut to their limits.
void write_tags(std::span<const TagView> tags, JsonWriter& json);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_TAG_JSON_H_
