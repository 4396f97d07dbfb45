#include "server/ingest/entry_enrichment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "server/ingest/batch_parser.h"
#include "testing/file_bytes.h"
#include "testing/geo_writer.h"
#include "testing/sample_entries.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using logs_sdk::GeoWriter;

constexpr std::string_view kChrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";

const Enricher& enricher() {
  static const logs_sdk::TemporaryFolder kFolder;
  static const Enricher kShared([] {
    GeoWriter cities;
    cities.add(
        "198.51.100.0", 24,
        GeoWriter::map({{"city", GeoWriter::names("Quote\"s \\ town")}, {"country", GeoWriter::names("China")}}));
    cities.add("203.0.113.0", 24,
               GeoWriter::map(
                   {{"country", GeoWriter::names("\xff broken")}, {"city", GeoWriter::names(std::string(200, 'x'))}}));
    logs_sdk::replace_file(kFolder.file("city"), cities.bytes("Test-City"));
    return EnricherOptions{.city_file = kFolder.file("city")};
  }());
  return kShared;
}

std::vector<NewEntry> stored(const std::string& logs, const Enricher* with) {
  BatchParser parser;
  ParsedBatch batch;
  std::string body = R"({"logs":[)" + logs + "]}";
  EXPECT_FALSE(parser.parse(body, {.project_slug = "shop", .received_at_us = 1, .enricher = with}, batch));
  EXPECT_TRUE(batch.rejected.empty());
  return batch.entries;
}

// One in our own form, with these values in it.
std::string canonical(std::vector<std::pair<std::string, std::string>> values) {
  std::string entry = logs_sdk::encoded_sample_entries(1).front();
  values.insert(values.begin(), {{"project_slug", "shop"}, {"request_headers", "{}"}});
  for (const auto& [name, value] : values) {
    const std::size_t begin = entry.find("\"" + name + "\":\"") + name.size() + 4;
    std::size_t end = begin;
    while (entry[end] != '"') end += entry[end] == '\\' ? 2U : 1U;
    entry.replace(begin, end - begin, value);
  }
  return entry;
}

std::string member(const std::string& document, const std::string& name) {
  const std::size_t begin = document.find("\"" + name + "\":") + name.size() + 3;
  return document.substr(begin, document.find(",\"", begin) - begin);
}

TEST(EntryEnrichmentTest, a_canonical_entry_changes_in_the_nine_fields_only) {
  const std::string entry = canonical({{"user_agent", std::string(kChrome)}, {"client_ip", "198.51.100.7"}});
  const std::string plain = stored(entry, nullptr).front().document;
  ASSERT_EQ(plain, entry);
  std::string expected = plain;
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"client_country", "China"},
                                                        {"client_city", R"(Quote\"s \\ town)"},
                                                        {"device_type", "Desktop"},
                                                        {"browser", "Chrome"},
                                                        {"browser_version", "120.0.0"},
                                                        {"os_name", "Windows"},
                                                        {"os_version", "10"}}) {
    const std::string empty = "\"" + name + "\":\"\"";
    expected.replace(expected.find(empty), empty.size(), "\"" + name + "\":\"" + value + "\"");
  }
  EXPECT_EQ(stored(entry, &enricher()).front().document, expected);
}

TEST(EntryEnrichmentTest, both_ways_through_the_parser_fill_alike) {
  const std::string entry = canonical({{"user_agent", std::string(kChrome)}, {"client_ip", "198.51.100.7"}});
  const std::string spaced = "{ " + entry.substr(1);
  EXPECT_EQ(stored(spaced, &enricher()).front().document, stored(entry, &enricher()).front().document);
}

TEST(EntryEnrichmentTest, an_entry_that_was_filled_stays_byte_for_byte) {
  const std::string entry = canonical({{"user_agent", std::string(kChrome)}, {"client_ip", "198.51.100.7"}});
  const std::string once = stored(entry, &enricher()).front().document;
  EXPECT_EQ(stored(once, &enricher()).front().document, once);
}

