// Request: one HTTP request as handlers see it: target decoded, body bounded and already free of its Content-Encoding.
//
// The server owns it; a handler may use it until it returns (an asynchronous handler takes out what it needs later).
#ifndef LOGS_SERVER_HTTP_REQUEST_H_
#define LOGS_SERVER_HTTP_REQUEST_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http/response.h"

namespace logs_server {

// Names in lower case, in the order received.
using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;  // as received: "GET", "POST", …
  std::string path;    // as received, undecoded, without the query
  // Decoded (percent and '+'), in the order received; a parameter without '=' has an empty value.
  std::vector<std::pair<std::string, std::string>> query;
  // Decoded values of the {…} of the route's pattern, in its order.
  std::vector<std::string> path_values;
  Headers headers;
  // Decoded; at most the route's max_body_bytes. Empty while the guard runs.
  std::string body;
  std::string peer_address;  // numeric, without the port
  // The peer is one of HttpServerOptions::shared_peers, so that what it says of its client (X-Forwarded-…) counts.
  bool from_proxy = false;
  // Whom the guard recognised: the project of an ingest key, or an id of a reader's token or session. Never a secret.
  // Empty when the route's guard names nobody.
  std::string principal;
  // Which key of the principal it came with, for what each key may take; empty as that.
  std::string key;
  // Set by a guard whose principal wants what it sends kept as it comes, secrets included.
  bool keep_unmasked = false;
  // Set by a guard that counts what its client sends: called with the bytes of the body, whole or given up:
  // decoded, or as they came if those were more.
  std::function<void(std::size_t body_bytes)> on_body;
  // Set by a guard that counts the time that its client takes of a thread: a handler calls it with its longest work,
  // and gets what that answers, or the guard's refusal, and then the work was not done.
  std::function<std::optional<Response>(const std::function<std::optional<Response>()>& work)> charge_work;

  // The first header of that name (lower case).
  std::optional<std::string_view> header(std::string_view name) const;
  // The first query parameter of that name.
  std::optional<std::string_view> query_value(std::string_view name) const;
  // The value of a cookie.
  std::optional<std::string_view> cookie(std::string_view name) const;
  // Whether the proxy that brought it says that its client spoke https: by X-Forwarded-Proto, where that is missing by
  // Forwarded (RFC 7239). False when no proxy brought it.
  bool came_by_https() const;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_REQUEST_H_
