#include "server/api/tail_handler.h"

#include <memory>
#include <utility>
#include <variant>

#include "server/api/logs_request.h"
#include "server/api/tail_event.h"
#include "server/api/tail_feed.h"

namespace logs_server {
namespace {

using Problem = std::optional<RequestError>;

Problem read_cursor(std::string_view name, std::string_view value, TailRequest& tail) {
  tail.after_uid = parse_tail_cursor(value);
  if (!tail.after_uid) return RequestError{std::string(name) + ": expected the id of an event"};
  return std::nullopt;
}

Problem read_parameter(const std::string& name, const std::string& value, TailRequest& tail) {
  if (name == "q") return read_query(value, tail.query);
  if (name == "cursor") return read_cursor(name, value, tail);
  if (name != "project") return RequestError{"expected the parameters q, project and cursor only"};
  tail.project_slug = value;
  return std::nullopt;
}

Problem read_tail_request(const Request& request, TailRequest& tail) {
  for (const auto& [name, value] : request.query) {
    // An empty parameter is what a form sends for a field left blank.
    if (value.empty()) continue;
    if (Problem problem = read_parameter(name, value, tail)) return problem;
  }
  const auto last_seen = request.header("last-event-id");
  return last_seen && !last_seen->empty() ? read_cursor("Last-Event-ID", *last_seen, tail) : std::nullopt;
}

// Only a refusal ends a tail; that keys cannot be read for a moment does not.
std::function<bool()> ask_again(const Guard& reader, Request request) {
  return [reader, request = std::move(request)]() mutable {
    const auto refusal = reader(request);
    return !refusal || refusal->status >= 500;
  };
}

}  // namespace

void add_tail_route(Router& router, TailFeed& feed, const Guard& reader) {
  Route route;
  route.method = "GET";
  route.pattern = "/api/v1/logs/tail";
  route.guard = reader;
  router.add_async(std::move(route), [&feed, reader](Request& request, Responder responder) {
    TailRequest tail;
    if (const auto problem = read_tail_request(request, tail)) {
      responder.send(bad_request(*problem));
      return;
    }
    tail.reader = request.principal;
    tail.may_read = ask_again(reader, std::move(request));
    feed.open(std::move(tail), std::move(responder));
  });
}

}  // namespace logs_server
