// Router: which handler answers which method and path.
//
// Filled at start, constant while the server runs; then every call is safe from any thread.
#ifndef LOGS_SERVER_HTTP_ROUTER_H_
#define LOGS_SERVER_HTTP_ROUTER_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/request.h"
#include "server/http/responder.h"
#include "server/http/response.h"

namespace logs_server {

// Decides on method, path and headers alone, before the body is read: an answer refuses the request, none lets it
// through. May name the request's principal. Runs on a network thread: at most microseconds.
using Guard = std::function<std::optional<Response>(Request&)>;

// Answers at once. Runs on a worker thread, so that it may read the disk or scan for seconds.
using Handler = std::function<Response(const Request&)>;

// Answers now or later, through the responder. Runs on a network thread: it must not wait. The request is valid until
// it returns; the handler may move parts out of it.
using AsyncHandler = std::function<void(Request&, Responder)>;

struct Route {
  std::string method;   // a GET route answers HEAD too
  std::string pattern;  // "/api/v1/logs/{uuid}": {…} stands for one non-empty segment; no trailing slash
  Guard guard;          // empty: open to everybody
  // Decoded bytes; a longer body is answered 413. 0: a body is not expected.
  std::size_t max_body_bytes = 0;
  // Sent with every answer of this route, refusals included.
  std::vector<std::pair<std::string, std::string>> headers;
  // One of the two, set by Router::add and add_async.
  Handler handler;
  AsyncHandler async_handler;
};

class Router {
 public:
  void add(Route route, Handler handler);
  void add_async(Route route, AsyncHandler handler);

  struct Match {
    const Route* route = nullptr;          // none: 404, or 405 when `allowed` is not empty
    std::vector<std::string> path_values;  // decoded
    std::string allowed;                   // of a path known under other methods, for Allow
  };
  // A literal segment wins over {…}: /logs/histogram over /logs/{uuid}, whichever was added first.
  Match match(std::string_view method, std::string_view path) const;

  // Every route, the more specific first.
  std::vector<const Route*> routes() const;

 private:
  struct Entry {
    std::vector<std::string> segments;
    Route route;
  };
  void insert(Route route);

  std::vector<Entry> entries_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_ROUTER_H_
