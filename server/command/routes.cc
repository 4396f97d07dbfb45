#include "server/command/routes.h"

#include <utility>

#include "server/api/clients_handler.h"
#include "server/api/console_handler.h"
#include "server/api/health_handler.h"
#include "server/api/logs_handler.h"
#include "server/api/reader_guard.h"
#include "server/api/session_handler.h"
#include "server/api/tail_handler.h"
#include "src/base/clock.h"

namespace logs_server {

Router make_router(const RouteParts& parts, const RouteOptions& options) {
  const Guard reader = reader_guard(parts.registry);
  Router router;
  add_health_routes(router, parts.store, options.readiness_notes);
  add_session_routes(router, parts.registry);
  LogsOptions logs;
  logs.on_damaged = options.on_damaged;
  add_logs_routes(router, parts.store, logs_sdk::system_clock(), reader, std::move(logs));
  add_tail_route(router, parts.tails, reader);
  add_clients_route(router, parts.store, reader,
                    [&ingest = parts.ingest] { return ingest.malformed_client_headers(); });
  add_metrics_route(router, parts.metrics, options.open_metrics ? open_on_loopback(reader) : reader);
  add_console_routes(router);
  parts.ingest.add_to(router, ingest_guard(parts.registry, parts.key_limits, options.missing_secret));
  return router;
}

}  // namespace logs_server
