#include "server/query/matcher.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/query/query_parser.h"
#include "server/store/memory_store.h"
#include "testing/sample_entry.h"

namespace logs_server {
namespace {

// Four entries that differ in what queries ask for; a query is answered by their letters.
std::vector<NewEntry> sample_entries() {
  const auto entry = [](std::uint64_t number, const nlohmann::json& values) {
    return sample_entry(sample_uuid(1'760'000'000'000, number), static_cast<std::int64_t>(100 - number), values);
  };
  return {
      entry(1, {{"service_name", "a"},
                {"method", "GET"},
                {"path", "/api/v1/items/1"},
                {"status_code", 200},
                {"duration_ms", 12},
                {"timestamp", "2026-03-01T08:00:00.000001Z"},
                {"client_ip", "203.0.113.7"},
                {"user_agent", "Mozilla/5.0 (X11; Linux)"},
                {"request_headers", R"({"accept":"text/html","x-count":["1","2"]})"},
                {"response_body_size", 512},
                {"origin", "https://shop.example/"},
                {"tags",
                 {{"tier", "Gold"}, {"retries", 2}, {"ratio", 0.5}, {"beta", true}, {"note", "a \"quoted\" word"}}}}),
      entry(2, {{"service_name", "b"},
                {"method", "POST"},
                {"path", "/api/v1/orders"},
                {"status_code", 503},
                {"duration_ms", 1500},
                {"timestamp", "2026-03-02T08:00:00.000001Z"},
                {"client_ip", "2001:db8::1"},
                {"is_error", true},
                {"error_type", "http_error"},
                {"error_message", "Connection timed out: \"db-7\" C:\\temp\nsecond line"},
                {"request_body", "{\"name\":\"<script>alert(1)</script>\"}"},
                {"user_id", "u-42"},
                {"client_port", 500},
                {"tags", {{"tier", "silver"}, {"retries", "10"}}}}),
      entry(3, {{"service_name", "c"},
                {"method", "get"},
                {"path", "/caf\xC3\xA9/*star"},
                {"status_code", 404},
                {"duration_ms", 0},
                {"timestamp", "2026-03-03T08:00:00.000001Z"},
                {"trace_id", "0123456789abcdef0123456789abcdef"},
                {"is_error", true},
                {"error_type", "http_error"},
                {"user_agent", "curl/8"}}),
      entry(4, {{"service_name", "d"}, {"method", "MANUAL"}, {"request_body", "AbCdEfG"}}),
  };
}

std::string found_by(std::string_view text) {
  MemoryStore store;
  EXPECT_TRUE(store.append(sample_entries()).ok());
  const auto parsed = parse_query_text(text);
  if (const auto* error = std::get_if<QueryError>(&parsed)) return "error: " + error->message;
  Matcher matcher(std::get<Query>(parsed));
  std::string letters;
  EXPECT_TRUE(store
                  .scan({},
                        [&](const ScannedEntry& entry) {
                          if (matcher.matches(entry)) letters += entry.columns().service_name;
                          return true;
                        })
                  .ok());
  return letters;
}

struct Answer {
  std::string query;
  std::string letters;
};

class QueryAnswer : public ::testing::TestWithParam<Answer> {};

TEST_P(QueryAnswer, holds_the_entries_that_match) {
  EXPECT_EQ(found_by(GetParam().query), GetParam().letters) << GetParam().query;
}

INSTANTIATE_TEST_SUITE_P(
    Words, QueryAnswer,
    ::testing::Values(Answer{"", "abcd"}, Answer{"*", "abcd"}, Answer{"items", "a"}, Answer{"ITEMS", "a"},
                      Answer{"abcdefg", "d"}, Answer{"bcd", "cd"}, Answer{"timed out", "b"},
                      Answer{"\"timed out\"", "b"}, Answer{"\"out timed\"", ""}, Answer{"nowhere", ""},
                      Answer{"caf\xC3\xA9", "c"}, Answer{"CAF\xC3\xA9", "c"}, Answer{"CAF\xC3\x89", ""},
                      Answer{"\"\\\"db-7\\\"\"", "b"}, Answer{"\"C:\\\\temp\"", "b"}, Answer{"\"temp\nsecond\"", "b"},
                      Answer{"<script>alert", "b"}, Answer{"\"<script>alert(1)\"", "b"}, Answer{"503", "b"},
                      Answer{"1500", "b"}, Answer{"gold", "a"}, Answer{"\"a \\\"quoted\\\"\"", "a"}, Answer{"0.5", "a"},
                      Answer{"false", ""}, Answer{"true", ""}, Answer{"*star", "c"}, Answer{"*tems*", "a"}));

INSTANTIATE_TEST_SUITE_P(WordsThatAreOnlyInTheFrame, QueryAnswer,
                         ::testing::Values(Answer{"request_headers", ""}, Answer{"retries", ""},
                                           Answer{"\"\\\",\\\"\"", "a"}, Answer{"\"a\xEF\xBF\xBD\"", ""},
                                           Answer{"\"/orders503\"", ""}));

INSTANTIATE_TEST_SUITE_P(
    Fields, QueryAnswer,
    ::testing::Values(Answer{"method:GET", "ac"}, Answer{"method:get", "ac"}, Answer{"method:GE", ""},
                      Answer{"method:GET,POST", "abc"}, Answer{"method:G*", "ac"}, Answer{"method:*A*", "d"},
                      Answer{"method:*T", "abc"}, Answer{"method:*", "abcd"}, Answer{"path:/api/*", "ab"},
                      Answer{"path:/api/*/1", "a"}, Answer{"path:*/*/*", "abc"}, Answer{"path:\"\"", "d"},
                      Answer{"path:\"/caf\xC3\xA9/*star\"", "c"}, Answer{"path:=/caf\xC3\xA9/*star", "c"},
                      Answer{"path:\"/api/*\"", ""}, Answer{"route:/api/v1/orders", "b"}, Answer{"ip:2001:db8::1", "b"},
                      Answer{"ip:203.0.113.*", "a"}, Answer{"user:u-42", "b"},
                      Answer{"trace:0123456789ABCDEF0123456789abcdef", "c"}, Answer{"error_message:*TIMED*", "b"},
                      Answer{"error_message:\"timed\"", ""}, Answer{"user_agent:curl/8", "c"},
                      Answer{"user_agent:\"Mozilla/5.0 (X11; Linux)\"", "a"}, Answer{"uid:2", "b"},
                      Answer{"uid:>2", "cd"}, Answer{"is_error:true", "bc"}, Answer{"is_error:false", "ad"},
                      Answer{"uuid:*1", "a"}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, QueryAnswer,
    ::testing::Values(Answer{"status:200", "a"}, Answer{"status:0200", "a"}, Answer{"status:200,404", "ac"},
                      Answer{"status:5*", "b"}, Answer{"status:>=404", "bc"}, Answer{"status:>404", "b"},
                      Answer{"status:<404", "ad"}, Answer{"status:<=404", "acd"}, Answer{"status:[200 TO 404]", "ac"},
                      Answer{"status:[404 TO *]", "bc"}, Answer{"status:[* TO 200]", "ad"},
                      Answer{"status:[404 TO 200]", ""}, Answer{"status:>-1", "abcd"}, Answer{"duration:>1s", "b"},
                      Answer{"duration:>=1.5s", "b"}, Answer{"duration:1500ms", "b"}, Answer{"duration:<10ms", "cd"},
                      Answer{"duration:>1m", ""}, Answer{"client_port:500", "b"},
                      Answer{"response_body_size:[500 TO 600]", "a"}, Answer{"timestamp:>=2026-03-02", "bc"},
                      Answer{"timestamp:[2026-03-01 TO 2026-03-02T09]", "ab"}, Answer{"timestamp:2026-03-03*", "c"}));

INSTANTIATE_TEST_SUITE_P(
    Members, QueryAnswer,
    ::testing::Values(Answer{"tags.tier:gold", "a"}, Answer{"tags.tier:*", "ab"}, Answer{"tags.retries:2", "a"},
                      Answer{"tags.retries:>1", "ab"}, Answer{"tags.retries:>2", "b"}, Answer{"tags.ratio:<1", "a"},
                      Answer{"tags.ratio:0.5", "a"}, Answer{"tags.beta:true", "a"}, Answer{"tags.tier:>1", ""},
                      Answer{"tags.note:\"a \\\"quoted\\\" word\"", "a"}, Answer{"tags.missing:*", ""},
                      Answer{"request_headers.accept:text/*", "a"}, Answer{"request_headers.x-count:*2*", "a"},
                      Answer{"request_headers:*accept*", "a"}, Answer{"-tags.tier:gold", "bcd"}));

INSTANTIATE_TEST_SUITE_P(Presence, QueryAnswer,
                         ::testing::Values(Answer{"has:user", "b"}, Answer{"has:tags", "ab"},
                                           Answer{"has:tags.tier", "ab"}, Answer{"has:tags.beta", "a"},
                                           Answer{"has:tags.none", ""}, Answer{"has:request_headers", "a"},
                                           Answer{"has:status", "abc"}, Answer{"has:is_error", "bc"},
                                           Answer{"has:origin", "a"}, Answer{"has:client_port", "b"},
                                           Answer{"-has:trace", "abd"}));

INSTANTIATE_TEST_SUITE_P(
    Operators, QueryAnswer,
    ::testing::Values(Answer{"method:GET status:200", "a"}, Answer{"method:GET AND status:404", "c"},
                      Answer{"status:200 OR status:503", "ab"}, Answer{"-status:200", "bcd"},
                      Answer{"NOT is_error:true", "ad"}, Answer{"NOT NOT is_error:true", "bc"},
                      Answer{"is_error:true -timed", "c"}, Answer{"(items OR curl) method:GET", "ac"},
                      Answer{"items OR curl status:404", "ac"}, Answer{"-(items OR curl)", "bd"},
                      Answer{"-(method:GET status:200)", "bcd"}, Answer{"status:>=400 status:<500", "c"},
                      Answer{"api -v1", ""}, Answer{"api (v1 OR v2)", "ab"}));

// An entry of the infrastructure beside the four, found as "-": it has no service.
NewEntry infra_entry() {
  NewEntry entry;
  entry.kind = EntryKind::kInfra;
  entry.uuid = sample_uuid(1'760'000'000'000, 5);
  entry.ordered_at_us = 50;
  entry.project_slug = "shop";
  entry.is_error = true;
  entry.trace_id = "0123456789abcdef0123456789abcdef";
  entry.document = R"({"uuid":"019a","uid":0,"kind":"infra","timestamp":"2026-03-04T08:00:00Z","project_slug":"shop",)"
                   R"("source_type":"database","source_name":"orders","host":"db-1","level":"error",)"
                   R"("message":"Disk full on /var","metadata":"{\"free_mb\":7,\"zone\":\"eu\"}",)"
                   R"("trace_id":"0123456789abcdef0123456789abcdef","related_api_uuid":"019b","is_error":true,)"
                   R"("error_detail":"ENOSPC at write","tags":{"extra.rack":"r7"}})";
  return entry;
}

std::string found_among_both(std::string_view text) {
  MemoryStore store;
  std::vector<NewEntry> entries = sample_entries();
  entries.push_back(infra_entry());
  EXPECT_TRUE(store.append(entries).ok());
  const auto parsed = parse_query_text(text);
  if (const auto* error = std::get_if<QueryError>(&parsed)) return "error: " + error->message;
  Matcher matcher(std::get<Query>(parsed));
  std::string letters;
  const auto visit = [&](const ScannedEntry& entry) {
    if (matcher.matches(entry))
      letters += entry.columns().service_name + (entry.columns().service_name.empty() ? "-" : "");
    return true;
  };
  EXPECT_TRUE(store.scan({}, visit).ok());
  return letters;
}

class QueryAnswerOfBothKinds : public ::testing::TestWithParam<Answer> {};

TEST_P(QueryAnswerOfBothKinds, holds_the_entries_that_match) {
  EXPECT_EQ(found_among_both(GetParam().query), GetParam().letters) << GetParam().query;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, QueryAnswerOfBothKinds,
    ::testing::Values(Answer{"", "abcd-"}, Answer{"kind:infra", "-"}, Answer{"kind:entry", "abcd"},
                      Answer{"kind:*", "abcd-"}, Answer{"-kind:infra", "abcd"}, Answer{"has:kind", "abcd-"},
                      Answer{"level:error", "-"}, Answer{"level:ERROR,fatal", "-"}, Answer{"message:*full*", "-"},
                      Answer{"source_type:database source_name:orders", "-"}, Answer{"host:db-*", "-"},
                      Answer{"metadata.zone:eu", "-"}, Answer{"metadata.free_mb:<10", "-"},
                      Answer{"metadata:*zone*", "-"}, Answer{"related_api_uuid:019b", "-"},
                      Answer{"error_detail:enospc*", "-"}, Answer{"tags.extra.rack:r7", "-"},
                      Answer{"trace:0123456789abcdef0123456789abcdef", "c-"}, Answer{"is_error:true", "bc-"},
                      Answer{"timestamp:>=2026-03-03", "c-"}, Answer{"uid:5", "-"}));

INSTANTIATE_TEST_SUITE_P(WordsInInfraEntries, QueryAnswerOfBothKinds,
                         ::testing::Values(Answer{"\"disk full\"", "-"}, Answer{"enospc", "-"}, Answer{"free_mb", "-"},
                                           Answer{"r7", "-"}, Answer{"infra", ""}, Answer{"related_api_uuid", ""},
                                           Answer{"019b", "-"}));

INSTANTIATE_TEST_SUITE_P(WhatAnEntryDoesNotHave, QueryAnswerOfBothKinds,
                         ::testing::Values(Answer{"status:<400", "ad"}, Answer{"status:0", "d"},
                                           Answer{"status:*", "abcd"}, Answer{"-status:500", "abcd-"},
                                           Answer{"method:\"\"", ""}, Answer{"path:*", "abcd"},
                                           Answer{"duration:<10ms", "cd"}, Answer{"-has:status", "d-"},
                                           Answer{"has:level", "-"}, Answer{"message:\"\"", ""}, Answer{"level:*", "-"},
                                           Answer{"-level:info", "abcd-"}, Answer{"request_headers.accept:*", "a"},
                                           Answer{"metadata.zone:*", "-"}));

TEST(Matcher, gives_the_same_answers_in_any_order_of_terms) {
  for (const char* query :
       {"items status:200 tags.tier:gold", "tags.tier:gold items status:200", "status:200 tags.tier:gold items"}) {
    EXPECT_EQ(found_by(query), "a") << query;
  }
}

class FixedEntry final : public ScannedEntry {
 public:
  explicit FixedEntry(std::string document) : document_(std::move(document)) {}
  const EntryColumns& columns() const override { return columns_; }
  std::uint64_t uid() const override { return 1; }
  std::string_view document() const override {
    ++asked_;
    return document_;
  }
  bool is_damaged() const override { return false; }
  int asked() const { return asked_; }

 private:
  EntryColumns columns_;
  std::string document_;
  mutable int asked_ = 0;
};

Matcher matcher_of(std::string_view text) { return Matcher(std::get<Query>(parse_query_text(text))); }

TEST(Matcher, does_not_touch_the_document_when_columns_decide) {
  const FixedEntry entry("{}");
  EXPECT_FALSE(matcher_of("word tags.x:1 status:500").matches(entry));
  EXPECT_TRUE(matcher_of("word OR status:0").matches(entry));
  EXPECT_EQ(entry.asked(), 0);
}

TEST(Matcher, reads_a_document_cut_anywhere_without_harm) {
  const std::string whole = sample_entries()[1].document;
  Matcher matcher = matcher_of("timed OR tags.tier:silver OR user:nobody OR has:tags.x OR request_headers.a:b");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const FixedEntry entry(whole.substr(0, size));
    const bool matched = matcher.matches(entry);
    EXPECT_TRUE(matched || size < whole.size());
  }
}

TEST(Matcher, reads_fields_in_another_order_and_ignores_unknown_ones) {
  const FixedEntry entry(R"({"tags":{"x":"y"},"unknown":[{"a":1}],"user_id":"u","host":7,"referer":null})");
  EXPECT_TRUE(matcher_of("user:u tags.x:y -has:host -has:referer").matches(entry));
}

}  // namespace
}  // namespace logs_server
