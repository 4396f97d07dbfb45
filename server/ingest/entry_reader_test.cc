// Masking at ingest: nothing that is masked changes, nothing that is secret passes, and what needs no change is stored
// as it came.
#include "server/ingest/entry_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "server/ingest/batch_parser.h"
#include "testing/sample_entries.h"

namespace logs_server {
namespace {

using testing::HasSubstr;
using testing::Not;

ParsedBatch parse(std::string body, bool mask = true) {
  BatchParser parser;
  ParsedBatch batch;
  const Receipt receipt{.project_slug = logs_sdk::SampleEntries::identity().project_slug,
                        .received_at_us = 1'769'846'950'000'000,
                        .kind = EntryKind::kEntry,
                        .mask = mask};
  EXPECT_FALSE(parser.parse(body, receipt, batch));
  EXPECT_TRUE(batch.rejected.empty());
  return batch;
}

std::string stored(const std::string& entry, bool mask = true) {
  ParsedBatch batch = parse("{\"logs\":[" + entry + "]}", mask);
  return batch.entries.size() == 1 ? batch.entries[0].document : std::string();
}

// An entry of one of ours with one value replaced.
std::string with(const std::string& name, const nlohmann::ordered_json& value) {
  auto json = nlohmann::ordered_json::parse(logs_sdk::encoded_sample_entries(1)[0]);
  json["uid"] = 0;
  json[name] = value;
  return json.dump();
}

TEST(EntryReaderTest, what_our_own_library_has_masked_is_stored_byte_for_byte) {
  for (const std::string& entry : logs_sdk::encoded_sample_entries()) ASSERT_EQ(stored(entry), entry);
}

TEST(EntryReaderTest, a_stored_document_is_stored_again_without_a_change) {
  const std::string secret = R"({"request_headers":{"Authorization":"Bearer abc"},"query_string":"token=abc","tags":)"
                             R"({"password":1,"n":7,"x":1.5,"t":true,"note":"中 \"pwd=abc\""},"request_body":)"
                             R"("{\"secret\":{\"a\":1}}","x":"y"})";
  const std::string once = stored(secret);
  EXPECT_THAT(once, Not(HasSubstr("abc")));
  EXPECT_EQ(stored(once), once);
}

TEST(EntryReaderTest, one_secret_in_an_entry_of_ours_is_masked_and_all_else_stays) {
  const struct {
    std::string name;
    nlohmann::ordered_json secret, masked;
  } cases[] = {
      {"query_string", "a=1&access_token=abc", "a=1&access_token=***"},
      {"full_url", "https://u:p@h/x?pass%77ord=abc", "https://***@h/x?pass%77ord=***"},
      {"referer", "https://h/#id_token=abc", "https://h/#id_token=***"},
      {"request_headers", R"({"cookie":"a=1"})", R"({"cookie":"***"})"},
      {"response_headers", R"({"set-cookie":["a=1"],"x":"\"q\""})", R"({"set-cookie":["***"],"x":"\"q\""})"},
      {"request_body", R"({"password":"abc"})", R"({"password":"***"})"},
      {"response_body", "card 4111 1111 1111 1111", "card ***"},
      {"error_message", "no access for Bearer abcdefg123456", "no access for Bearer ***"},
      {"error_stack", "a\nAuthorization: Basic abc\nb", "a\nAuthorization: Basic ***\nb"},
      {"user_agent", "curl token=abc", "curl token=***"},
      {"process_id", "AKIAIOSFODNN7EXAMPLE", "***"},
      {"tags", {{"api_key", "abc"}, {"n", 1}}, {{"api_key", "***"}, {"n", 1}}},
      {"tags", {{"password", 12345}}, {{"password", "***"}}},
      {"tags", {{"token=abc", 1}}, {{"token=***", 1}}},
  };
  for (const auto& [name, secret, masked] : cases) {
    const std::string document = stored(with(name, secret));
    EXPECT_EQ(nlohmann::ordered_json::parse(document)[name], masked);
    EXPECT_TRUE(document == with(name, masked)) << name;
    EXPECT_TRUE(stored(with(name, secret), false) == with(name, secret)) << name;
  }
}

TEST(EntryReaderTest, tags_in_our_own_form_are_kept_byte_for_byte) {
  const std::string entry = with("tags", "x");
  const std::string at = R"("tags":"x")";
  const auto tagged = [&](const std::string& tags) {
    return std::string(entry).replace(entry.find(at), at.size(), "\"tags\":" + tags);
  };
  for (const char* tags : {"{}", R"({"b":"1","a":"2"})", R"({"n":-7,"x":1.5,"e":1e+300,"t":true,"f":false})",
                           R"({"":"","中":"\n\"\\"})", R"({"x":"NaN"})"}) {
    EXPECT_EQ(stored(tagged(tags)), tagged(tags));
  }
  const std::string long_text(logs_sdk::kMaxTagValueBytes + 1, 'v');
  const std::pair<std::string, std::string> others[] = {
      {R"({ "a":1})", R"({"a":1})"},
      {R"({"a":1 ,"b":2})", R"({"a":1,"b":2})"},
      {R"({"a":1,"a":2})", R"({"a":2})"},
      {R"({"a":1.50})", R"({"a":1.5})"},
      {R"({"a":1e400})", R"({"a":"1e400"})"},
      {R"({"a":null})", "{}"},
      {R"({"a":[1]})", R"({"a":"[1]"})"},
      {R"({"\u0061":"\u0062"})", R"({"a":"b"})"},
      {"{\"a\":\"" + long_text + "\"}", "{\"a\":\"" + long_text.substr(1) + "...[truncated]\"}"},
  };
  for (const auto& [sent, kept] : others) EXPECT_EQ(stored(tagged(sent)), tagged(kept)) << sent;
}

}  // namespace
}  // namespace logs_server