TEST(EntryEnrichmentTest, what_belongs_to_a_value_of_ours_is_not_put_beside_one_of_theirs) {
  for (const bool spaced : {false, true}) {
    const std::string entry = canonical({{"user_agent", std::string(kChrome)},
                                         {"client_ip", "198.51.100.7"},
                                         {"browser", "Theirs"},
                                         {"os_name", "Windows"},
                                         {"client_country", "Elsewhere"}});
    const std::string document = stored(spaced ? "{ " + entry.substr(1) : entry, &enricher()).front().document;
    EXPECT_EQ(member(document, "browser"), R"("Theirs")");
    EXPECT_EQ(member(document, "browser_version"), R"("")");
    EXPECT_EQ(member(document, "os_version"), R"("10")");
    EXPECT_EQ(member(document, "client_country"), R"("Elsewhere")");
    EXPECT_EQ(member(document, "client_city"), R"("")");
  }
}

TEST(EntryEnrichmentTest, hints_among_the_headers_are_read_in_both_ways) {
  const std::string headers =
      R"({\"sec-ch-ua-platform\":\"\\\"Windows\\\"\",\"sec-ch-ua-platform-version\":\"\\\"15.0.0\\\"\"})";
  for (const bool spaced : {false, true}) {
    const std::string entry = canonical({{"user_agent", std::string(kChrome)}, {"request_headers", headers}});
    const std::string document = stored(spaced ? "{ " + entry.substr(1) : entry, &enricher()).front().document;
    EXPECT_EQ(member(document, "os_version"), R"("11")");
  }
}

TEST(EntryEnrichmentTest, beyond_the_time_of_a_post_what_the_rules_would_tell_stays_empty) {
  const logs_sdk::TemporaryFolder folder;
  GeoWriter cities;
  cities.add("198.51.100.0", 24, GeoWriter::map({{"country", GeoWriter::names("China")}}));
  logs_sdk::replace_file(folder.file("city"), cities.bytes("Test-City"));
  const std::string hints = R"({\"sec-ch-ua-platform\":\"\\\"Windows\\\"\"})";
  for (const bool spaced : {false, true}) {
    std::chrono::nanoseconds run{0};
    const Enricher one_a_post(
        {.city_file = folder.file("city"), .thread_time = [&] { return run += kMaxRuleTimeOfPost; }});
    const auto of_chrome = [&](const std::string& version) {
      std::string user_agent(kChrome);
      user_agent.replace(user_agent.find("120"), 3, version);
      const std::string entry =
          canonical({{"user_agent", user_agent}, {"client_ip", "198.51.100.7"}, {"request_headers", hints}});
      return spaced ? "{ " + entry.substr(1) : entry;
    };
    const std::vector<NewEntry> entries =
        stored(of_chrome("118") + "," + of_chrome("119") + "," + of_chrome("118"), &one_a_post);
    ASSERT_EQ(entries.size(), 3U);
    for (const std::size_t remembered : {0U, 2U}) {
      EXPECT_EQ(member(entries[remembered].document, "browser_version"), R"("118.0.0")");
      EXPECT_EQ(member(entries[remembered].document, "os_name"), R"("Windows")");
    }
    for (const char* name : {"device_type", "browser", "browser_version", "os_name", "os_version"}) {
      EXPECT_EQ(member(entries[1].document, name), R"("")") << name;
    }
    EXPECT_EQ(member(entries[1].document, "client_country"), R"("China")") << "a place costs no rules";
    EXPECT_EQ(one_a_post.user_agents().passed_over(), 1U);
    EXPECT_EQ(member(stored(of_chrome("119"), &one_a_post).front().document, "browser_version"), R"("119.0.0")");
  }
}

TEST(EntryEnrichmentTest, names_that_are_no_text_are_repaired) {
  const std::string entry = canonical({{"client_ip", "203.0.113.7"}});
  EXPECT_EQ(member(stored(entry, &enricher()).front().document, "client_country"), "\"\xEF\xBF\xBD broken\"");
}

TEST(EntryEnrichmentTest, a_message_of_the_application_has_no_client) {
  const std::string entry = canonical({{"user_agent", ""}, {"client_ip", ""}});
  EXPECT_EQ(stored(entry, &enricher()).front().document, entry);
}

}  // namespace
}  // namespace logs_server
