#include "logs_sdk/logs_sdk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "testing/logs_sdk_fixture.h"

namespace logs_sdk {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using Json = PlatformSink::Json;

std::size_t files_in(const char* folder) {
  const std::filesystem::directory_iterator entries(folder);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

std::size_t threads_named(const std::string& wanted) {
  std::size_t count = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "comm");
    std::string name;
    std::getline(file, name);
    if (name == wanted) ++count;
  }
  return count;
}

void serve_one(LogSDK& logs, const std::string& target = "/orders/7") {
  Exchange exchange = logs.begin();
  exchange.request_line("GET", target, "HTTP/1.1");
  exchange.status(200);
  exchange.finish();
}

TEST_F(LogSDKTest, construction_starts_no_thread_and_opens_no_file) {
  const std::size_t threads = files_in("/proc/self/task"), files = files_in("/proc/self/fd");
  LogSDK logs(config());
  EXPECT_EQ(files_in("/proc/self/task"), threads);
  EXPECT_EQ(files_in("/proc/self/fd"), files);
  EXPECT_FALSE(std::filesystem::exists(folder.file("spool")));
  EXPECT_EQ(logs.stats().instance, "");
  EXPECT_TRUE(logs.close());
}

TEST_F(LogSDKTest, a_wrong_configuration_is_refused_at_construction) {
  Config wrong = config();
  wrong.max_retries = 21;
  EXPECT_THROW(LogSDK{wrong}, ConfigError);
}

TEST_F(LogSDKTest, many_threads_that_meet_in_the_first_exchange_start_it_once) {
  LogSDK logs(config());
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { serve_one(logs); });
  for (std::thread& thread : threads) thread.join();
  logs.start();
  EXPECT_EQ(sink.await_entries(8).size(), 8u);
  while (threads_named("logs-keeper") == 0) std::this_thread::yield();  // a thread names itself
  EXPECT_EQ(threads_named("logs-keeper"), 1u);
  EXPECT_EQ(threads_named("logs-shipper"), 1u);
  EXPECT_TRUE(logs.close());
  EXPECT_EQ(threads_named("logs-keeper") + threads_named("logs-shipper"), 0u);
}

TEST_F(LogSDKTest, an_exchange_becomes_one_entry_of_this_process) {
  LogSDK logs(config());
  serve_one(logs);
  const Json entry = sink.await_entries(1)[0];
  EXPECT_EQ(entry.at("path"), "/orders/7");
  EXPECT_EQ(entry.at("status_code"), 200);
  EXPECT_EQ(entry.at("service_name"), "orders");
  EXPECT_EQ(entry.at("host"), logs.hostname());
  EXPECT_EQ(entry.at("process_id"), std::to_string(getpid()));
  EXPECT_TRUE(logs.flush());
  const Stats stats = logs.stats();
  EXPECT_EQ(stats.spool.captured, 1u);
  EXPECT_EQ(stats.spool.delivered, 1u);
  EXPECT_EQ(stats.spool.pending, 0u);
  EXPECT_EQ(stats.memory.captured, 0u);
  EXPECT_EQ(stats.instance.size(), 32u);
}

TEST_F(LogSDKTest, keys_and_commit_travel_in_headers_and_stand_in_no_file) {
  LogSDK logs(config());
  serve_one(logs);
  sink.await_entries(1);
  sink.server().await_requests(1);  // it is noted after its entries were
  const RecordedRequest request = sink.server().requests()[0];
  EXPECT_EQ(request.headers.at("x-api-key"), "clog_pk_test");
  EXPECT_EQ(request.headers.at("x-api-secret"), "clog_sk_test");
  EXPECT_EQ(request.headers.at("x-sdk-type"), "cpp");
  EXPECT_EQ(request.headers.at("x-sdk-version"), kVersion);
  EXPECT_FALSE(request.headers.at("x-sdk-hash").empty());
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (!file.is_regular_file()) continue;
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_EQ(bytes.find("clog_sk_test"), std::string::npos) << file.path();
  }
}

