#include "server/api/health_handler.h"

#include <utility>

namespace logs_server {
namespace {

Response text_response(int status, std::string text) {
  Response response;
  response.status = status;
  response.body = std::move(text);
  return response.with("Content-Type", "text/plain; charset=utf-8");
}

}  // namespace

void add_health_routes(Router& router, Store& store, std::function<std::string()> notes) {
  Route health;
  health.method = "GET";
  health.pattern = "/healthz";
  // Neither by a worker: they must answer while all of them scan.
  router.add_async(std::move(health),
                   [](Request&, const Responder& responder) { responder.send(text_response(200, "ok\n")); });
  Route ready;
  ready.method = "GET";
  ready.pattern = "/readyz";
  // One look into an index, as the guards take too.
  router.add_async(std::move(ready), [&store, notes = std::move(notes)](Request&, const Responder& responder) {
    const Status checked = store.check();
    responder.send(checked.ok() ? text_response(200, "ready\n" + (notes ? notes() : ""))
                                : text_response(503, checked.message() + "\n"));
  });
}

}  // namespace logs_server
