#include "server/api/logs_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "server/api/logs_request.h"
#include "server/store/memory_store.h"
#include "testing/manual_clock.h"
#include "testing/sample_entry.h"

namespace logs_server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Parameters = std::vector<std::pair<std::string, std::string>>;

constexpr std::int64_t kNoonUs = 1'772'366'400'000'000;  // 2026-03-01T12:00:00Z

NewEntry entry_at(std::int64_t seconds, const std::string& path, const std::string& project = "shop") {
  return sample_entry(sample_uuid(1'760'000'000'000 + seconds, 1), kNoonUs + seconds * 1'000'000,
                      {{"path", path}, {"project_slug", project}, {"status_code", 200 + seconds}});
}

class LogsHandler : public ::testing::Test {
 protected:
  Response get(const std::string& path, const Parameters& query = {}) {
    Router router;
    add_logs_routes(router, store_, clock_, Guard(), options_);
    auto match = router.match("GET", path);
    Request request;
    request.query = query;
    request.path_values = match.path_values;
    return match.route->handler(request);
  }
  nlohmann::json page(const Parameters& query = {}) {
    const Response response = get("/api/v1/logs", query);
    EXPECT_EQ(response.status, 200) << response.body;
    return nlohmann::json::parse(response.body);
  }
  static std::vector<std::string> paths(const nlohmann::json& page) {
    std::vector<std::string> found;
    for (const auto& entry : page["logs"]) found.push_back(entry["path"]);
    return found;
  }
  std::string error(const Parameters& query) {
    const Response response = get("/api/v1/logs", query);
    EXPECT_EQ(response.status, 400);
    return response.body;
  }
  void append(const std::vector<NewEntry>& entries) { ASSERT_TRUE(store_.append(entries).ok()); }

  MemoryStore store_;
  logs_sdk::ManualClock clock_;
  LogsOptions options_;
};

TEST_F(LogsHandler, an_empty_store_answers_an_empty_page) {
  EXPECT_EQ(get("/api/v1/logs").body, R"({"logs":[],"next_cursor":null,"scanned":0,"damaged":0,"complete":true})");
}

TEST_F(LogsHandler, entries_come_newest_first_as_whole_documents_with_their_uid) {
  append({entry_at(1, "/old"), entry_at(2, "/new")});
  const auto answer = page();
  EXPECT_THAT(paths(answer), ElementsAre("/new", "/old"));
  EXPECT_EQ(answer["logs"][0]["uid"], 2);
  EXPECT_EQ(answer["logs"][0].size(), logs_sdk::kFieldCount);
  EXPECT_EQ(answer["scanned"], 2);
}

TEST_F(LogsHandler, the_range_is_of_rfc_3339_or_unix_milliseconds) {
  append({entry_at(0, "/noon"), entry_at(1, "/one"), entry_at(2, "/two")});
  EXPECT_THAT(paths(page({{"from", "2026-03-01T12:00:01Z"}})), ElementsAre("/two", "/one"));
  EXPECT_THAT(paths(page({{"from", "2026-03-01T13:00:01+01:00"}, {"to", "1772366402000"}})), ElementsAre("/one"));
  EXPECT_THAT(paths(page({{"to", "2026-03-01T12:00:00Z"}})), IsEmpty());
  EXPECT_THAT(paths(page({{"from", ""}, {"to", ""}})), ElementsAre("/two", "/one", "/noon"));
}

TEST_F(LogsHandler, a_query_and_a_project_select) {
  append({entry_at(0, "/a"), entry_at(300, "/b"), entry_at(301, "/c", "bank")});
  EXPECT_THAT(paths(page({{"q", "status:>=500"}})), ElementsAre("/c", "/b"));
  EXPECT_THAT(paths(page({{"q", "status:>=500"}, {"project", "shop"}})), ElementsAre("/b"));
}

