#include "server/ingest/batch_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "server/ingest/batch_answer.h"
#include "src/entry/field_table.h"
#include "src/entry/limits.h"

namespace logs_server {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::int64_t kNow = 1'769'846'950'000'000;  // 2026-01-31T08:09:10Z
constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr std::string_view kUuid = "019c131f4a527abc8def0123456789ab";

struct Parsed {
  int status = 200;
  std::string refusal;
  ParsedBatch batch;
};

Parsed parse(std::string body) {
  BatchParser parser;
  Parsed parsed;
  if (auto refusal = parser.parse(body, {.project_slug = "shop", .received_at_us = kNow}, parsed.batch)) {
    parsed.status = refusal->status;
    parsed.refusal = refusal->body;
  }
  return parsed;
}

Parsed parse_entry(const std::string& members) { return parse("{\"logs\":[{" + members + "}]}"); }

// The stored entry of a batch of one; fails the test when it was refused.
NewEntry stored(const std::string& members) {
  Parsed parsed = parse_entry(members);
  EXPECT_EQ(parsed.status, 200) << parsed.refusal;
  EXPECT_TRUE(parsed.batch.rejected.empty()) << members << ": " << parsed.batch.rejected[0].reason;
  return parsed.batch.entries.empty() ? NewEntry{} : parsed.batch.entries[0];
}

// Of an entry that has these besides a path, without which it would say nothing.
Json document(const std::string& members) {
  return Json::parse(stored(R"("path":"/")" + (members.empty() ? "" : "," + members)).document);
}

std::string reason(const std::string& members) {
  const Parsed parsed = parse_entry(members);
  return parsed.batch.rejected.size() == 1 ? parsed.batch.rejected[0].reason : "-";
}

// As our own encoder writes an entry.
std::string canonical_document() {
  return stored(
             R"("uuid":"019c131f4a527abc8def0123456789ab","timestamp":"2026-01-31T08:09:09.000001Z","method":"GET",)"
             R"("path":"/a\"b","status_code":503,"is_error":true,"duration_ms":12,"error_type":"http_error",)"
             R"("request_headers":"{\"a\":\"b\"}","trace_id":"t","client_ip":"::1","environment":"e","service_name":"s")")
      .document;
}

TEST(BatchParserTest, a_document_has_the_57_fields_in_table_order) {
  const auto json = nlohmann::ordered_json::parse(stored(R"("path":"/")").document);
  ASSERT_EQ(json.size(), logs_sdk::kFieldCount);
  std::size_t i = 0;
  for (const auto& [name, value] : json.items()) EXPECT_EQ(name, logs_sdk::kFieldTable[i++].name);
  EXPECT_EQ(json["project_slug"], "shop");
  EXPECT_EQ(json["origin"], "unknown");
  EXPECT_EQ(json["client_type"], "other");
  EXPECT_EQ(json["request_headers"], "{}");
  EXPECT_EQ(json["timestamp"], "2026-01-31T08:09:10.000000Z");
  EXPECT_EQ(json["uid"], 0);
}

TEST(BatchParserTest, the_columns_say_what_the_document_says) {
  const NewEntry entry = stored(canonical_document().substr(1, canonical_document().size() - 2));
  EXPECT_EQ(entry.project_slug, "shop");
  EXPECT_EQ(entry.timestamp_us, kNow - 999'999);
  EXPECT_EQ(entry.ordered_at_us, entry.timestamp_us);
  EXPECT_EQ(entry.received_at_us, kNow);
  EXPECT_EQ(entry.method, "GET");
  EXPECT_EQ(entry.path, "/a\"b");
  EXPECT_EQ(entry.status_code, 503);
  EXPECT_TRUE(entry.is_error);
  EXPECT_FALSE(entry.interrupted);
  EXPECT_EQ(entry.duration_ms, 12);
  EXPECT_EQ(entry.error_type, "http_error");
  EXPECT_EQ(entry.trace_id, "t");
  EXPECT_EQ(entry.client_ip, "::1");
  EXPECT_EQ(entry.environment, "e");
  EXPECT_EQ(entry.service_name, "s");
}

TEST(BatchParserTest, a_canonical_entry_is_stored_byte_for_byte) {
  const std::string canonical = canonical_document();
  EXPECT_EQ(stored(canonical.substr(1, canonical.size() - 2)).document, canonical);
}

TEST(BatchParserTest, both_ways_through_the_parser_give_the_same_entry) {
  const std::string canonical = canonical_document();
  const std::string members = canonical.substr(1, canonical.size() - 2);
  const NewEntry kept = stored(members);
  // The same values, but spaced, reordered or escaped otherwise: read field by field and encoded anew.
  const Json json = Json::parse(canonical);
  const std::string sorted = json.dump();
  for (const std::string& other :
       {members + " ", " " + members, sorted.substr(1, sorted.size() - 2), members + ",\"x\":null"}) {
    const NewEntry read = stored(other);
    EXPECT_EQ(read.document, kept.document);
    EXPECT_EQ(static_cast<const EntryColumns&>(read), static_cast<const EntryColumns&>(kept));
  }
}

TEST(BatchParserTest, an_entry_that_only_looks_canonical_is_encoded_anew) {
  const std::string canonical = canonical_document();
  const auto changed = [&canonical](std::string_view from, std::string_view to) {
    std::string text = canonical;
    text.replace(text.find(from), from.size(), to);
    return Json::parse(stored(text.substr(1, text.size() - 2)).document);
  };
  EXPECT_EQ(changed("\"uid\":0", "\"uid\":77")["uid"], 0);
  EXPECT_EQ(changed("019c131f4a527abc8def0123456789ab", "019C131F-4A52-7ABC-8DEF-0123456789AB")["uuid"], kUuid);
  EXPECT_EQ(changed("\"GET\"", "\"" + std::string(5000, 'x') + "\"")["method"],
            std::string(logs_sdk::kMaxStringBytes, 'x') + std::string(logs_sdk::kTruncated));
  EXPECT_EQ(changed("\"GET\"", "\"\\ud800\"")["method"], "\xef\xbf\xbd");
  EXPECT_EQ(changed("\"status_code\":503", "\"status_code\":\"503\"")["status_code"], 503);
}

TEST(BatchParserTest, tags_come_as_object_as_string_and_as_string_in_a_string) {
  const Json expected{{"a", "b"}, {"n", 7}, {"x", 1.5}, {"t", true}};
  EXPECT_EQ(document(R"("tags":{"a":"b","n":7,"x":1.5,"t":true,"none":null})")["tags"], expected);
  EXPECT_EQ(document(R"("tags":"{\"a\":\"b\",\"n\":7,\"x\":1.5,\"t\":true}")")["tags"], expected);
  EXPECT_EQ(document(R"("tags":"\"{\\\"a\\\":\\\"b\\\",\\\"n\\\":7,\\\"x\\\":1.5,\\\"t\\\":true}\"")")["tags"],
            expected);
  for (const char* none : {R"("tags":"")", R"("tags":null)", R"("tags":"null")", R"("tags":{})", R"("tags":" {} ")"}) {
    EXPECT_EQ(document(none)["tags"], Json::object()) << none;
  }
  EXPECT_EQ(document(R"("tags":{"o":{"k":[1]}})")["tags"]["o"], R"({"k":[1]})");
}

TEST(BatchParserTest, unknown_fields_are_kept_in_tags) {
  const Json tags = document(R"("tags":{"a":1},"region":"eu","retries":3,"nested":{"k":[1]},"nothing":null)")["tags"];
  EXPECT_EQ(tags, (Json{{"a", 1}, {"extra.region", "eu"}, {"extra.retries", 3}, {"extra.nested", R"({"k":[1]})"}}));
}

TEST(BatchParserTest, a_known_name_may_be_escaped_and_the_last_of_two_counts) {
  EXPECT_EQ(document(R"("\u006dethod":"PUT")")["method"], "PUT");
  EXPECT_EQ(document(R"("method":"PUT","method":"GET")")["method"], "GET");
}

TEST(BatchParserTest, a_name_that_is_no_text_is_repaired_and_kept) {
  EXPECT_EQ(document(R"("a\ud800":1,"q\"\\":2)")["tags"], (Json{{"extra.a\xef\xbf\xbd", 1}, {"extra.q\"\\", 2}}));
  const Parsed parsed = parse(R"({"x\ud800":7,"logs":[{}]})");
  EXPECT_EQ(parsed.status, 200);
  EXPECT_EQ(parse(R"({"logs":[{"a\x":1}]})").status, 400);
}

TEST(BatchParserTest, values_are_read_generously) {
  const Json json = document(R"("status_code":"404","duration_ms":"","client_port":80.0,"upstream_status":null,)"
                             R"("request_body_size":12.6,"is_error":"true","process_id":4711,"user_id":true,)"
                             R"("request_headers":{"a":"b"},"method":null)");
  EXPECT_EQ(json["status_code"], 404);
  EXPECT_EQ(json["duration_ms"], 0);
  EXPECT_EQ(json["client_port"], 80);
  EXPECT_EQ(json["upstream_status"], 0);
  EXPECT_EQ(json["request_body_size"], 13);
  EXPECT_EQ(json["is_error"], true);
  EXPECT_EQ(json["process_id"], "4711");
  EXPECT_EQ(json["user_id"], "true");
  EXPECT_EQ(json["request_headers"], R"({"a":"b"})");
  EXPECT_EQ(json["method"], "");
}

TEST(BatchParserTest, what_cannot_be_read_is_refused_by_field_and_type) {
  EXPECT_EQ(reason(R"("method":["secret"])"), "field method: an array where a string is expected");
  EXPECT_EQ(reason(R"("path":{"a":"secret"})"), "field path: an object where a string is expected");
  EXPECT_EQ(reason(R"("status_code":"secret")"), "field status_code: a string that is not a number");
  EXPECT_EQ(reason(R"("status_code":true)"), "field status_code: a boolean where a number is expected");
  EXPECT_EQ(reason(R"("status_code":99999999999)"), "field status_code: a number out of range");
  EXPECT_EQ(reason(R"("duration_ms":1e400)"), "field duration_ms: a number out of range");
  EXPECT_EQ(reason(R"("request_body_size":-1)"), "field request_body_size: a number out of range");
  EXPECT_EQ(reason(R"("is_error":"secret")"), "field is_error: a string that is neither true nor false");
  EXPECT_EQ(reason(R"("tags":[1])"), "field tags: an array where an object is expected");
  EXPECT_EQ(reason(R"("tags":"secret")"), "field tags: a string that is not JSON where an object is expected");
  EXPECT_EQ(reason(R"("tags":"\"\\\"three\\\"\"")"), "field tags: a string where an object is expected");
  EXPECT_EQ(reason(R"("uuid":"secret")"), "field uuid: a string that is not a UUID");
  EXPECT_EQ(reason(R"("project_slug":"bank")"), "field project_slug: not the project of this key");
}

TEST(BatchParserTest, an_entry_that_says_nothing_is_refused_by_the_fields_that_would_say_something) {
  const std::string expected = "fields method, path, error_message, request_body and timestamp: all empty";
  for (const char* nothing :
       {"", R"("method":"","path":null)", R"("host":"h","status_code":500,"trace_id":"t","tags":{"a":1},"x":"y")",
        R"("uuid":"019c131f4a527abc8def0123456789ab","timestamp":"","request_body":"","error_message":"")"}) {
    EXPECT_EQ(reason(nothing), expected) << nothing;
  }
  for (const char* something :
       {R"("method":"GET")", R"("path":"/")", R"("error_message":"e")", R"("request_body":"what a manual entry says")",
        R"("timestamp":"2026-01-31T08:09:09Z")", R"("timestamp":"yesterday")", R"("method":0)"}) {
    EXPECT_EQ(parse_entry(something).batch.entries.size(), 1u) << something;
  }
  // What cannot be read, or is somebody else's, is told first.
  EXPECT_EQ(reason(R"("host":[])"), "field host: an array where a string is expected");
  EXPECT_EQ(reason(R"("project_slug":"bank")"), "field project_slug: not the project of this key");
}

TEST(BatchParserTest, as_many_entries_that_say_nothing_as_may_come_are_all_refused_in_an_answer_that_is_bounded) {
  std::string body = "{\"logs\":[{}";
  for (std::size_t i = 1; i < kMaxBatchEntries; ++i) body += ",{}";
  const Parsed parsed = parse(body + "]}");
  EXPECT_TRUE(parsed.batch.entries.empty());
  ASSERT_EQ(parsed.batch.rejected.size(), kMaxBatchEntries);
  EXPECT_EQ(parsed.batch.rejected.back().index, kMaxBatchEntries - 1);
  const Response answer = batch_answer("id", {}, parsed.batch.rejected);
  EXPECT_EQ(Json::parse(answer.body)["rejected"].size(), kMaxBatchEntries);
  EXPECT_LE(answer.body.size(), std::size_t{2} << 20);
}

TEST(BatchParserTest, the_others_of_a_batch_are_stored) {
  const Parsed parsed = parse(R"({"logs":[{"path":"/"},{"uuid":")" + std::string(kUuid) +
                              R"(","method":[]},7,null,{"method":"GET"}],"other":[1]})");
  EXPECT_EQ(parsed.batch.entries.size(), 2U);
  ASSERT_EQ(parsed.batch.rejected.size(), 3U);
  EXPECT_EQ(parsed.batch.rejected[0].index, 1U);
  EXPECT_EQ(parsed.batch.rejected[0].uuid, kUuid);
  EXPECT_EQ(parsed.batch.rejected[1].reason, "a number where an entry is expected");
  EXPECT_EQ(parsed.batch.rejected[2].index, 3U);
}

