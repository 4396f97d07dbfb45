#include "server/api/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace logs_server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ServedRequest served(std::string_view route, int status) {
  return {
      .route = route, .status = status, .duration = std::chrono::microseconds(1'500), .body_bytes = 100, .failure = ""};
}

TEST(Metrics, requests_are_counted_by_route_and_class_of_status) {
  Metrics metrics;
  for (const int status : {200, 201, 429}) metrics.add_request(served("POST /api/v1/ingest/logs", status));
  metrics.add_request(served("-", 404));
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("logs_server_requests_total{route=\"POST /api/v1/ingest/logs\",status=\"2xx\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("logs_server_requests_total{route=\"POST /api/v1/ingest/logs\",status=\"4xx\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("logs_server_requests_total{route=\"-\",status=\"4xx\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("logs_server_request_body_bytes_total{route=\"POST /api/v1/ingest/logs\"} 300\n"));
  EXPECT_THAT(text, HasSubstr("request_duration_seconds_count{route=\"POST /api/v1/ingest/logs\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("request_duration_seconds_bucket{route=\"POST /api/v1/ingest/logs\",le=\"0.001\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("request_duration_seconds_bucket{route=\"POST /api/v1/ingest/logs\",le=\"0.0025\"} 3\n"));
}

TEST(Metrics, a_stream_is_counted_but_its_length_is_nobodys_latency) {
  Metrics metrics;
  ServedRequest tail = served("GET /api/v1/logs/tail", 200);
  tail.is_stream = true;
  metrics.add_request(tail);
  EXPECT_THAT(metrics.text(),
              HasSubstr("logs_server_requests_total{route=\"GET /api/v1/logs/tail\",status=\"2xx\"} 1\n"));
  EXPECT_THAT(metrics.text(), Not(HasSubstr("request_duration_seconds_count{route=\"GET /api/v1/logs/tail\"}")));
}

TEST(Metrics, commits_add_up_to_verdicts) {
  Metrics metrics;
  metrics.add_commit({.duration = std::chrono::milliseconds(3), .accepted = 40, .duplicate = 2});
  metrics.add_commit({.duration = std::chrono::milliseconds(3), .failed = true});
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("logs_server_entries_total{verdict=\"accepted\"} 40\n"));
  EXPECT_THAT(text, HasSubstr("logs_server_entries_total{verdict=\"duplicate\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("logs_server_commits_failed_total 1\n"));
  EXPECT_THAT(text, HasSubstr("logs_server_commit_duration_seconds_count 2\n"));
}

TEST(Metrics, samples_are_taken_when_asked_and_stand_under_one_heading_a_name) {
  Metrics metrics;
  double connections = 1;
  metrics.set_sampler([&] {
    using enum MetricSample::Kind;
    return std::vector<MetricSample>{{.name = "connections", .help = "Open.", .kind = kGauge, .value = connections},
                                     {.name = "refused_total",
                                      .help = "No.",
                                      .kind = kCounter,
                                      .value = 2,
                                      .label_name = "limit",
                                      .label_value = "a"},
                                     {.name = "refused_total",
                                      .help = "No.",
                                      .kind = kCounter,
                                      .value = 3,
                                      .label_name = "limit",
                                      .label_value = "b"}};
  });
  connections = 7;
  EXPECT_THAT(metrics.text(), HasSubstr("# HELP connections Open.\n# TYPE connections gauge\nconnections 7\n"));
  EXPECT_THAT(metrics.text(), HasSubstr("# TYPE refused_total counter\nrefused_total{limit=\"a\"} 2\n"
                                        "refused_total{limit=\"b\"} 3\n"));
}

TEST(Metrics, are_open_to_this_machine_and_nobody_else_when_the_operator_says_so) {
  const Guard guard = open_on_loopback([](Request&) { return std::optional(error_response(401, "no")); });
  Request request;
  for (const char* peer : {"127.0.0.1", "::1"}) {
    request.peer_address = peer;
    EXPECT_FALSE(guard(request)) << peer;
  }
  for (const char* peer : {"192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", ""}) {
    request.peer_address = peer;
    EXPECT_TRUE(guard(request)) << peer;
  }
}

}  // namespace
}  // namespace logs_server