TEST_F(LogsHandler, pages_follow_one_another_without_gap_or_repetition) {
  std::vector<NewEntry> entries;
  for (int i = 0; i < 10; ++i) entries.push_back(entry_at(i, "/" + std::to_string(i)));
  append(entries);
  std::vector<std::string> seen;
  Parameters query = {{"limit", "3"}};
  for (int pages = 0; pages < 10; ++pages) {
    const auto answer = page(query);
    for (const std::string& path : paths(answer)) seen.push_back(path);
    EXPECT_EQ(answer["complete"], true);
    if (answer["next_cursor"].is_null()) break;
    query = {{"limit", "3"}, {"cursor", answer["next_cursor"]}};
  }
  EXPECT_THAT(seen, ElementsAre("/9", "/8", "/7", "/6", "/5", "/4", "/3", "/2", "/1", "/0"));
}

TEST_F(LogsHandler, a_page_has_a_hundred_entries_unless_asked_otherwise) {
  std::vector<NewEntry> entries;
  for (int i = 0; i < 101; ++i) entries.push_back(entry_at(i, "/"));
  append(entries);
  EXPECT_EQ(page()["logs"].size(), 100u);
  EXPECT_EQ(page({{"limit", "1000"}})["logs"].size(), 101u);
}

// A clock that moves on whenever it is looked at.
class RunningClock final : public logs_sdk::Clock {
 public:
  logs_sdk::WallTime wall() const noexcept override { return {}; }
  logs_sdk::SteadyTime steady() const noexcept override {
    return logs_sdk::SteadyTime(std::chrono::milliseconds(++now_));
  }
  void wait_until(std::condition_variable&, std::unique_lock<std::mutex>&, logs_sdk::SteadyTime) override {}

 private:
  mutable int now_ = 0;
};

TEST_F(LogsHandler, a_scan_out_of_time_answers_what_it_has_and_where_to_go_on) {
  std::vector<NewEntry> entries;
  for (int i = 0; i < 10; ++i) entries.push_back(entry_at(i, "/" + std::to_string(i)));
  append(entries);
  const RunningClock clock;
  Router router;
  add_logs_routes(router, store_, clock, Guard(), {.scan_time = std::chrono::milliseconds(4)});
  std::vector<std::string> seen;
  std::string cursor;
  int rounds = 0;
  for (bool more = true; more; ++rounds) {
    Request request;
    request.query = {{"q", "path:/1,/8"}, {"cursor", cursor}};
    const auto answer = nlohmann::json::parse(router.match("GET", "/api/v1/logs").route->handler(request).body);
    for (const std::string& path : paths(answer)) seen.push_back(path);
    more = !answer["next_cursor"].is_null();
    EXPECT_EQ(answer["complete"], !more);
    EXPECT_EQ(answer["scanned"], more ? 4 : 2);
    if (more) cursor = answer["next_cursor"];
  }
  EXPECT_EQ(rounds, 3);
  EXPECT_THAT(seen, ElementsAre("/8", "/1"));
}

TEST_F(LogsHandler, a_page_out_of_room_holds_at_least_one_entry) {
  append({entry_at(1, "/old"), entry_at(2, "/new")});
  options_.max_page_bytes = 10;
  const auto answer = page();
  EXPECT_THAT(paths(answer), ElementsAre("/new"));
  EXPECT_EQ(answer["complete"], false);
  EXPECT_THAT(paths(page({{"cursor", answer["next_cursor"]}})), ElementsAre("/old"));
}

TEST_F(LogsHandler, errors_name_the_parameter_and_what_it_may_be) {
  EXPECT_EQ(error({{"limit", "0"}}), R"({"error":"limit: expected 1 to 1000"})");
  EXPECT_EQ(error({{"limit", "1001"}}), R"({"error":"limit: expected 1 to 1000"})");
  EXPECT_EQ(error({{"limit", "ten"}}), R"({"error":"limit: expected 1 to 1000"})");
  EXPECT_EQ(error({{"from", "yesterday"}}), R"({"error":"from: expected RFC 3339 or Unix milliseconds"})");
  EXPECT_EQ(error({{"to", "9999999999999999"}}), R"({"error":"to: expected RFC 3339 or Unix milliseconds"})");
  EXPECT_EQ(error({{"cursor", "abc"}}), R"({"error":"cursor: expected the next_cursor of an answer"})");
  EXPECT_EQ(error({{"limt", "5"}}),
            R"({"error":"expected the parameters from, to, q, project, limit and cursor only"})");
}