TEST(BatchParserTest, a_uuid_is_read_in_every_spelling_or_made) {
  for (const char* spelling : {"019c131f4a527abc8def0123456789ab", "019C131F4A527ABC8DEF0123456789AB",
                               "019c131f-4a52-7abc-8def-0123456789ab"}) {
    EXPECT_EQ(document("\"uuid\":\"" + std::string(spelling) + "\"")["uuid"], kUuid);
  }
  const NewEntry first = stored(R"("path":"/","uuid":"")");
  const NewEntry second = stored(R"("path":"/")");
  EXPECT_EQ(first.uuid.version(), 7);
  EXPECT_NE(first.uuid, second.uuid);
  EXPECT_EQ(Json::parse(first.document)["uuid"].get<std::string>().size(), 32U);
}

TEST(BatchParserTest, the_nil_uuid_stands_for_none) {
  const std::string nil(32, '0');
  EXPECT_EQ(stored(R"("path":"/","uuid":")" + nil + "\"").uuid.version(), 7);
  std::string canonical = canonical_document();
  canonical.replace(canonical.find(kUuid), kUuid.size(), nil);
  const NewEntry entry = stored(canonical.substr(1, canonical.size() - 2));
  EXPECT_EQ(entry.uuid.version(), 7);
  EXPECT_NE(Json::parse(entry.document)["uuid"], nil);
}

