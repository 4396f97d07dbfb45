#include "src/entry/entry_view.h"

#include <nlohmann/json.hpp>

#include "gtest/gtest.h"
#include "src/entry/entry_encoder.h"
#include "src/entry/field_table.h"

namespace logs_sdk {
namespace {

nlohmann::ordered_json encoded(const LogEntry& entry) {
  std::vector<TagView> tags;
  std::string line;
  EntryEncoder({}, {}).encode(view_of(entry, tags), line);
  return nlohmann::ordered_json::parse(line);
}

TEST(EntryView, an_untouched_log_entry_has_the_defaults_of_the_field_table) {
  const nlohmann::ordered_json entry = encoded(LogEntry{});
  for (const FieldInfo& field : kFieldTable) {
    const auto& value = entry.at(std::string(field.name));
    switch (field.kind) {
      case FieldKind::kString:
      case FieldKind::kJsonText:
        EXPECT_EQ(value, std::string(field.default_text)) << field.name;
        break;
      case FieldKind::kInteger:
        EXPECT_EQ(value, 0) << field.name;
        break;
      case FieldKind::kBoolean:
        EXPECT_EQ(value, false) << field.name;
        break;
      case FieldKind::kObject:
        EXPECT_TRUE(value.is_object() && value.empty()) << field.name;
        break;
    }
  }
}

TEST(EntryView, each_member_of_a_log_entry_arrives_in_the_field_of_its_name) {
  LogEntry e;
  std::size_t number = 0;
  for (std::string* text :
       {&e.uuid,           &e.timestamp,       &e.project_slug,  &e.environment,     &e.service_name,
        &e.host,           &e.process_id,      &e.method,        &e.scheme,          &e.host_header,
        &e.path,           &e.query_string,    &e.full_url,      &e.origin,          &e.request_body,
        &e.response_body,  &e.content_type,    &e.client_ip,     &e.client_ip_chain, &e.client_type,
        &e.client_country, &e.client_province, &e.client_city,   &e.client_isp,      &e.user_agent,
        &e.referer,        &e.device_type,     &e.browser,       &e.browser_version, &e.os_name,
        &e.os_version,     &e.tls_version,     &e.tls_cipher,    &e.proto,           &e.api_version,
        &e.request_id,     &e.trace_id,        &e.span_id,       &e.parent_span_id,  &e.user_id,
        &e.session_id,     &e.error_type,      &e.error_message, &e.error_stack,     &e.panic_location}) {
    *text = "value " + std::to_string(number++);
  }
  e.uid = 101, e.duration_ms = 102, e.request_body_size = 103, e.response_body_size = 104, e.status_code = 105;
  e.client_port = 106, e.upstream_status = 107, e.is_error = true;
  e.request_headers = R"({"a":1})", e.response_headers = R"({"b":2})", e.latency_breakdown = R"({"c":3})";
  // Members stand in the order of the table, so the numbers rise along it.
  std::size_t next = 0;
  const nlohmann::ordered_json entry = encoded(e);
  for (const FieldInfo& field : kFieldTable) {
    if (field.kind != FieldKind::kString) continue;
    EXPECT_EQ(entry.at(std::string(field.name)), "value " + std::to_string(next++)) << field.name;
  }
  EXPECT_EQ(next, number);
  EXPECT_EQ(entry["uid"], 101);
  EXPECT_EQ(entry["duration_ms"], 102);
  EXPECT_EQ(entry["request_body_size"], 103);
  EXPECT_EQ(entry["response_body_size"], 104);
  EXPECT_EQ(entry["status_code"], 105);
  EXPECT_EQ(entry["client_port"], 106);
  EXPECT_EQ(entry["upstream_status"], 107);
  EXPECT_EQ(entry["is_error"], true);
  EXPECT_EQ(entry["request_headers"], R"({"a":1})");
  EXPECT_EQ(entry["response_headers"], R"({"b":2})");
  EXPECT_EQ(entry["latency_breakdown"], R"({"c":3})");
}

TEST(EntryView, tags_of_each_kind_are_kept) {
  LogEntry entry;
  entry.tags = {{"a", "text"}, {"b", std::int64_t{-5}}, {"c", 2.5}, {"d", true}};
  EXPECT_EQ(encoded(entry)["tags"].dump(), R"({"a":"text","b":-5,"c":2.5,"d":true})");
}

TEST(EntryView, text_that_is_no_json_object_becomes_a_tag_and_the_field_stays_an_object) {
  LogEntry entry;
  entry.request_headers = "accept: text/html";
  entry.latency_breakdown = "[1]";
  entry.response_headers = "";
  entry.tags = {{"own", std::int64_t{1}}};
  const nlohmann::ordered_json line = encoded(entry);
  EXPECT_EQ(line["request_headers"], "{}");
  EXPECT_EQ(line["response_headers"], "{}");
  EXPECT_EQ(line["latency_breakdown"], "{}");
  EXPECT_EQ(line["tags"].dump(),
            R"({"invalid.request_headers":"accept: text/html","invalid.latency_breakdown":"[1]","own":1})");
}

}  // namespace
}  // namespace logs_sdk
