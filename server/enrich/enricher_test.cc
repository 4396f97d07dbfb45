#include "server/enrich/enricher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "server/enrich/bounded_cache.h"
#include "src/json/utf8.h"
#include "testing/file_bytes.h"
#include "testing/geo_writer.h"
#include "testing/seeded_random.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using logs_sdk::GeoWriter;

std::string city_file(const std::string& city) {
  GeoWriter writer;
  writer.add("198.51.100.0", 24, GeoWriter::map({{"city", GeoWriter::names(city)}}));
  return writer.bytes("Test-City");
}

TEST(BoundedCacheTest, a_value_is_computed_once_while_it_is_remembered) {
  BoundedCache<std::string> cache(100);
  int computed = 0;
  const auto twice = [&](std::string_view key) {
    ++computed;
    return std::string(key) + std::string(key);
  };
  EXPECT_EQ(*cache.get("ab", twice), "abab");
  EXPECT_EQ(*cache.get("ab", twice), "abab");
  EXPECT_EQ(computed, 1);
  EXPECT_EQ(cache.hits(), 1U);
  EXPECT_EQ(cache.misses(), 1U);
}

TEST(BoundedCacheTest, no_more_is_kept_than_allowed_and_what_is_used_stays) {
  BoundedCache<int> cache(160);
  const auto one = [](std::string_view) { return 1; };
  for (int i = 0; i < 10'000; ++i) {
    cache.get(std::to_string(i), one);
    cache.get("used", one);
  }
  EXPECT_LE(cache.size(), 160U);
  EXPECT_EQ(cache.misses(), 10'001U);  // "used" but once
}

TEST(BoundedCacheTest, a_value_lives_as_long_as_somebody_holds_it) {
  BoundedCache<std::string> cache(1);
  const auto same = [](std::string_view key) { return std::string(key); };
  const auto held = cache.get("held", same);
  for (int i = 0; i < 1000; ++i) cache.get(std::to_string(i), same);
  EXPECT_EQ(*held, "held");
}

TEST(UserAgentsTest, bytes_of_any_kind_become_text_within_bounds) {
  const UserAgents user_agents(64);
  logs_sdk::SeededRandom random;
  const std::vector<std::string> parts = {"Mozilla/5.0 (",
                                          "Linux; Android 4.4; ",
                                          "Lenovo ",
                                          "iPhone OS ",
                                          "Version/",
                                          "Build/",
                                          "; ",
                                          "\xff\xe4",
                                          "\xe4\xb8",
                                          "1.",
                                          "Safari/",
                                          "(((("};
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    while (text.size() < 1024 && !random.one_in(200)) text += parts[random.below(parts.size())];
    RuleTime time;
    const auto told = user_agents.describe(text, time);
    for (const std::string& value : {told->browser, told->browser_version, told->os_name, told->os_version}) {
      EXPECT_TRUE(logs_sdk::is_valid_utf8(value)) << text;
    }
    EXPECT_LE(told->browser_version.size(), 64U) << text;
    EXPECT_EQ(told->device_type.empty(), text.empty());
  }
}

TEST(UserAgentsTest, what_an_entry_cannot_hold_is_not_looked_at) {
  const UserAgents user_agents;
  const std::string longest(1024, 'a');
  RuleTime time;
  EXPECT_EQ(*user_agents.describe(longest, time), *user_agents.describe(longest + " Chrome/1.2", time));
  EXPECT_EQ(user_agents.misses(), 1U);
}

TEST(UserAgentsTest, the_rules_take_no_more_of_a_post_than_they_may_and_what_is_remembered_is_still_told) {
  std::chrono::nanoseconds run{0};
  const UserAgents user_agents(64, [&] { return run += kMaxRuleTimeOfPost / 4; });
  RuleTime time;
  for (const char* text : {"curl/8.1", "curl/8.2", "curl/8.3", "curl/8.4"}) {
    EXPECT_NE(user_agents.describe(text, time), nullptr) << text;
  }
  EXPECT_EQ(user_agents.describe("curl/8.5", time), nullptr);
  EXPECT_EQ(user_agents.describe("curl/8.5", time), nullptr) << "nothing is remembered of it";
  ASSERT_NE(user_agents.describe("curl/8.1", time), nullptr);
  EXPECT_EQ(user_agents.describe("curl/8.1", time)->browser_version, "8.1");
  EXPECT_NE(user_agents.describe("", time), nullptr) << "no rule is asked about nothing";
  EXPECT_EQ(user_agents.passed_over(), 2U);
  RuleTime of_the_next_post;
  ASSERT_NE(user_agents.describe("curl/8.5", of_the_next_post), nullptr);
  EXPECT_EQ(user_agents.describe("curl/8.5", of_the_next_post)->browser_version, "8.5");
}

TEST(EnricherTest, many_threads_ask_while_files_are_replaced) {
  const logs_sdk::TemporaryFolder folder;
  const std::string path = folder.file("city");
  logs_sdk::replace_file(path, city_file("first"));
  std::atomic<int> versions = 0;
  const Enricher enricher({.city_file = path, .look_every = std::chrono::milliseconds(1)},
                          [&](Enricher::File, const logs_sdk::Status& status) { versions += status.ok() ? 1 : 0; });
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; !stop; ++i) {
        RuleTime time;
        EXPECT_EQ(enricher.describe("curl/8." + std::to_string((i + thread) % 50), "{}", time).device_type, "Bot");
        EXPECT_FALSE(enricher.locate("198.51.100.7").city.empty());
        EXPECT_EQ(readiness_notes(enricher), "geo-isp: no file is named\n");
      }
    });
  }
  for (int version = 2; version <= 10; ++version) {
    logs_sdk::replace_file(folder.file("new"), city_file("number " + std::to_string(version)));
    std::filesystem::rename(folder.file("new"), path);
    while (versions < version) std::this_thread::yield();
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(enricher.locate("198.51.100.7").city, "number 10");
  EXPECT_EQ(enricher.state(Enricher::File::kCity).loads, 10U);
}

TEST(EnricherTest, notes_name_what_is_missing_and_no_path) {
  const logs_sdk::TemporaryFolder folder;
  const Enricher enricher({.isp_file = folder.file("none")});
  EXPECT_EQ(readiness_notes(enricher),
            "geo-city: no file is named\ngeo-isp: the file cannot be opened: No such file or directory (errno 2)\n");
}

TEST(EnricherTest, it_ends_at_once_while_it_waits_for_the_next_look) {
  const logs_sdk::TemporaryFolder folder;
  logs_sdk::replace_file(folder.file("city"), city_file("here"));
  const Enricher enricher({.city_file = folder.file("city"), .look_every = std::chrono::hours(1)});
  EXPECT_EQ(enricher.locate("198.51.100.7").city, "here");
}

}  // namespace
}  // namespace logs_server
