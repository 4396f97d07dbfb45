#include "server/api/health_handler.h"

namespace logs_server {
namespace {

Response text_response(int status, std::string text) {
  Response response;
  response.status = status;
  response.body = std::move(text);
  return response.with("Content-Type", "text/plain; charset=utf-8");
}

// Cheaper than counting: a name that no entry has.
bool answers(Store& store) { return store.find(logs_sdk::Uuid{}, std::nullopt).ok(); }

}  // namespace

void add_health_routes(Router& router, Store& store) {
  Route health;
  health.method = "GET";
  health.pattern = "/healthz";
  // Not by a worker: it must answer while all of them scan.
  router.add_async(std::move(health),
                   [](Request&, const Responder& responder) { responder.send(text_response(200, "ok\n")); });
  Route ready;
  ready.method = "GET";
  ready.pattern = "/readyz";
  router.add(std::move(ready), [&store](const Request&) {
    return answers(store) ? text_response(200, "ready\n") : text_response(503, "the store does not answer\n");
  });
}

}  // namespace logs_server
