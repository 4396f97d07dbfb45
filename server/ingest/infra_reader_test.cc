// Posted entries of the infrastructure: what becomes of each member, the layout of the document, the columns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "server/ingest/batch_parser.h"
#include "src/entry/infra_encoder.h"
#include "src/entry/infra_field_table.h"

namespace logs_server {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kNow = 1'769'846'950'000'000;  // 2026-01-31T08:09:10Z
constexpr std::string_view kUuid = "019c131f4a527abc8def0123456789ab";

ParsedBatch parse(const std::string& members, bool mask = true) {
  BatchParser parser;
  ParsedBatch batch;
  std::string body = "{\"logs\":[{" + members + "}]}";
  const Receipt receipt{.project_slug = "shop", .received_at_us = kNow, .kind = EntryKind::kInfra, .mask = mask};
  EXPECT_FALSE(parser.parse(body, receipt, batch)) << members;
  return batch;
}

NewEntry stored(const std::string& members) {
  ParsedBatch batch = parse(members);
  EXPECT_TRUE(batch.rejected.empty()) << members << ": " << batch.rejected[0].reason;
  return batch.entries.empty() ? NewEntry{} : batch.entries[0];
}

// Of an entry that has these besides a message, without which it would say nothing.
Json document(const std::string& members) {
  return Json::parse(stored(R"("message":"m")" + (members.empty() ? "" : "," + members)).document);
}

std::string reason(const std::string& members) {
  const ParsedBatch batch = parse(members);
  return batch.rejected.size() == 1 ? batch.rejected[0].reason : "-";
}

TEST(InfraReaderTest, a_document_has_uid_and_kind_then_the_fields_in_table_order_then_tags) {
  const Json json = document("");
  std::vector<std::string> expected = {"uuid", "uid", "kind"};
  for (std::size_t i = 1; i < logs_sdk::kInfraFieldCount; ++i)
    expected.emplace_back(logs_sdk::kInfraFieldTable[i].name);
  expected.emplace_back("tags");
  std::vector<std::string> names;
  for (const auto& [name, value] : json.items()) names.push_back(name);
  EXPECT_EQ(names, expected);
  EXPECT_EQ(json["kind"], "infra");
  EXPECT_EQ(json["uid"], 0);
  EXPECT_EQ(json["level"], "info");
  EXPECT_EQ(json["metadata"], "{}");
  EXPECT_EQ(json["is_error"], false);
  EXPECT_EQ(json["project_slug"], "shop");
  EXPECT_EQ(json["timestamp"], "2026-01-31T08:09:10.000000Z");
  EXPECT_EQ(json["uuid"].get<std::string>().size(), 32U);
  EXPECT_EQ(json["tags"], Json::object());
}

TEST(InfraReaderTest, what_our_own_encoder_writes_is_kept_field_by_field) {
  logs_sdk::InfraLogEntry entry;
  entry.uuid = kUuid;
  entry.timestamp = "2026-01-31T08:09:09.000001Z";
  entry.source_type = "database";
  entry.source_name = "orders \"primary\"";
  entry.host = "db-1";
  entry.level = "fatal";
  entry.message = "out of space\n中文";
  entry.metadata = R"({"free_mb":0,"path":"/var/lib"})";
  entry.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  entry.related_api_uuid = std::string(kUuid);
  entry.is_error = true;
  entry.error_detail = "ENOSPC";
  logs_sdk::ByteBuffer bytes;
  logs_sdk::InfraEncoder({}, "shop", {}).encode(entry, bytes);
  const std::string text(bytes.view());
  const NewEntry read = stored(text.substr(1, text.size() - 2));
  Json expected = Json::parse(text);
  Json json = Json::parse(read.document);
  for (const auto& [name, value] : expected.items()) EXPECT_EQ(json[name], value) << name;
  EXPECT_EQ(document_with_uid(read.document, 42).find(R"({"uuid":"019c131f4a527abc8def0123456789ab","uid":42,"kind")"),
            0U);
}

TEST(InfraReaderTest, the_columns_are_those_of_both_kinds_and_the_others_stay_empty) {
  const NewEntry entry = stored("\"uuid\":\"" + std::string(kUuid) +
                                R"(","timestamp":"2026-01-31T08:09:09Z","source_name":"db","trace_id":"t","host":"h",)"
                                R"("is_error":true,"level":"error")");
  EntryColumns expected;
  expected.kind = EntryKind::kInfra;
  expected.uuid = *logs_sdk::Uuid::parse(kUuid);
  expected.project_slug = "shop";
  expected.timestamp_us = expected.ordered_at_us = kNow - 1'000'000;
  expected.received_at_us = kNow;
  expected.is_error = true;
  expected.trace_id = "t";
  EXPECT_EQ(static_cast<const EntryColumns&>(entry), expected);
}

