// The events of a tail, as the text of Server-Sent Events (HTML Living Standard, 9.2). Each carries as its id how far
// the reader has come, so that it goes on from there: the uid of the entry that arrived last.
#ifndef LOGS_SERVER_API_TAIL_EVENT_H_
#define LOGS_SERVER_API_TAIL_EVENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/store/store.h"

namespace logs_server {

// The first that is sent: a place to go on from, and how long to wait before that.
std::string tail_greeting(std::uint64_t uid);
// event: entry. Empty when the entry is damaged.
std::string tail_entry_event(const ScannedEntry& entry);
// event: dropped
std::string tail_dropped_event(std::uint64_t dropped, std::uint64_t uid);
// event: end
std::string tail_end_event(std::string_view reason, std::uint64_t uid);
// A comment.
std::string tail_heartbeat(std::uint64_t uid);

// The id of an event.
std::optional<std::uint64_t> parse_tail_cursor(std::string_view text);

}  // namespace logs_server

#endif  // LOGS_SERVER_API_TAIL_EVENT_H_