TEST_F(LogsHandler, an_error_of_the_query_has_its_position) {
  EXPECT_EQ(error({{"q", "\xC3\xBC status:abc"}}),
            R"({"error":"q: expected a whole number for status_code","position":9})");
}

TEST_F(LogsHandler, one_entry_is_shown_by_its_uuid) {
  append({entry_at(1, "/one"), entry_at(1, "/other", "bank")});
  const std::string uuid = page()["logs"][0]["uuid"];
  const auto one = [&](const Parameters& query) {
    return nlohmann::json::parse(get("/api/v1/logs/" + uuid, query).body);
  };
  EXPECT_EQ(one({})["path"], "/other");
  EXPECT_EQ(one({})["uid"], 2);
  EXPECT_EQ(one({{"project", "shop"}})["path"], "/one");
}

TEST_F(LogsHandler, an_unknown_uuid_is_not_found) {
  EXPECT_EQ(get("/api/v1/logs/01900000000070008000000000000000").status, 404);
  EXPECT_EQ(get("/api/v1/logs/..%2f").status, 404);
}

class FailingStore final : public Store {
 public:
  explicit FailingStore(logs_sdk::Code code) : failure_(code, "/data/store.db: damaged") {}
  Result<std::vector<AppendVerdict>> append(std::span<const NewEntry>, std::span<const ClientPost>) override {
    return failure_;
  }
  Result<std::optional<StoredEntry>> find(const logs_sdk::Uuid&, std::optional<std::string_view>) override {
    return failure_;
  }
  Status scan(const ScanRange&, const std::function<bool(const ScannedEntry&)>&) override { return failure_; }
  Result<std::vector<ClientRecord>> clients(std::optional<std::string_view>) override { return failure_; }
  Status scan_arrivals(std::uint64_t, const std::function<bool(const ScannedEntry&)>&) override { return failure_; }
  Result<std::uint64_t> last_uid() override { return failure_; }
  Status check() override { return failure_; }
  Result<std::uint64_t> count() override { return failure_; }

 private:
  const Status failure_;
};

TEST(LogsHandlerOfAFailingStore, a_busy_store_asks_to_come_again_and_a_damaged_one_is_the_servers_failure) {
  const logs_sdk::ManualClock clock;
  for (const char* path : {"/api/v1/logs", "/api/v1/logs/01900000000070008000000000000000"}) {
    for (const auto code : {logs_sdk::Code::kRetry, logs_sdk::Code::kGiveUp}) {
      FailingStore store(code);
      Router router;
      add_logs_routes(router, store, clock, Guard());
      const auto match = router.match("GET", path);
      Request request;
      request.path_values = match.path_values;
      if (code == logs_sdk::Code::kRetry) {
        EXPECT_EQ(match.route->handler(request).status, 503);
      } else {
        const Response response = match.route->handler(request);
        EXPECT_EQ(response.status, 500);
        EXPECT_THAT(response.body, HasSubstr("the store is damaged"));
        EXPECT_THAT(response.body, Not(HasSubstr("/data/")));
        EXPECT_EQ(response.failure, "/data/store.db: damaged");
      }
    }
  }
}

TEST(LogsCursor, comes_back_as_the_place_it_was_made_of) {
  for (const Position& position :
       {Position{0, 0}, Position{-1, 1}, Position{INT64_MIN, UINT64_MAX}, Position{INT64_MAX, 7}}) {
    EXPECT_EQ(parse_cursor(format_cursor(position)), position);
  }
  EXPECT_EQ(parse_cursor(""), std::nullopt);
  EXPECT_EQ(parse_cursor(std::string(33, '0')), std::nullopt);
  EXPECT_EQ(parse_cursor(std::string(32, 'g')), std::nullopt);
}

}  // namespace
}  // namespace logs_server
