// GET /healthz: the process serves. GET /readyz: the store answers too, and lines on what entries will lack. Open to
// everybody; they tell nothing else, and come while every worker searches.
#ifndef LOGS_SERVER_API_HEALTH_HANDLER_H_
#define LOGS_SERVER_API_HEALTH_HANDLER_H_

#include <functional>
#include <string>

#include "server/http/router.h"
#include "server/store/store.h"

namespace logs_server {

// `store` outlives the router. `notes` gives whole lines that follow "ready"; they change nothing about it.
void add_health_routes(Router& router, Store& store, std::function<std::string()> notes = {});

}  // namespace logs_server

#endif  // LOGS_SERVER_API_HEALTH_HANDLER_H_
