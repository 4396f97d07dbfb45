#include "tests/conformance/conformance_suite.h"

#include <gmock/gmock.h>

#include "tests/conformance/raw_exchange.h"

namespace logs_sdk::conformance {
namespace {

using Json = PlatformSink::Json;

void expect_headers(const Json& entry, const char* field, const Json& expected) {
  const Json headers = Json::parse(entry.at(field).get<std::string>());
  for (const auto& [name, value] : expected.items()) {
    if (value.is_null()) {
      EXPECT_FALSE(headers.contains(name)) << field << ": " << headers;
    } else {
      EXPECT_EQ(headers.value(name, Json()), value) << field << "." << name << " in " << headers;
    }
  }
}

void expect_pattern(const Json& entry, const char* field, const char* pattern) {
  EXPECT_THAT(entry.at(field).get<std::string>(), ::testing::MatchesRegex(pattern)) << field;
}

}  // namespace

Config Recorded::config() const {
  Config config;
  config.endpoint = sink_.url();
  config.api_key = "clog_pk_conformance";
  config.api_secret = "clog_sk_conformance";
  config.project_slug = "conformance";
  config.service_name = "sample";
  config.offline_dir = folder_.file("spool");
  config.flush_interval = std::chrono::milliseconds(50);
  config.capture_bodies = true;
  config.max_body_size = kMaxBodyBytes;
  return config;
}

void expect_entry(const Json& entry, const ExpectedEntry& expected) {
  EXPECT_EQ(entry.size(), 57u);
  for (const auto& [name, value] : expected.fields.items()) EXPECT_EQ(entry.value(name, Json()), value) << name;
  for (const auto& [name, parts] : expected.contains.items()) {
    for (const std::string part : parts)
      EXPECT_NE(entry.at(name).get<std::string>().find(part), std::string::npos) << entry.at(name);
  }
  expect_headers(entry, "request_headers", expected.request_headers);
  expect_headers(entry, "response_headers", expected.response_headers);
  expect_pattern(entry, "uuid", "[0-9a-f]{12}7[0-9a-f]{19}");
  expect_pattern(entry, "timestamp", "[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}[.][0-9]{6}Z");
  expect_pattern(entry, "trace_id", "[0-9a-f]{32}");
  expect_pattern(entry, "span_id", "[0-9a-f]{16}");
  EXPECT_GE(entry.at("duration_ms"), 0);
}

TEST_P(ConformanceTest, the_client_receives_the_same_bytes_and_the_entries_say_what_happened) {
  const auto& [adapter, exchange] = GetParam();
  const auto recorded = adapter.start({.logs = &logs_});
  const auto plain = adapter.start({});
  const std::string with_us = converse(recorded->port(), exchange);
  const std::string without_us = converse(plain->port(), exchange);
  if (exchange.leaving == Leaving::kWhenServerCloses) {
    EXPECT_FALSE(with_us.empty());
    EXPECT_EQ(without_dates(with_us), without_dates(without_us));
  }
  if (exchange.malformed && adapter.description.unseen.contains(Sight::kMalformedRequest)) return;
  const std::vector<Json> entries = sink_.await_entries(exchange.entries.size());
  ASSERT_EQ(entries.size(), exchange.entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    SCOPED_TRACE(entries[i].dump(1));
    expect_entry(entries[i], exchange.entries[i]);
  }
  EXPECT_TRUE(logs_.close());
  const Stats stats = logs_.stats();
  EXPECT_EQ(stats.spool.captured + stats.memory.captured, exchange.entries.size());
  EXPECT_EQ(stats.spool.delivered + stats.memory.delivered, exchange.entries.size());
}

}  // namespace logs_sdk::conformance