TEST(BatchParserTest, a_time_that_is_not_believable_is_kept_but_ordered_by_receipt) {
  const struct {
    std::int64_t offset_us;
    bool believed;
  } cases[] = {{-30 * kDayUs, true}, {-30 * kDayUs - 1'000'000, false}, {kDayUs, true}, {kDayUs + 1'000'000, false}};
  for (const auto& [offset, believed] : cases) {
    const std::int64_t seconds = (kNow + offset) / 1'000'000;
    const std::time_t time = seconds;
    char text[32];
    std::tm utc{};
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&time, &utc));
    const NewEntry entry = stored("\"timestamp\":\"" + std::string(text) + "\"");
    EXPECT_EQ(entry.timestamp_us, kNow + offset) << text;
    EXPECT_EQ(entry.ordered_at_us, believed ? kNow + offset : kNow) << text;
    EXPECT_EQ(Json::parse(entry.document)["timestamp"], text);
  }
  const NewEntry unreadable = stored(R"("timestamp":"yesterday")");
  EXPECT_EQ(unreadable.timestamp_us, 0);
  EXPECT_EQ(unreadable.ordered_at_us, kNow);
  EXPECT_EQ(Json::parse(unreadable.document)["timestamp"], "yesterday");
}

TEST(BatchParserTest, an_interrupted_entry_is_known_as_such) {
  EXPECT_TRUE(stored(R"("path":"/","error_type":"interrupted")").interrupted);
}

