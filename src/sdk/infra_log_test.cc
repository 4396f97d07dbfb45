// Infrastructure entries, from the application's call to the platform.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "testing/logs_sdk_fixture.h"

namespace logs_sdk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using Json = PlatformSink::Json;

class InfraLogTest : public LogSDKTest {};

InfraLogEntry deadlock() {
  InfraLogEntry entry;
  entry.source_type = "database";
  entry.source_name = "orders-primary";
  entry.level = "error";
  entry.message = "deadlock detected";
  entry.metadata = R"({"table":"orders"})";
  entry.error_detail = "process 17 waits";
  return entry;
}

TEST_F(InfraLogTest, an_entry_goes_to_an_address_of_its_own_with_what_was_empty_filled) {
  LogSDK logs(config());
  EXPECT_TRUE(logs.upload_infra_log(deadlock()));
  const Json entry = sink.await_entries(1)[0];
  ASSERT_THAT(sink.infra_entries(), SizeIs(1));
  EXPECT_EQ(entry.size(), 13u);
  EXPECT_EQ(entry.at("uuid").get<std::string>().size(), 32u);
  EXPECT_EQ(entry.at("uuid").get<std::string>()[12], '7');
  EXPECT_EQ(entry.at("timestamp").get<std::string>().size(), 27u);
  EXPECT_EQ(entry.at("project_slug"), "test");
  EXPECT_EQ(entry.at("source_type"), "database");
  EXPECT_EQ(entry.at("source_name"), "orders-primary");
  EXPECT_EQ(entry.at("host"), logs.hostname());
  EXPECT_EQ(entry.at("level"), "error");
  EXPECT_EQ(entry.at("message"), "deadlock detected");
  EXPECT_EQ(entry.at("metadata"), R"({"table":"orders"})");
  EXPECT_EQ(entry.at("trace_id"), "");
  EXPECT_EQ(entry.at("related_api_uuid"), "");
  EXPECT_EQ(entry.at("is_error"), true);
  EXPECT_EQ(entry.at("error_detail"), "process 17 waits");
}

TEST_F(InfraLogTest, both_kinds_of_entries_stand_in_one_ledger) {
  LogSDK logs(config());
  EXPECT_TRUE(logs.upload_infra_logs({deadlock(), deadlock(), deadlock()}));
  EXPECT_TRUE(logs.info("begun"));
  EXPECT_TRUE(logs.flush(std::chrono::seconds(30)));
  EXPECT_THAT(sink.infra_entries(), SizeIs(3));
  EXPECT_THAT(sink.entries(), SizeIs(4));
  const Stats stats = logs.stats();
  EXPECT_EQ(stats.spool.captured, 4u);
  EXPECT_EQ(stats.spool.delivered, 4u);
  EXPECT_EQ(stats.spool.pending, 0u);
}

TEST_F(InfraLogTest, values_that_the_application_set_stay) {
  LogSDK logs(config());
  InfraLogEntry entry = deadlock();
  entry.uuid = std::string(32, 'a');
  entry.timestamp = "2026-01-01T00:00:00.000000Z";
  entry.host = "db-1";
  entry.trace_id = std::string(32, 'b');
  entry.related_api_uuid = std::string(32, 'c');
  Exchange exchange = logs.begin();
  const CurrentExchangeScope scope(exchange);
  ASSERT_TRUE(logs.upload_infra_log(entry));
  const Json got = sink.await_entries(1)[0];
  EXPECT_EQ(got.at("uuid"), entry.uuid);
  EXPECT_EQ(got.at("timestamp"), entry.timestamp);
  EXPECT_EQ(got.at("host"), "db-1");
  EXPECT_EQ(got.at("trace_id"), entry.trace_id);
  EXPECT_EQ(got.at("related_api_uuid"), entry.related_api_uuid);
}

TEST_F(InfraLogTest, within_a_request_it_is_related_to_the_entry_of_that_request) {
  LogSDK logs(config());
  Exchange exchange = logs.begin();
  {
    const CurrentExchangeScope scope(exchange);
    ASSERT_TRUE(logs.upload_infra_log(deadlock()));
  }
  const Json got = sink.await_entries(1)[0];
  EXPECT_EQ(got.at("trace_id"), exchange.trace_id());
  EXPECT_EQ(got.at("related_api_uuid"), exchange.uuid());
}

