// The numbers of a running server that are read when the metrics are asked for.
#ifndef LOGS_SERVER_COMMAND_SERVER_SAMPLES_H_
#define LOGS_SERVER_COMMAND_SERVER_SAMPLES_H_

#include <string>
#include <vector>

#include "server/api/key_limits.h"
#include "server/api/metrics.h"
#include "server/api/tail_feed.h"
#include "server/enrich/enricher.h"
#include "server/http/http_server.h"
#include "server/ingest/commit_queue.h"
#include "server/ingest/ingest_handler.h"

namespace logs_server {

struct SampledParts {
  const HttpServer& server;
  CommitQueue& queue;
  const IngestHandler& ingest;
  const Enricher& enricher;
  const TailFeed& tails;
  const KeyLimits& key_limits;
  std::string data_folder;
};

std::vector<MetricSample> sample(const SampledParts& parts);

}  // namespace logs_server

#endif  // LOGS_SERVER_COMMAND_SERVER_SAMPLES_H_