TEST(InfraReaderTest, values_are_read_generously) {
  const Json json = document(R"("host":7,"message":12.5,"is_error":"1","metadata":{"a":[1]},"level":"WARNING",)"
                             R"("source_type":null,"trace_id":true)");
  EXPECT_EQ(json["host"], "7");
  EXPECT_EQ(json["message"], "12.5");
  EXPECT_EQ(json["is_error"], true);
  EXPECT_EQ(json["metadata"], R"({"a":[1]})");
  EXPECT_EQ(json["level"], "warn");
  EXPECT_EQ(json["source_type"], "");
  EXPECT_EQ(json["trace_id"], "true");
  EXPECT_EQ(document(R"("level":"Audit")")["level"], "Audit");  // stays as it was sent
  EXPECT_EQ(document(R"("metadata":"free text")")["metadata"], R"({"text":"free text"})");
}

TEST(InfraReaderTest, an_error_by_its_level_is_one_unless_the_entry_says_otherwise) {
  EXPECT_TRUE(stored(R"("message":"m","level":"error")").is_error);
  EXPECT_TRUE(stored(R"("message":"m","level":"FATAL")").is_error);
  EXPECT_FALSE(stored(R"("message":"m","level":"error","is_error":false)").is_error);
  EXPECT_FALSE(stored(R"("message":"m","level":"warn")").is_error);
}

TEST(InfraReaderTest, unknown_members_are_kept_in_tags) {
  const Json tags = document(R"("region":"eu","tags":{"a":1},"retries":3,"nothing":null)")["tags"];
  EXPECT_EQ(tags, (Json{{"extra.region", "eu"}, {"extra.retries", 3}, {"extra.tags", R"({"a":1})"}}));
}

TEST(InfraReaderTest, what_cannot_be_read_is_refused_by_field_and_type) {
  EXPECT_EQ(reason(R"("message":["secret"])"), "field message: an array where a string is expected");
  EXPECT_EQ(reason(R"("host":{"a":"secret"})"), "field host: an object where a string is expected");
  EXPECT_EQ(reason(R"("is_error":"secret")"), "field is_error: a string that is neither true nor false");
  EXPECT_EQ(reason(R"("uuid":"secret")"), "field uuid: a string that is not a UUID");
  EXPECT_EQ(reason(R"("project_slug":"bank")"), "field project_slug: not the project of this key");
}

TEST(InfraReaderTest, an_entry_that_says_nothing_is_refused_by_the_fields_that_would_say_something) {
  const std::string expected = "fields message, error_detail and timestamp: all empty";
  for (const char* nothing : {"", R"("message":"","timestamp":null)", R"("level":"fatal","host":"h","x":"y")"}) {
    EXPECT_EQ(reason(nothing), expected) << nothing;
  }
  for (const char* something : {R"("message":"m")", R"("error_detail":"e")", R"("timestamp":"2026-01-31T08:09:09Z")"}) {
    EXPECT_EQ(parse(something).entries.size(), 1u) << something;
  }
}

TEST(InfraReaderTest, secrets_are_masked_in_fields_and_tags_unless_the_project_does_without) {
  const std::string members =
      R"("message":"password=hunter2","metadata":"{\"api_key\":\"hunter2\"}","error_detail":"Bearer hunter2hunter2",)"
      R"("db_password":"hunter2","note":"token=hunter2","host":"u:hunter2@h","source_name":"secret=hunter2")";
  EXPECT_THAT(stored(members).document, HasSubstr("password=***"));
  EXPECT_THAT(stored(members).document, HasSubstr(R"("extra.db_password":"***")"));
  std::string document = stored(members).document;
  document.erase(document.find("u:hunter2@h"), 11);  // without a scheme it is a name and a port
  EXPECT_THAT(document, Not(HasSubstr("hunter2")));
  EXPECT_THAT(parse(members, false).entries[0].document, HasSubstr("password=hunter2"));
}

}  // namespace
}  // namespace logs_server