TEST_F(LogSDKTest, an_entry_of_the_application_is_filled_and_masked) {
  LogSDK logs(config());
  LogEntry entry;
  entry.method = "MANUAL";
  entry.path = "/_log/info";
  entry.full_url = "https://me:hush@host/?token=hush";
  entry.request_headers = R"({"authorization":"Bearer hush","accept":"*/*"})";
  entry.content_type = "application/json";
  entry.request_body = R"({"password":"hush","count":3})";
  entry.tags["api_key"] = std::string("hush");
  entry.tags["pin_secret"] = std::int64_t{1234};
  entry.tags["colour"] = std::string("red");
  ASSERT_TRUE(logs.send(entry));
  const Json got = sink.await_entries(1)[0];
  EXPECT_THAT(got.dump(), ::testing::Not(HasSubstr("hush")));
  EXPECT_EQ(got.at("tags"), Json::parse(R"({"api_key":"***","colour":"red","pin_secret":"***"})"));
  EXPECT_EQ(Json::parse(got.at("request_body").get<std::string>()), Json::parse(R"({"password":"***","count":3})"));
  EXPECT_EQ(Json::parse(got.at("request_headers").get<std::string>()).at("accept"), "*/*");
  EXPECT_EQ(got.at("uuid").get<std::string>().size(), 32u);
  EXPECT_EQ(got.at("trace_id"), got.at("uuid"));
  EXPECT_EQ(got.at("span_id").get<std::string>().size(), 16u);
  EXPECT_EQ(got.at("request_id").get<std::string>().size(), 8u);
  EXPECT_EQ(got.at("timestamp").get<std::string>().size(), 27u);
  EXPECT_EQ(got.at("project_slug"), "test");
}

TEST_F(LogSDKTest, json_text_of_the_application_may_have_white_space_around_it) {
  LogSDK logs(config());
  const std::string text = " {\"a\":[1,2],\"password\":\"hush\"}\r\n",
                    masked = " {\"a\":[1,2],\"password\":\"***\"}\r\n";
  LogEntry sent;
  sent.request_headers = sent.response_headers = sent.latency_breakdown = text;
  ASSERT_TRUE(logs.send(sent));
  const Json entry = sink.await_entries(1)[0];
  EXPECT_EQ(entry.at("request_headers"), masked);
  EXPECT_EQ(entry.at("response_headers"), masked);
  EXPECT_EQ(entry.at("latency_breakdown"), masked);
}

TEST_F(LogSDKTest, values_that_the_application_set_stay) {
  LogSDK logs(config());
  LogEntry entry;
  entry.uuid = std::string(32, 'a');
  entry.timestamp = "2026-01-01T00:00:00.000000Z";
  entry.service_name = "billing";
  entry.trace_id = std::string(32, 'b');
  ASSERT_TRUE(logs.send(entry));
  const Json got = sink.await_entries(1)[0];
  EXPECT_EQ(got.at("uuid"), entry.uuid);
  EXPECT_EQ(got.at("timestamp"), entry.timestamp);
  EXPECT_EQ(got.at("service_name"), "billing");
  EXPECT_EQ(got.at("trace_id"), entry.trace_id);
}

TEST_F(LogSDKTest, excluded_paths_make_no_entry_and_are_counted_apart) {
  Config some = config();
  some.exclude_paths = {"/healthz", "/static/*"};
  LogSDK logs(some);
  for (const char* target : {"/healthz", "/static/a.js?x=1", "/orders"}) serve_one(logs, target);
  EXPECT_EQ(sink.await_entries(1)[0].at("path"), "/orders");
  EXPECT_EQ(logs.stats().excluded, 2u);
  EXPECT_EQ(logs.stats().spool.captured, 1u);
}

TEST_F(LogSDKTest, an_entry_that_is_too_large_loses_its_bodies_then_its_headers_then_is_dropped) {
  Config small = config();
  small.offline_max_bytes = 1 << 20;  // segments of 256 KiB, so records of at most 64 KiB
  small.max_body_size = small.max_stack_size = 65'536;
  LogSDK logs(small);
  const std::string long_text(60'000, '\x01');  // six bytes each as JSON
  LogEntry body;
  body.path = "/body";
  body.request_body = long_text;
  body.request_headers = R"({"accept":"*/*"})";
  EXPECT_TRUE(logs.send(body));
  LogEntry stack;
  stack.path = "/stack";
  stack.error_stack = long_text;
  EXPECT_FALSE(logs.send(stack));
  const Json got = sink.await_entries(1)[0];
  EXPECT_EQ(got.at("path"), "/body");
  EXPECT_EQ(got.at("request_body"), "");
  EXPECT_EQ(got.at("request_headers"), R"({"accept":"*/*"})");
  EXPECT_EQ(logs.stats().spool.dropped.oversize, 1u);
}

