// What is compared of an entry, and how.
#include <gmock/gmock.h>

#include "tests/conformance/conformance_suite.h"

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

void expect_parts(const Json& entry, const Json& parts_of, bool there) {
  for (const auto& [name, parts] : parts_of.items()) {
    for (const std::string part : parts) {
      const bool found = entry.at(name).get<std::string>().find(part) != std::string::npos;
      EXPECT_EQ(found, there) << part << " in " << name << ": " << entry.at(name);
    }
  }
}

void expect_pattern(const Json& entry, const char* field, const char* pattern) {
  EXPECT_THAT(entry.at(field).get<std::string>(), ::testing::MatchesRegex(pattern)) << field;
}

}  // namespace

void expect_entry(const Json& entry, const Expectation& expected) {
  EXPECT_EQ(entry.size(), 57u);
  for (const auto& [name, value] : expected.fields.items()) EXPECT_EQ(entry.value(name, Json()), value) << name;
  expect_parts(entry, expected.contains, true);
  expect_parts(entry, expected.lacks, false);
  expect_headers(entry, "request_headers", expected.request_headers);
  expect_headers(entry, "response_headers", expected.response_headers);
  expect_pattern(entry, "uuid", "[0-9a-f]{12}7[0-9a-f]{19}");
  expect_pattern(entry, "timestamp", "[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}[.][0-9]{6}Z");
  expect_pattern(entry, "trace_id", "[0-9a-f]{32}");
  expect_pattern(entry, "span_id", "[0-9a-f]{16}");
  EXPECT_GE(entry.at("duration_ms"), 0);
}

}  // namespace logs_sdk::conformance
