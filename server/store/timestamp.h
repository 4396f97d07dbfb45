// Timestamps as text: RFC 3339, as the family of clients writes them.
#ifndef LOGS_SERVER_STORE_TIMESTAMP_H_
#define LOGS_SERVER_STORE_TIMESTAMP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace logs_server {

// Unix microseconds. Reads "2026-01-31T08:09:10Z" with or without a fraction (digits after the sixth are dropped), 'T',
// 't' or a space, 'Z', an offset or nothing (then UTC). None: anything else, or no such day or hour.
std::optional<std::int64_t> parse_timestamp(std::string_view text);

// "2026-01-31T08:09:10.000000Z".
std::string format_timestamp(std::int64_t unix_us);

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_TIMESTAMP_H_
