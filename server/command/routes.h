// Every route of logs-server, and who may use it. routes_test.cc holds the whole table against what each kind of caller
// gets: a new route without a guard fails it.
#ifndef LOGS_SERVER_COMMAND_ROUTES_H_
#define LOGS_SERVER_COMMAND_ROUTES_H_

#include <cstddef>
#include <functional>
#include <string>

#include "server/api/ingest_guard.h"
#include "server/api/key_limits.h"
#include "server/api/metrics.h"
#include "server/api/registry.h"
#include "server/api/tail_feed.h"
#include "server/http/router.h"
#include "server/ingest/ingest_handler.h"
#include "server/store/store.h"

namespace logs_server {

// What the routes work on; all of it outlives the router.
struct RouteParts {
  Registry& registry;
  Store& store;
  IngestHandler& ingest;
  TailFeed& tails;
  KeyLimits& key_limits;
  const Metrics& metrics;
};

struct RouteOptions {
  MissingSecret missing_secret = MissingSecret::kRefusedUnlessProjectAllows;
  bool open_metrics = false;  // to this machine, without a token
  // What `readyz` says besides, in whole lines.
  std::function<std::string()> readiness_notes = {};
  // LogsOptions::on_damaged.
  std::function<void(std::size_t damaged)> on_damaged = {};
};

Router make_router(const RouteParts& parts, const RouteOptions& options);

}  // namespace logs_server

#endif  // LOGS_SERVER_COMMAND_ROUTES_H_
