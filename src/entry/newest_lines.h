// The end of a stack, of which the newest frame stands last, within a limit: whole lines, where the limit allows one.
#ifndef LOGS_SDK_ENTRY_NEWEST_LINES_H_
#define LOGS_SDK_ENTRY_NEWEST_LINES_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

// Appends at most `max_bytes` of `stack`. Where it is longer, or `cut` says that its beginning is missing already, a
// first line says so, and counts.
void append_newest_lines(std::string_view stack, bool cut, std::size_t max_bytes, std::string& out);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_NEWEST_LINES_H_
