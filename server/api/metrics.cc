#include "server/api/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <chrono>
#include <mutex>
#include <utility>

#include "server/http/host_check.h"

namespace logs_server {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildHistogram;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Histogram;
using prometheus::MetricFamily;

using Buckets = Histogram::BucketBoundaries;

// Seconds. Of requests: from an answer out of memory to a search that used all of its time; of commits: from a fast
// device to one that hangs.
const Buckets& request_buckets() {
  static const Buckets buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  return buckets;
}
const Buckets& commit_buckets() {
  static const Buckets buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};
  return buckets;
}

double seconds(std::chrono::microseconds duration) { return std::chrono::duration<double>(duration).count(); }

std::string status_class(int status) { return std::to_string(status / 100) + "xx"; }

prometheus::ClientMetric client_metric(const MetricSample& sample) {
  prometheus::ClientMetric metric;
  if (!sample.label_name.empty()) {
    metric.label.push_back({std::string(sample.label_name), std::string(sample.label_value)});
  }
  if (sample.kind == MetricSample::Kind::kGauge) {
    metric.gauge.value = sample.value;
  } else {
    metric.counter.value = sample.value;
  }
  return metric;
}

void append_samples(const std::vector<MetricSample>& samples, std::vector<MetricFamily>& families) {
  for (const MetricSample& sample : samples) {
    if (families.empty() || families.back().name != sample.name) {
      const bool gauge = sample.kind == MetricSample::Kind::kGauge;
      families.push_back({std::string(sample.name),
                          std::string(sample.help),
                          gauge ? prometheus::MetricType::Gauge : prometheus::MetricType::Counter,
                          {}});
    }
    families.back().metric.push_back(client_metric(sample));
  }
}

}  // namespace

class Metrics::Impl {
 public:
  Family<Counter>& counters(const char* name, const char* help) {
    return BuildCounter().Name(name).Help(help).Register(registry_);
  }
  Family<Histogram>& histograms(const char* name, const char* help) {
    return BuildHistogram().Name(name).Help(help).Register(registry_);
  }

 private:
  prometheus::Registry registry_;  // first: the families live in it

 public:
  Family<Counter>& requests =
      counters("logs_server_requests_total", "Requests answered, by route and class of status.");
  Family<Histogram>& request_seconds = histograms("logs_server_request_duration_seconds",
                                                  "From the header of a request to the end of its answer; no streams.");
  Family<Counter>& body_bytes = counters("logs_server_request_body_bytes_total", "Bytes of request bodies, decoded.");
  Family<Counter>& entries = counters("logs_server_entries_total", "Entries committed or known before, by verdict.");
  Counter& accepted = entries.Add({{"verdict", "accepted"}});
  Counter& duplicate = entries.Add({{"verdict", "duplicate"}});
  Histogram& commit_seconds = histograms("logs_server_commit_duration_seconds", "How long a group took to be durable.")
                                  .Add({}, commit_buckets());
  Counter& commits_failed = counters("logs_server_commits_failed_total", "Groups that the store did not take.").Add({});

  std::vector<MetricFamily> collect() const {
    std::vector<MetricFamily> families = registry_.Collect();
    const std::lock_guard lock(mutex_);
    if (sampler_) append_samples(sampler_(), families);
    return families;
  }
  void set_sampler(std::function<std::vector<MetricSample>()> sampler) {
    const std::lock_guard lock(mutex_);
    sampler_ = std::move(sampler);
  }

 private:
  mutable std::mutex mutex_;
  std::function<std::vector<MetricSample>()> sampler_;  // guarded by mutex_
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::add_request(const ServedRequest& served) {
  const std::string route(served.route);
  impl_->requests.Add({{"route", route}, {"status", status_class(served.status)}}).Increment();
  if (!served.is_stream)
    impl_->request_seconds.Add({{"route", route}}, request_buckets()).Observe(seconds(served.duration));
  if (served.body_bytes > 0)
    impl_->body_bytes.Add({{"route", route}}).Increment(static_cast<double>(served.body_bytes));
}

void Metrics::add_commit(const CommitMeasure& commit) {
  impl_->commit_seconds.Observe(seconds(commit.duration));
  if (commit.failed) impl_->commits_failed.Increment();
  impl_->accepted.Increment(static_cast<double>(commit.accepted));
  impl_->duplicate.Increment(static_cast<double>(commit.duplicate));
}

void Metrics::set_sampler(std::function<std::vector<MetricSample>()> sampler) {
  impl_->set_sampler(std::move(sampler));
}

std::string Metrics::text() const { return prometheus::TextSerializer().Serialize(impl_->collect()); }

void add_metrics_route(Router& router, const Metrics& metrics, Guard guard) {
  Route route;
  route.method = "GET";
  route.pattern = "/api/v1/metrics";
  route.guard = std::move(guard);
  // Not by a worker: that all of them are busy is what somebody wants to see.
  router.add_async(std::move(route), [&metrics](Request&, const Responder& responder) {
    Response response;
    response.body = metrics.text();
    responder.send(std::move(response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8")));
  });
}

Guard open_on_loopback(Guard guard) {
  return [guard = std::move(guard)](Request& request) -> std::optional<Response> {
    if (is_loopback_host(request.peer_address)) return std::nullopt;
    return guard(request);
  };
}

}  // namespace logs_server