TEST(BatchParserTest, what_is_not_json_is_refused_with_its_offset) {
  const struct {
    std::string body;
    std::size_t offset;
  } cases[] = {
      {"", 0},
      {"x", 0},
      {"{\"logs\":[{}", 11},
      {"{\"logs\":[}", 9},
      {"{\"logs\":[{}]} x", 14},
      {"{\"logs\":[{}],\"a\":tru}", 20},
      {"{\"logs\":[{\"method\":\"\\x\"}]}", 21},
      {"{\"logs\":[{\"method\":\"\xff\"}]}", 20},
      {"{\"logs\":[{\"method\":\"\x01\"}]}", 20},
      {"{\"logs\":[{\"status_code\":12a}]}", 26},
      {"{\"logs\":[{\"tags\":{\"a\":]}}]}", 22},
      {"{\"logs\":[{\"method\":\"GET\"", 24},
      {"{\"logs\":[{} {}]}", 12},
  };
  for (const auto& [body, offset] : cases) {
    const Parsed parsed = parse(body);
    EXPECT_EQ(parsed.status, 400) << body;
    EXPECT_THAT(parsed.refusal, HasSubstr("\"offset\":" + std::to_string(offset) + "}")) << body;
  }
}

TEST(BatchParserTest, json_that_is_no_batch_is_refused) {
  for (const char* body :
       {"[]", "{}", "7", "\"logs\"", "null", R"({"logs":{}})", R"({"logs":null})", R"({"log":[]})"}) {
    const Parsed parsed = parse(body);
    EXPECT_EQ(parsed.status, 400) << body;
    EXPECT_THAT(parsed.refusal, HasSubstr("array named")) << body;
  }
}

