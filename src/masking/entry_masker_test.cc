// Whole entries: every field by its rule, nothing that is no secret changed, and masking twice as good as once.
#include "src/masking/entry_masker.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <variant>

#include "src/entry/entry_members.h"
#include "src/entry/json_object.h"
#include "src/entry/json_text.h"

namespace logs_sdk {
namespace {

constexpr std::uint32_t kSeed = 20261122;
constexpr std::string_view kCard = "4111111111111111";

const Masker& masker() {
  static const Masker instance({}, {});
  return instance;
}

std::string masked(Field field, std::string_view value, std::string_view content_type = {}) {
  std::string out;
  return mask_field(masker(), field, value, content_type, out) ? out : std::string(value);
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

TEST(EntryMasker, a_request_body_is_read_by_its_content_type) {
  EXPECT_EQ(masked(Field::kRequestBody, "user=bob&pass%77ord=x+y", "application/x-www-form-urlencoded"),
            "user=bob&pass%77ord=***");
  EXPECT_EQ(masked(Field::kRequestBody, R"({"password":"x"})", "application/json"), R"({"password":"***"})");
  const std::string_view multipart = "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2\r\n--b--";
  const std::string notice = masked(Field::kRequestBody, multipart, "multipart/form-data; boundary=b");
  EXPECT_EQ(notice, "[binary multipart/form-data " + std::to_string(multipart.size()) + " bytes]");
  EXPECT_EQ(masked(Field::kRequestBody, notice, "multipart/form-data; boundary=b"), notice);
}

TEST(EntryMasker, a_body_that_only_looks_like_the_notice_of_a_binary_one_is_masked) {
  EXPECT_EQ(masked(Field::kRequestBody, "[binary password=hunter2 9 bytes]", ""), "[binary password=*** 9 bytes]");
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