TEST_F(LogSDKTest, shipping_starts_when_four_fifths_of_the_buffer_wait) {
  Config patient = config();
  patient.flush_interval = std::chrono::hours(1);
  patient.buffer_size = 10;
  LogSDK logs(patient);
  for (int i = 0; i < 8; ++i) serve_one(logs);
  EXPECT_EQ(sink.await_entries(8).size(), 8u);
}

TEST_F(LogSDKTest, shipping_goes_on_while_new_entries_keep_the_buffer_full) {
  Config patient = config();
  patient.flush_interval = std::chrono::hours(1);
  patient.buffer_size = 10;
  LogSDK logs(patient);
  constexpr int kServed = 600;
  for (int i = 0; i < kServed; ++i) serve_one(logs);
  // What is left at the end may be too little to start the shipper once more.
  EXPECT_GT(sink.await_entries(kServed - 8).size(), static_cast<std::size_t>(kServed - 9));
}

TEST_F(LogSDKTest, flush_ships_what_waits) {
  Config patient = config();
  patient.flush_interval = std::chrono::hours(1);
  LogSDK logs(patient);
  serve_one(logs);
  EXPECT_TRUE(logs.flush(std::chrono::seconds(30)));
  EXPECT_EQ(sink.entries().size(), 1u);
}

TEST_F(LogSDKTest, after_close_everything_is_counted_and_said_once) {
  LogSDK logs(config());
  serve_one(logs);
  EXPECT_TRUE(logs.close(std::chrono::seconds(30)));
  EXPECT_TRUE(logs.close());
  EXPECT_FALSE(logs.begin());
  EXPECT_FALSE(logs.send({}));
  EXPECT_FALSE(logs.send({}));
  EXPECT_EQ(logs.stats().spool.dropped.closed, 3u);
  EXPECT_EQ(logs.stats().spool.captured, 4u);
  EXPECT_THAT(said(), ::testing::ElementsAre("send() after close(): the entry is dropped"));
}

TEST_F(LogSDKTest, an_exchange_that_ends_after_close_is_counted) {
  LogSDK logs(config());
  Exchange running = logs.begin();
  EXPECT_TRUE(logs.close(std::chrono::seconds(30)));
  running.finish();
  EXPECT_EQ(logs.stats().spool.dropped.closed, 1u);
  EXPECT_EQ(logs.stats().spool.captured, 1u);
  EXPECT_EQ(logs.stats().spool.pending, 0u);
}

TEST_F(LogSDKTest, an_exchange_may_outlive_the_library) {
  Exchange exchange;
  {
    LogSDK logs(config());
    exchange = logs.begin();
    exchange.request_line("GET", "/late", "HTTP/1.1");
  }
  EXPECT_EQ(exchange.trace_id().size(), 32u);
  exchange.finish();
  EXPECT_TRUE(sink.entries().empty());
}

TEST_F(LogSDKTest, an_exchange_finished_while_its_thread_ends_is_captured) {
  LogSDK logs(config());
  std::thread([&] {
    thread_local Exchange exchange;  // made before the buffers in which the entry is built, so destroyed after them
    exchange = logs.begin();
    exchange.request_line("GET", "/ending", "HTTP/1.1");
    serve_one(logs, "/served");
  }).join();
  EXPECT_EQ(sink.await_entries(2).back().at("path"), "/ending");
}

TEST_F(LogSDKTest, close_keeps_its_deadline_against_a_platform_that_never_answers) {
  sink.server().next({.behaviour = ScriptedReply::Behaviour::kSilence});
  sink.server().next({.behaviour = ScriptedReply::Behaviour::kSilence});
  {
    Config patient = config();
    patient.timeout = std::chrono::minutes(10);
    LogSDK logs(patient);
    serve_one(logs);
    EXPECT_FALSE(logs.close(std::chrono::milliseconds(100)));  // returns before the ten minutes of the request
    EXPECT_EQ(logs.stats().spool.pending, 1u);
  }
  // What was left waits in the spool, and the next one ships it.
  Config hasty = config();
  hasty.timeout = std::chrono::milliseconds(200);  // the platform may be silent once more
  LogSDK next(hasty);
  next.start();
  EXPECT_EQ(sink.await_entries(1)[0].at("path"), "/orders/7");
}

