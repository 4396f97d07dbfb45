// Metrics: what the server counts and measures of itself, as Prometheus reads it.
//
// Labels have few values, all of them ours: patterns of routes, classes of statuses, verdicts. Nothing that a client
// can choose becomes a label, so nobody can make this grow. docs/operations.md lists the metrics. Thread-safety: every
// call from any thread; all but text() take a microsecond at most.
#ifndef LOGS_SERVER_API_METRICS_H_
#define LOGS_SERVER_API_METRICS_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/http_server.h"
#include "server/http/router.h"
#include "server/store/commit_measure.h"

namespace logs_server {

// A number that somebody else keeps, read when it is asked for.
struct MetricSample {
  enum class Kind { kGauge, kCounter };
  std::string_view name;
  std::string_view help;
  Kind kind = Kind::kGauge;
  double value = 0;
  std::string_view label_name = {};  // empty: no label
  std::string_view label_value = {};
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void add_request(const ServedRequest& served);
  void add_commit(const CommitMeasure& commit);

  // `sampler` is called by text(); samples of one name stand together. Set once, before or after text() was first
  // called; what it refers to outlives the last text().
  void set_sampler(std::function<std::vector<MetricSample>()> sampler);

  // Everything, in the text format of Prometheus, version 0.0.4.
  std::string text() const;

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

// GET /api/v1/metrics. `guard` decides who may read it; `metrics` outlives the router.
void add_metrics_route(Router& router, const Metrics& metrics, Guard guard);

// Lets whoever is on this machine through, and asks `guard` about everybody else.
Guard open_on_loopback(Guard guard);

}  // namespace logs_server

#endif  // LOGS_SERVER_API_METRICS_H_
