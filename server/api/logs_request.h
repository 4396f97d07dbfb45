// LogsRequest: the parameters of GET /api/v1/logs, read and checked.
#ifndef LOGS_SERVER_API_LOGS_REQUEST_H_
#define LOGS_SERVER_API_LOGS_REQUEST_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "server/http/request.h"
#include "server/http/response.h"
#include "server/query/query.h"
#include "server/store/store.h"

namespace logs_server {

inline constexpr std::size_t kDefaultPageEntries = 100;
inline constexpr std::size_t kMaxPageEntries = 1000;  // 2.5 MB of usual entries

struct LogsRequest {
  ScanRange range;
  Query query;
  std::size_t limit = kDefaultPageEntries;
};

// Names the parameter and what it may be; nothing of what was sent.
struct RequestError {
  std::string message;
  std::optional<std::size_t> position = {};  // of the query, in characters
};

std::variant<LogsRequest, RequestError> parse_logs_request(const Request& request);

// The parameter q, wherever entries are asked for.
std::optional<RequestError> read_query(std::string_view text, Query& to);

// 400, {"error":"…"}, with "position" when the query is at fault.
Response bad_request(const RequestError& error);

// A place in the list as opaque text: 32 hex digits.
std::string format_cursor(const Position& position);
std::optional<Position> parse_cursor(std::string_view text);

}  // namespace logs_server

#endif  // LOGS_SERVER_API_LOGS_REQUEST_H_
