#include "server/api/logs_request.h"

#include <array>

#include "server/query/query_parser.h"
#include "server/store/timestamp.h"
#include "src/base/hex.h"
#include "src/base/whole_number.h"

namespace logs_server {
namespace {

using Problem = std::optional<RequestError>;

std::optional<std::int64_t> parse_time_us(std::string_view text) {
  constexpr std::int64_t kMaxUnixMs = 253'402'300'799'999;  // the end of the year 9999
  if (const auto unix_ms = logs_sdk::parse_whole<std::int64_t>(text)) {
    if (*unix_ms > kMaxUnixMs || *unix_ms < -kMaxUnixMs) return std::nullopt;
    return *unix_ms * 1000;
  }
  return parse_timestamp(text);
}

Problem read_time(std::string_view name, std::string_view value, std::int64_t& to) {
  const auto time_us = parse_time_us(value);
  if (!time_us) return RequestError{std::string(name) + ": expected RFC 3339 or Unix milliseconds"};
  to = *time_us;
  return std::nullopt;
}

Problem read_limit(std::string_view value, std::size_t& to) {
  const auto limit = logs_sdk::parse_whole<std::size_t>(value);
  if (!limit || *limit < 1 || *limit > kMaxPageEntries) {
    return RequestError{"limit: expected 1 to " + std::to_string(kMaxPageEntries)};
  }
  to = *limit;
  return std::nullopt;
}

Problem read_cursor(std::string_view value, std::optional<Position>& to) {
  to = parse_cursor(value);
  if (!to) return RequestError{"cursor: expected the next_cursor of an answer"};
  return std::nullopt;
}

Problem read_parameter(const std::string& name, const std::string& value, LogsRequest& request) {
  if (name == "from") return read_time(name, value, request.range.from_us);
  if (name == "to") return read_time(name, value, request.range.to_us);
  if (name == "limit") return read_limit(value, request.limit);
  if (name == "cursor") return read_cursor(value, request.range.before);
  if (name == "q") return read_query(value, request.query);
  if (name != "project") return RequestError{"expected the parameters from, to, q, project, limit and cursor only"};
  request.range.project_slug = value;
  return std::nullopt;
}

}  // namespace

std::optional<RequestError> read_query(std::string_view text, Query& to) {
  auto parsed = parse_query_text(text);
  if (auto* error = std::get_if<QueryError>(&parsed)) return RequestError{"q: " + error->message, error->position};
  to = std::get<Query>(std::move(parsed));
  return std::nullopt;
}

Response bad_request(const RequestError& error) {
  std::string json = "{\"error\":" + json_quote(error.message);
  if (error.position) json += ",\"position\":" + std::to_string(*error.position);
  return json_response(400, json + "}");
}

std::variant<LogsRequest, RequestError> parse_logs_request(const Request& request) {
  LogsRequest wanted;
  for (const auto& [name, value] : request.query) {
    // An empty parameter is what a form sends for a field left blank.
    if (value.empty()) continue;
    if (Problem problem = read_parameter(name, value, wanted)) return *std::move(problem);
  }
  return wanted;
}

std::string format_cursor(const Position& position) {
  return logs_sdk::to_hex(static_cast<std::uint64_t>(position.ordered_at_us)) + logs_sdk::to_hex(position.uid);
}

std::optional<Position> parse_cursor(std::string_view text) {
  std::array<std::uint8_t, 16> bytes{};
  if (!logs_sdk::parse_hex(text, bytes)) return std::nullopt;
  std::uint64_t halves[2] = {0, 0};
  for (std::size_t i = 0; i < bytes.size(); ++i) halves[i / 8] = halves[i / 8] << 8 | bytes[i];
  return Position{static_cast<std::int64_t>(halves[0]), halves[1]};
}

}  // namespace logs_server