TEST_F(LogSDKTest, a_spool_that_cannot_be_had_is_said_and_entries_go_from_memory) {
  Config without = config();
  without.offline_dir = "/proc/no-such-folder/spool";
  LogSDK logs(without);
  serve_one(logs);
  EXPECT_EQ(sink.await_entries(1).size(), 1u);
  EXPECT_TRUE(logs.flush(std::chrono::seconds(30)));
  EXPECT_EQ(logs.stats().memory.captured, 1u);
  EXPECT_EQ(logs.stats().spool.captured, 0u);
  EXPECT_THAT(said(), Contains(HasSubstr("/proc/no-such-folder")));
}

TEST_F(LogSDKTest, a_receiver_of_messages_may_send_them_as_entries) {
  std::unique_ptr<LogSDK> logs;
  Config forwarding = config();
  forwarding.offline_dir = "/proc/no-such-folder/spool";
  forwarding.on_message = [&](MessageLevel, std::string_view text) {
    LogEntry entry;
    entry.request_body = text;
    logs->send(std::move(entry));
  };
  logs = std::make_unique<LogSDK>(forwarding);
  serve_one(*logs);  // says, while it starts, that there is no folder
  const auto entries = sink.await_entries(2);
  EXPECT_THAT(entries[0].at("request_body").get<std::string>() + entries[1].at("request_body").get<std::string>(),
              HasSubstr("/proc/no-such-folder"));
  EXPECT_TRUE(logs->close(std::chrono::seconds(30)));
}

TEST_F(LogSDKTest, without_a_spool_buffer_size_entries_wait_and_the_rest_is_counted) {
  Config without = config();
  without.offline_dir = "/proc/no-such-folder/spool";
  without.buffer_size = 2;
  sink.set_down(true);
  LogSDK logs(without);
  for (int i = 0; i < 5; ++i) serve_one(logs);
  EXPECT_EQ(logs.stats().memory.captured, 5u);
  EXPECT_EQ(logs.stats().memory.pending, 2u);
  EXPECT_EQ(logs.stats().memory.dropped.memory_full, 3u);
}

TEST_F(LogSDKTest, an_entry_that_is_still_too_large_without_bodies_loses_its_headers) {
  Config small = config();
  small.offline_max_bytes = 1 << 20;  // records of at most 64 KiB
  small.max_stack_size = 65'536;
  LogSDK logs(small);
  LogEntry entry;
  entry.error_stack = std::string(50'000, 's');
  entry.request_headers = entry.response_headers = R"({"x":")" + std::string(12'000, 'h') + R"("})";
  EXPECT_TRUE(logs.send(entry));
  const Json got = sink.await_entries(1)[0];
  EXPECT_EQ(got.at("request_headers"), "{}");
  EXPECT_EQ(got.at("response_headers"), "{}");
  EXPECT_EQ(got.at("error_stack"), entry.error_stack);
}

// The checks of the child as bits of its exit code; 0 when all hold.
int failed_checks_in_child(std::unique_ptr<LogSDK>& logs, Exchange& begun_before,
                           const std::vector<std::string>& said) {
  int failed = 0;
  begun_before.finish();
  if (logs->begin()) failed |= 1;
  if (logs->send({})) failed |= 2;
  if (logs->stats().memory.dropped.forked != 2) failed |= 4;
  if (std::count_if(said.begin(), said.end(),
                    [](const std::string& text) { return text.find("forked") != text.npos; }) != 1)
    failed |= 8;
  logs->close();
  logs.reset();  // neither waits for threads that are not here nor touches the parent's spool
  return failed;
}

TEST_F(LogSDKTest, a_forked_child_captures_nothing_and_leaves_the_parent_alone) {
  std::vector<std::string> said_in_child;
  Config forking = config();
  forking.on_message = [&](MessageLevel, std::string_view text) { said_in_child.emplace_back(text); };
  auto logs = std::make_unique<LogSDK>(forking);
  serve_one(*logs, "/before");
  sink.await_entries(1);
  Exchange running = logs->begin();
  running.request_line("GET", "/running", "HTTP/1.1");
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(failed_checks_in_child(logs, running, said_in_child));
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  running.finish();
  serve_one(*logs, "/after");
  EXPECT_EQ(sink.await_entries(3).size(), 3u);
  EXPECT_TRUE(logs->flush(std::chrono::seconds(30)));
  EXPECT_EQ(logs->stats().spool.captured, 3u);
  EXPECT_EQ(logs->stats().spool.delivered, 3u);
}

}  // namespace
}  // namespace logs_sdk