TEST(BatchParserTest, a_batch_with_two_lists_is_refused_rather_than_half_stored) {
  for (const char* body :
       {R"({"logs":[{}],"logs":[{},{}]})", R"({"logs":[{}],"logs":7})", R"({"logs":7,"logs":[{}]})"}) {
    const Parsed parsed = parse(body);
    EXPECT_EQ(parsed.status, 400) << body;
    EXPECT_THAT(parsed.refusal, HasSubstr("twice")) << body;
  }
}

TEST(BatchParserTest, no_logs_are_a_batch_of_none) {
  const Parsed parsed = parse(R"({"logs":[]})");
  EXPECT_EQ(parsed.status, 200);
  EXPECT_TRUE(parsed.batch.entries.empty());
}

TEST(BatchParserTest, too_many_entries_are_refused_and_as_many_as_allowed_are_not) {
  std::string body = "{\"logs\":[1";
  for (std::size_t i = 1; i < kMaxBatchEntries; ++i) body += ",1";
  EXPECT_EQ(parse(body + "]}").batch.rejected.size(), kMaxBatchEntries);
  EXPECT_EQ(parse(body + ",1]}").status, 413);
}

TEST(BatchParserTest, a_batch_cut_at_any_byte_is_refused) {
  const std::string body = "{\"logs\":[" + canonical_document() + "," + canonical_document() + "]}";
  ASSERT_EQ(parse(body).batch.entries.size(), 2U);
  for (std::size_t size = 0; size < body.size(); ++size) EXPECT_EQ(parse(body.substr(0, size)).status, 400) << size;
}

}  // namespace
}  // namespace logs_server
