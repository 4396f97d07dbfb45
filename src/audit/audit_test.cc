// What the rules would change is found, field by field, and said without a value.
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "src/audit/audit_options.h"
#include "src/audit/audit_report.h"
#include "src/audit/entry_audit.h"

namespace logs_sdk {
namespace {

using Names = std::vector<std::string_view>;

constexpr std::string_view kUuid = "019a8b00c4d57e9f8a1b2c3d4e5f6071";

std::string document(std::string_view members) {
  return "{\"uuid\":\"" + std::string(kUuid) + "\"," + std::string(members) + "}";
}

Names found(std::string_view members, const std::vector<std::string>& extra = {},
            const std::vector<std::string>& allow = {}, EntryForm form = EntryForm::kEntry) {
  const auto findings = audit_entry(Masker(extra, allow), form, document(members));
  return findings ? findings->fields : Names{"unreadable"};
}

TEST(EntryAudit, what_is_masked_already_is_not_found) {
  EXPECT_EQ(found(R"("request_headers":"{\"authorization\":\"Bearer ***\"}","query_string":"token=***&a=1",)"
                  R"("request_body":"{\"password\":\"***\"}","tags":{"password":"***","n":4096})"),
            Names{});
}

TEST(EntryAudit, each_field_that_holds_a_secret_is_named_in_the_order_of_the_table) {
  EXPECT_EQ(
      found(R"("tags":{"note":"token=abc"},"error_message":"password=x","request_headers":"{\"cookie\":\"a=1\"}",)"
            R"("content_type":"application/x-www-form-urlencoded","request_body":"pass%77ord=x",)"
            R"("response_headers":"{\"content-type\":\"application/x-www-form-urlencoded\"}",)"
            R"("response_body":"pass%77ord=x")"),
      (Names{"request_headers", "request_body", "response_body", "error_message", "tags"}));
}

TEST(EntryAudit, a_name_that_is_masked_from_now_on_finds_what_was_stored_in_clear) {
  const std::string_view entry = R"("request_body":"{\"iban\":\"DE02120300000000202051\"}","tags":{"iban":7})";
  EXPECT_EQ(found(entry), Names{});
  EXPECT_EQ(found(entry, {"iban"}), (Names{"request_body", "tags"}));
  EXPECT_EQ(found(R"("tags":{"token":"abc"})", {}, {"token"}), Names{});
}

TEST(EntryAudit, tags_are_looked_at_by_name_and_value_whatever_their_type) {
  EXPECT_EQ(found(R"("tags":{"secret":true})"), Names{"tags"});
  EXPECT_EQ(found(R"("tags":{"order":4111111111111111})"), Names{"tags"});
  EXPECT_EQ(found(R"("tags":{"token=abc":1})"), Names{"tags"});
  EXPECT_EQ(found(R"("tags":{"nested":"{\"pwd\":[1]}"})"), Names{"tags"});
}

// As a store or a spool may hold them since before they were masked.
TEST(EntryAudit, white_space_around_json_text_hides_nothing) {
  for (const std::string after : {" ", "\\n", "\\r\\n"}) {
    const std::string clean = R"("request_headers":"{\"a\":\"b\"}AFTER","latency_breakdown":"{\"a\":[1]}AFTER")";
    const std::string secret = R"("response_headers":"{\"content-type\":\"text/plain\",\"cookie\":\"c\"}AFTER")";
    const auto with = [&](std::string text) {
      for (std::size_t at; (at = text.find("AFTER")) != std::string::npos;) text.replace(at, 5, after);
      return text;
    };
    EXPECT_EQ(found(with(clean)), Names{});
    EXPECT_EQ(found(with(clean + "," + secret)), Names{"response_headers"});
    EXPECT_EQ(found(with(R"("metadata":"{\"zone\":\"e\"}AFTER")"), {}, {}, EntryForm::kInfra), Names{});
  }
  EXPECT_TRUE(audit_entry(Masker({}, {}), EntryForm::kEntry, document(R"("tags":{"a":1})") + "\n"));
}

TEST(EntryAudit, an_infrastructure_entry_has_fields_of_its_own) {
  EXPECT_EQ(found(R"("uid":7,"kind":"infra","metadata":"{\"pwd\":1}","message":"token=abc","tags":{"secret":"x"})", {},
                  {}, EntryForm::kInfra),
            (Names{"message", "metadata", "tags"}));
}

TEST(EntryAudit, what_is_no_object_cannot_be_read_and_no_uuid_shows_what_was_sent_as_one) {
  const Masker masker({}, {});
  for (const std::string_view bytes : {"", "[]", "{", "{\"a\":}", "\xff", "{\"uuid\":\"x\"} {}"}) {
    EXPECT_FALSE(audit_entry(masker, EntryForm::kEntry, bytes)) << bytes;
  }
  EXPECT_EQ(audit_entry(masker, EntryForm::kEntry, R"({"uuid":"hunter2","user_id":"token=abc"})")->uuid, "");
  EXPECT_EQ(audit_entry(masker, EntryForm::kEntry, document(R"("uid":1)"))->uuid, kUuid);
}

int report(std::ostream& out, bool json, bool with_unreadable) {
  AuditReport report(out, json);
  report.add("shop", EntryFindings{std::string(kUuid), {"request_headers", "tags"}});
  report.add("shop", EntryFindings{std::string(kUuid), {}});
  report.add("bank", EntryFindings{"", {"tags"}});
  if (with_unreadable) report.add("bank", std::nullopt);
  return report.end();
}

TEST(AuditReport, lists_findings_and_counts_fields_as_text) {
  std::ostringstream out;
  EXPECT_EQ(report(out, false, false), kAuditFound);
  EXPECT_EQ(out.str(), "shop " + std::string(kUuid) + " request_headers tags\n" + "bank - tags\n" +
                           "2 of 3 entries would be masked\n  request_headers 1\n  tags 2\n");
}

TEST(AuditReport, says_the_same_in_one_json_object) {
  std::ostringstream out;
  EXPECT_EQ(report(out, true, true), kAuditIncomplete);
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json.at("findings").size(), 2u);
  EXPECT_EQ(json.at("findings")[0].dump(),
            R"({"fields":["request_headers","tags"],"in":"shop","uuid":")" + std::string(kUuid) + "\"}");
  EXPECT_EQ(json.at("fields").dump(), R"({"request_headers":1,"tags":2})");
  EXPECT_EQ(json.at("entries"), 4);
  EXPECT_EQ(json.at("found"), 2);
  EXPECT_EQ(json.at("unreadable"), 1);
}

TEST(AuditReport, nothing_found_is_a_code_of_its_own_and_json_all_the_same) {
  std::ostringstream text, json;
  EXPECT_EQ(AuditReport(text, false).end(), kAuditNothingFound);
  EXPECT_EQ(text.str(), "0 of 0 entries would be masked\n");
  EXPECT_EQ(AuditReport(json, true).end(), kAuditNothingFound);
  EXPECT_EQ(nlohmann::json::parse(json.str()).at("findings").size(), 0u);
}

TEST(AuditOptions, an_age_is_a_number_and_a_unit) {
  using std::chrono::seconds;
  EXPECT_EQ(parse_age("90s"), seconds(90));
  EXPECT_EQ(parse_age("15m"), seconds(900));
  EXPECT_EQ(parse_age("24h"), seconds(86'400));
  EXPECT_EQ(parse_age("7d"), seconds(604'800));
  for (const char* text : {"", "d", "7", "-1d", "7w", "1.5h", "7 d", "99999999999999d", "9223372036854775807s"}) {
    EXPECT_FALSE(parse_age(text)) << text;
    EXPECT_NE(check_age(text), "") << text;
  }
  const std::chrono::system_clock::time_point now{std::chrono::hours(48)};
  EXPECT_EQ(begin_of({.since = "24h"}, now), 86'400'000'000);
  EXPECT_FALSE(begin_of({}, now));
}

}  // namespace
}  // namespace logs_sdk