TEST_F(InfraLogTest, errors_are_what_is_said_to_be_one_and_what_has_the_level_of_one) {
  LogSDK logs(config());
  std::vector<InfraLogEntry> entries;
  for (const char* level : {"debug", "info", "warn", "error", "fatal", ""}) {
    entries.emplace_back().level = level;
    entries.back().message = level;
  }
  entries.emplace_back().is_error = true;
  entries.back().message = "said";
  EXPECT_TRUE(logs.upload_infra_logs(entries));
  std::map<std::string, bool> errors;
  for (const Json& entry : sink.await_entries(7)) errors[entry.at("message")] = entry.at("is_error").get<bool>();
  const std::map<std::string, bool> expected = {{"", false},     {"debug", false}, {"info", false}, {"warn", false},
                                                {"error", true}, {"fatal", true},  {"said", true}};
  EXPECT_EQ(errors, expected);
}

TEST_F(InfraLogTest, an_unknown_level_is_refused_said_once_and_counted_while_the_others_are_kept) {
  LogSDK logs(config());
  InfraLogEntry wrong = deadlock();
  wrong.level = "WARNING";
  EXPECT_FALSE(logs.upload_infra_logs({wrong, deadlock(), wrong}));
  EXPECT_FALSE(logs.upload_infra_log(wrong));
  EXPECT_THAT(sink.await_entries(1), SizeIs(1));
  EXPECT_EQ(logs.stats().refused, 3u);
  EXPECT_EQ(logs.stats().spool.captured, 1u);
  EXPECT_THAT(said(), ElementsAre(HasSubstr("debug, info, warn, error, fatal")));
}

TEST_F(InfraLogTest, secrets_are_masked_in_every_text) {
  LogSDK logs(config());
  InfraLogEntry entry = deadlock();
  entry.source_name = "postgres://me:hush@db-1/orders";
  entry.message = "login failed: password=hush";
  entry.metadata = R"({"api_key":"hush","pool":{"client_secret":"hush"},"size":5})";
  entry.error_detail = "Authorization: Bearer hush";
  ASSERT_TRUE(logs.upload_infra_log(entry));
  entry.metadata = "token=hush is no JSON";
  ASSERT_TRUE(logs.upload_infra_log(entry));
  const std::vector<Json> got = sink.await_entries(2);
  for (const Json& each : got) EXPECT_THAT(each.dump(), Not(HasSubstr("hush")));
  EXPECT_EQ(Json::parse(got[0].at("metadata").get<std::string>()),
            Json::parse(R"({"api_key":"***","pool":{"client_secret":"***"},"size":5})"));
  EXPECT_EQ(Json::parse(got[1].at("metadata").get<std::string>()), Json::parse(R"({"text":"token=*** is no JSON"})"));
}

TEST_F(InfraLogTest, metadata_may_end_with_white_space) {
  LogSDK logs(config());
  InfraLogEntry entry = deadlock();
  constexpr std::size_t kSizes = 40;
  for (std::size_t size = 0; size < kSizes; ++size) {
    entry.metadata = R"({"zone":")" + std::string(size, 'e') + "\"}\n";
    ASSERT_TRUE(logs.upload_infra_log(entry));
  }
  for (const Json& each : sink.await_entries(kSizes)) {
    EXPECT_THAT(Json::parse(each.at("metadata").get<std::string>()).at("zone").get<std::string>(),
                ::testing::MatchesRegex("e*"));
  }
}

TEST_F(InfraLogTest, an_entry_that_is_too_large_loses_its_metadata_then_its_detail_then_is_dropped) {
  Config small = config();
  small.offline_max_bytes = 1 << 20;  // segments of 256 KiB, so records of at most 64 KiB
  small.max_body_size = small.max_stack_size = 65'536;
  LogSDK logs(small);
  const std::string long_text(60'000, '\x01');  // six bytes each as JSON
  InfraLogEntry metadata = deadlock();
  metadata.metadata = R"({"k":")" + std::string(16'000, 'm') + "\"}";
  metadata.message = std::string(50'000, 'a');
  EXPECT_TRUE(logs.upload_infra_log(metadata));
  InfraLogEntry detail = deadlock();
  detail.error_detail = long_text;
  EXPECT_TRUE(logs.upload_infra_log(detail));
  InfraLogEntry message = deadlock();
  message.message = long_text;
  EXPECT_FALSE(logs.upload_infra_log(message));
  const std::vector<Json> got = sink.await_entries(2);
  EXPECT_EQ(got[0].at("metadata"), "{}");
  EXPECT_EQ(got[0].at("error_detail"), "process 17 waits");
  EXPECT_EQ(got[1].at("error_detail"), "");
  EXPECT_EQ(got[1].at("message"), "deadlock detected");
  EXPECT_EQ(logs.stats().spool.dropped.oversize, 1u);
}

}  // namespace
}  // namespace logs_sdk
