#include "src/sdk/log_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "testing/logs_sdk_fixture.h"

namespace logs_sdk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = PlatformSink::Json;

TEST(IsProduction, is_said_by_the_first_word_in_any_case_and_by_nothing_said_at_all) {
  for (const char* name : {"production", "prod", "PROD", "Production", "prod-eu", "production_2", "prod.eu", ""}) {
    EXPECT_TRUE(is_production(name)) << name;
  }
  for (const char* name : {"staging", "test", "dev", "product", "pre-prod", "nonprod", "reproduction", "-prod"}) {
    EXPECT_FALSE(is_production(name)) << name;
  }
}

class LogLineTest : public LogSDKTest {
 protected:
  Config in_staging() {
    Config staging = config();
    staging.environment = "staging";
    return staging;
  }
  // The entries that came, by their paths.
  std::map<std::string, Json> await_by_path(std::size_t count) {
    std::map<std::string, Json> by_path;
    for (const Json& entry : sink.await_entries(count)) by_path[entry.at("path").get<std::string>()] = entry;
    return by_path;
  }
};

TEST_F(LogLineTest, each_level_becomes_an_entry_that_says_what_it_is) {
  LogSDK logs(in_staging());
  EXPECT_TRUE(logs.debug("tried"));
  EXPECT_TRUE(logs.info("begun"));
  EXPECT_TRUE(logs.warn("slow"));
  EXPECT_TRUE(logs.error("broken"));
  const auto entries = await_by_path(4);
  const std::map<std::string, std::string> messages = {
      {"debug", "tried"}, {"info", "begun"}, {"warn", "slow"}, {"error", "broken"}};
  for (const auto& [level, message] : messages) {
    const Json& entry = entries.at("/_log/" + level);
    EXPECT_EQ(entry.at("method"), "MANUAL");
    EXPECT_EQ(entry.at("origin"), "manual");
    EXPECT_EQ(entry.at("client_type"), "server");
    EXPECT_EQ(entry.at("request_body"), message);
    EXPECT_EQ(entry.at("request_body_size"), message.size());
    EXPECT_EQ(entry.at("error_type"), "manual_" + level);
    EXPECT_EQ(entry.at("is_error"), level == "error");
    EXPECT_EQ(entry.at("error_message"), "");
    EXPECT_EQ(entry.at("environment"), "staging");
    EXPECT_EQ(entry.at("service_name"), "orders");
    EXPECT_EQ(entry.at("trace_id"), entry.at("uuid")) << "a trace of its own";
    EXPECT_EQ(entry.at("parent_span_id"), "");
    EXPECT_EQ(entry.at("tags"), Json::object());
  }
  EXPECT_THAT(sink.infra_entries(), IsEmpty());
}

TEST_F(LogLineTest, debug_lines_are_not_made_in_production_and_not_counted) {
  LogSDK logs(config());
  ASSERT_EQ(logs.config().environment, "production");
  EXPECT_FALSE(logs.debug("not here"));
  EXPECT_TRUE(logs.info("here"));
  EXPECT_EQ(sink.await_entries(1)[0].at("request_body"), "here");
  EXPECT_TRUE(logs.flush(std::chrono::seconds(30)));
  EXPECT_EQ(logs.stats().spool.captured, 1u);
  EXPECT_EQ(sink.entries().size(), 1u);
}

TEST_F(LogLineTest, tags_of_every_kind_travel_with_the_line) {
  LogSDK logs(config());
  logs.info("sold", {{"colour", "red"}, {"count", std::int64_t{3}}, {"price", 2.5}, {"gift", true}});
  EXPECT_EQ(sink.await_entries(1)[0].at("tags"), Json::parse(R"({"colour":"red","count":3,"gift":true,"price":2.5})"));
}

TEST_F(LogLineTest, secrets_in_message_and_tags_are_masked) {
  LogSDK logs(config());
  logs.warn("refused: password=hush for postgres://me:hush@db/orders", {{"api_key", "hush"}});
  const Json entry = sink.await_entries(1)[0];
  EXPECT_THAT(entry.dump(), Not(HasSubstr("hush")));
  EXPECT_THAT(entry.at("request_body").get<std::string>(), HasSubstr("refused: password=***"));
}

TEST_F(LogLineTest, hostile_messages_arrive_as_text) {
  LogSDK logs(config());
  const std::string hostile = "</script> \"quoted\" \\ line\nnext\t \xE2\x80\xAE \xF0\x9F\x98\x80";
  logs.info(hostile);
  logs.info("torn \xE4\xB8 end");
  logs.info("");
  logs.info(std::string_view("a\0b", 3));
  std::set<std::string> bodies;
  for (const Json& entry : sink.await_entries(4)) bodies.insert(entry.at("request_body").get<std::string>());
  EXPECT_THAT(bodies, ElementsAre("", hostile, "[binary application/octet-stream 3 bytes]", "torn \xEF\xBF\xBD end"));
}

TEST_F(LogLineTest, a_long_message_is_cut_and_its_size_told) {
  Config brief = config();
  brief.max_body_size = 10;
  LogSDK logs(brief);
  logs.info(std::string(1000, 'm'));
  const Json entry = sink.await_entries(1)[0];
  EXPECT_EQ(entry.at("request_body"), std::string(10, 'm') + "...[truncated]");
  EXPECT_EQ(entry.at("request_body_size"), 1000);
}

TEST_F(LogLineTest, within_a_request_a_line_belongs_to_its_trace) {
  LogSDK logs(config());
  Exchange exchange = logs.begin();
  exchange.request_line("GET", "/orders/7", "HTTP/1.1");
  exchange.peer("127.0.0.1", 1234);
  exchange.request_header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  {
    const CurrentExchangeScope scope(exchange);
    EXPECT_TRUE(logs.info("looked up"));
  }
  exchange.finish();
  const auto entries = await_by_path(2);
  const Json& line = entries.at("/_log/info");
  const Json& request = entries.at("/orders/7");
  EXPECT_EQ(line.at("trace_id"), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(line.at("trace_id"), request.at("trace_id"));
  EXPECT_EQ(line.at("parent_span_id"), request.at("span_id"));
  EXPECT_NE(line.at("span_id"), request.at("span_id"));
  EXPECT_NE(line.at("uuid"), request.at("uuid"));
}

TEST_F(LogLineTest, a_coroutine_says_which_exchange_it_serves) {
  LogSDK logs(in_staging());
  Exchange exchange = logs.begin();
  const std::string trace(exchange.trace_id());
  EXPECT_TRUE(logs.debug(exchange, "d"));
  EXPECT_TRUE(logs.info(exchange, "i"));
  EXPECT_TRUE(logs.warn(exchange, "w", {{"n", std::int64_t{1}}}));
  EXPECT_TRUE(logs.error(exchange, "e"));
  for (const Json& entry : sink.await_entries(4)) EXPECT_EQ(entry.at("trace_id"), trace) << entry.at("path");
}

TEST_F(LogLineTest, after_close_a_line_is_dropped_and_counted) {
  LogSDK logs(config());
  EXPECT_TRUE(logs.close());
  EXPECT_FALSE(logs.info("late"));
  EXPECT_FALSE(logs.upload_infra_log({}));
  EXPECT_EQ(logs.stats().memory.dropped.closed, 2u);
  EXPECT_THAT(said(), ElementsAre(HasSubstr("after close()")));
}

}  // namespace
}  // namespace logs_sdk
