// Whole entries: every field by its rule, nothing that is no secret changed, and masking twice as good as once.
#include "src/masking/entry_masker.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <variant>

#include "src/entry/entry_members.h"
#include "src/json/json_checker.h"
#include "src/json/json_text.h"

namespace logs_sdk {
namespace {

constexpr std::uint32_t kSeed = 20261122;
constexpr std::string_view kCard = "4111111111111111";

const Masker& masker() {
  static const Masker instance({}, {});
  return instance;
}

std::string masked(Field field, std::string_view value, const Reading& reading = {}) {
  std::string out;
  return mask_field(masker(), field, value, reading, out) ? out : std::string(value);
}

std::string masked_body(std::string_view body, std::string_view content_type) {
  const std::string of_request = masked(Field::kRequestBody, body, {.request_type = content_type});
  EXPECT_EQ(masked(Field::kResponseBody, body, {.response_type = content_type}), of_request);
  return of_request;
}

// Calls `visit` with each text of an entry and its field.
template <typename Visit>
void each_text(LogEntry& entry, const Visit& visit) {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto* member = std::get_if<std::string LogEntry::*>(&kEntryMembers[i]);
    if (member != nullptr) visit(static_cast<Field>(i), entry.**member);
  }
}

TEST(EntryMasker, every_text_field_loses_a_value_that_looks_secret) {
  LogEntry entry;
  each_text(entry, [](Field field, std::string& text) {
    text =
        info(field).kind == FieldKind::kJsonText ? "{\"x\":\"" + std::string(kCard) + "\"}" : "x " + std::string(kCard);
  });
  mask_entry(masker(), entry);
  each_text(entry, [](Field field, const std::string& text) {
    const bool ours = field == Field::kUuid || field == Field::kProjectSlug;  // never what somebody else says
    EXPECT_EQ(text.find(kCard) != std::string::npos, ours) << info(field).name << ": " << text;
  });
}

// Encoders of streams end a text with a line end. The texts are on the heap and of their exact size, in many sizes, so
// that the address sanitizer sees every byte that is read beyond them.
TEST(EntryMasker, white_space_around_json_text_changes_nothing_in_it) {
  for (const std::string before : {"", " ", "\r\n\t "}) {
    for (const std::string after : {"", " ", "\n", "\r\n", "\n\n  \t"}) {
      for (std::size_t size = 0; size < 40; ++size) {
        const std::string begin = before + R"({"a":")" + std::string(size, 'b') + R"(","c":[1,{"d":2}],"token":)";
        const std::string text = begin + R"("hush"})" + after, expected = begin + R"("***"})" + after;
        for (const Field field : {Field::kRequestHeaders, Field::kResponseHeaders, Field::kLatencyBreakdown}) {
          EXPECT_EQ(masked(field, text), expected) << info(field).name;
        }
        std::string metadata;
        EXPECT_TRUE(mask_field(masker(), InfraField::kMetadata, text, Extent::kWhole, metadata));
        EXPECT_EQ(metadata, expected);
        EXPECT_EQ(content_type_in(before + R"({"Content-Type":"text/plain"})" + after), "text/plain");
      }
    }
  }
}

TEST(EntryMasker, headers_are_masked_by_their_names_and_stay_an_object) {
  const struct {
    std::string_view in, out;
  } cases[] = {
      {R"({"authorization":"Bearer abc","accept":"*/*"})", R"({"authorization":"Bearer ***","accept":"*/*"})"},
      {R"({"cookie":"a=1; b=2"})", R"({"cookie":"***"})"},
      {R"({"set-cookie":["a=1; Path=/","b=2"]})", R"({"set-cookie":["***","***"]})"},
      {R"({"referer":"https://u:p@h/?x=1&access%5Ftoken=abc"})",
       R"({"referer":"https://***@h/?x=1&access%5Ftoken=***"})"},
      {R"({"x-note":"say \"password=hunter2\""})", R"({"x-note":"say \"password=***\""})"},
      {R"({"x-api-key":12345,"x":{"secret":{"a":1}},"n":7})", R"({"x-api-key":"***","x":{"secret":"***"},"n":7})"},
      {R"({"\u0063ookie":"a=1"})", R"({"\u0063ookie":"***"})"},
      {"authorization: Basic abc", "authorization: Basic ***"},  // no object: as text
  };
  for (const auto& [in, out] : cases) {
    EXPECT_EQ(masked(Field::kRequestHeaders, in), out);
    EXPECT_EQ(masked(Field::kResponseHeaders, out), out);
  }
}

TEST(EntryMasker, a_body_is_read_by_its_content_type) {
  EXPECT_EQ(masked_body("user=bob&pass%77ord=x+y", "application/x-www-form-urlencoded"), "user=bob&pass%77ord=***");
  EXPECT_EQ(masked_body(R"({"password":"x"})", "application/json"), R"({"password":"***"})");
  EXPECT_EQ(masked_body(R"("{\"password\":\"x\"}")", "application/json"), R"("{\"password\":\"***\"}")");
  const std::string_view multipart = "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2\r\n--b--";
  const std::string summary = masked_body(multipart, "multipart/form-data; boundary=b");
  EXPECT_EQ(summary, R"([part name="password" size=7] "***")");
  EXPECT_EQ(masked_body(summary, "multipart/form-data; boundary=b"), summary);
}

TEST(EntryMasker, the_type_of_a_response_is_the_one_that_its_headers_name) {
  const struct {
    std::string_view headers, type;
  } cases[] = {{R"({"content-type":"application/json"})", "application/json"},
               {R"({"date":"x","Content-Type":"text\/html; charset=utf-8"})", "text/html; charset=utf-8"},
               {R"({"content-type":["text/html","text/plain"]})", ""},
               {"{}", ""},
               {R"({"content-type":"text/html")", ""},  // no object
               {"", ""}};
  for (const auto& [headers, type] : cases) EXPECT_EQ(content_type_in(headers), type) << headers;

  LogEntry entry;
  entry.response_headers = R"({"Content-Type":"application/x-www-form-urlencoded"})";
  entry.response_body = "user=bob&pass%77ord=x+y";
  EXPECT_TRUE(mask_entry(masker(), entry));
  EXPECT_EQ(entry.response_body, "user=bob&pass%77ord=***");
}

TEST(EntryMasker, what_was_masked_before_it_was_cut_stays_as_it_is) {
  for (const std::string_view text :
       {"password=***...[truncated]", "a token=**...[truncated]", "Bearer *...[truncated]", "a=1 4111 11...[truncated]",
        "at http://localhost:80...[truncated]"}) {
    EXPECT_EQ(masked(Field::kErrorMessage, text), text);
    EXPECT_EQ(masked_body(text, "text/plain"), text);
  }
  const std::string_view headers = R"({"cookie":"***...[truncated]","x-note":"password=***...[truncated]"})";
  EXPECT_EQ(masked(Field::kRequestHeaders, headers), headers);
  LogEntry entry;
  entry.tags = {{"password", std::string("***...[truncated]")}, {"note", std::string("token=**...[truncated]")}};
  EXPECT_FALSE(mask_entry(masker(), entry));
}

TEST(EntryMasker, what_another_client_has_cut_is_masked_where_it_may_end_within_a_secret) {
  const struct {
    std::string_view in, out;
  } cases[] = {{"paid by 4111 1111 1111...[truncated]", "paid by ***...[truncated]"},
               {"token=abc...[truncated]", "token=***...[truncated]"},
               {"at postgres://bob:hunter2...[truncated]", "at postgres://***...[truncated]"},
               {"nothing to hide...[truncated]", "nothing to hide...[truncated]"}};
  for (const auto& [in, out] : cases) {
    EXPECT_EQ(masked(Field::kErrorMessage, in, {.marked = Extent::kCut}), out);
    EXPECT_EQ(masked(Field::kErrorMessage, out, {.marked = Extent::kCut}), out);
  }
}

TEST(EntryMasker, an_entry_says_whether_anything_in_it_was_masked) {
  LogEntry entry;
  entry.user_id = "bob";
  entry.tags = {{"plan", std::string("gold")}};
  EXPECT_FALSE(mask_entry(masker(), entry));
  entry.tags = {{"plan", std::string("token=abc")}};
  EXPECT_TRUE(mask_entry(masker(), entry));
  EXPECT_FALSE(mask_entry(masker(), entry));
  InfraLogEntry infra;
  infra.message = "up";
  EXPECT_FALSE(mask_entry(masker(), infra));
  infra.metadata = R"({"pwd":1})";
  EXPECT_TRUE(mask_entry(masker(), infra));
}

TEST(EntryMasker, a_body_that_only_looks_like_the_notice_of_a_binary_one_is_masked) {
  EXPECT_EQ(masked_body("[binary password=hunter2 9 bytes]", ""), "[binary password=*** 9 bytes]");
}

TEST(EntryMasker, the_type_of_a_binary_body_is_masked_as_any_text) {
  EXPECT_EQ(masked_body(std::string("a\0b", 3), "text/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijklmnop"),
            "[binary text/*** 3 bytes]");
}

TEST(EntryMasker, identifiers_stay_and_what_is_no_identifier_is_masked) {
  EXPECT_EQ(masked(Field::kSpanId, kCard), kCard);  // sixteen decimal digits are an identifier like any other
  EXPECT_EQ(masked(Field::kTraceId, "4bf92f3577b34da6a3ce929d0e0e4736"), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(masked(Field::kTraceId, "token=abc"), "token=***");
}

TEST(EntryMasker, tags_are_masked_by_name_and_value_whatever_their_type) {
  LogEntry entry;
  entry.tags = {{"password", std::int64_t{12345}},
                {"pin_secret", true},
                {"total_tokens", std::int64_t{4096}},
                {"order", std::int64_t{4111111111111111}},
                {"ratio", 0.5},
                {"note", std::string("token=abc")},
                {"extra.api_key", std::string("abc")},
                {std::string(kCard), std::string("x")}};
  mask_entry(masker(), entry);
  const decltype(entry.tags) expected = {{"password", std::string("***")},
                                         {"pin_secret", std::string("***")},
                                         {"total_tokens", std::int64_t{4096}},
                                         {"order", std::string("***")},
                                         {"ratio", 0.5},
                                         {"note", std::string("token=***")},
                                         {"extra.api_key", std::string("***")},
                                         {"***", std::string("x")}};
  EXPECT_EQ(entry.tags, expected);
}

TEST(EntryMasker, an_infrastructure_entry_loses_its_secrets_too) {
  InfraLogEntry entry;
  entry.source_type = "database";
  entry.message = "login with password=hunter2 failed";
  entry.metadata = R"({"dsn":"postgres://u:hunter2@db/x","api_key":"hunter2","pool":{"pwd":["hunter2",1]}})";
  entry.error_detail = "Authorization: Bearer hunter2";
  entry.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  entry.level = "token=hunter2";
  mask_entry(masker(), entry);
  EXPECT_EQ(entry.level, "token=***");
  EXPECT_EQ(entry.source_type, "database");
  EXPECT_EQ(entry.message, "login with password=*** failed");
  EXPECT_EQ(entry.metadata, R"({"dsn":"postgres://***@db/x","api_key":"***","pool":{"pwd":"***"}})");
  EXPECT_EQ(entry.error_detail, "Authorization: Bearer ***");
  EXPECT_EQ(entry.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
}

// Pieces that the rules react to, glued at random.
std::string random_text(std::mt19937& random) {
  static constexpr std::string_view kPieces[] = {
      "password", "token", "=",   ":",    "\"",   "\\", "{",    "}",   "[",   ",", "&",       ";",
      " ",        "\n",    "://", "@",    "?",    "#",  "/",    "%3D", "%22", "+", "Bearer ", "Basic",
      "eyJ",      ".",     "sk-", "AKIA", "4111", "-",  "1111", "***", "x",   "0", "cookie"};
  std::string text;
  for (std::size_t count = random() % 16; count > 0; --count) text.append(kPieces[random() % std::size(kPieces)]);
  return text;
}

TEST(EntryMasker, masking_a_masked_entry_changes_nothing) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 2000; ++round) {
    LogEntry entry;
    each_text(entry, [&](Field field, std::string& text) {
      text = random_text(random);
      if (info(field).kind != FieldKind::kJsonText) return;
      std::string object = R"({"a":)";
      append_json_string(text, object);
      text = object + R"(,"authorization":"Bearer x","n":[1,"token=x"]})";
    });
    entry.tags = {{random_text(random), random_text(random)}, {"token", random_text(random)}};
    mask_entry(masker(), entry);
    LogEntry again = entry;
    mask_entry(masker(), again);
    each_text(entry, [&](Field field, const std::string& text) {
      ASSERT_EQ(again.*std::get<std::string LogEntry::*>(kEntryMembers[static_cast<std::size_t>(field)]), text)
          << info(field).name << ", seed " << kSeed << ", round " << round;
      ASSERT_TRUE(info(field).kind != FieldKind::kJsonText || is_json_object(text)) << text;
    });
    ASSERT_EQ(again.tags, entry.tags) << "seed " << kSeed << ", round " << round;
  }
}

}  // namespace
}  // namespace logs_sdk
