// The conformance suite on cpp-httplib, and what is special to this framework.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/adapter_page.h"
#include "tests/conformance/conformance_suite.h"
#include "tests/conformance/golden_suite.h"
#include "tests/conformance/httplib_application.h"

namespace logs_sdk::conformance {
namespace {

using ::httplib::Request;
using ::httplib::Response;
using HandlerResponse = ::httplib::Server::HandlerResponse;

INSTANTIATE_TEST_SUITE_P(httplib, ConformanceTest, every_case_on({server_form(), attached_form()}), case_name);
INSTANTIATE_TEST_SUITE_P(httplib, GoldenTest, every_golden_exchange_on({server_form(), attached_form()}), golden_name);
INSTANTIATE_TEST_SUITE_P(httplib, AdapterPageTest, ::testing::Values(httplib_description()));

void nothing(::httplib::Server&) {}

// Every kind of hook as an application sets them.
void set_hooks(::httplib::Server& server) {
  server.set_pre_routing_handler([](const Request& req, Response& res) {
    if (req.path != "/teapot") return HandlerResponse::Unhandled;
    res.status = 418;
    res.set_content("short and stout", "text/plain");
    return HandlerResponse::Handled;
  });
  server.set_error_handler([](const Request& req, Response& res) {
    if (req.path == "/throw/late") return;
    res.set_content("error " + std::to_string(res.status), "text/plain");
  });
  server.set_post_routing_handler([](const Request&, Response& res) { res.set_header("X-Post", "routed"); });
  server.set_exception_handler([](const Request&, Response& res, const std::exception_ptr&) {
    res.status = 503;
    res.set_header("X-Exception", "handled");
  });
}

void set_reluctant_error_hook(::httplib::Server& server) {
  server.set_error_handler(::httplib::Server::HandlerWithResponse([](const Request&, Response& res) {
    res.set_header("X-Error", "seen");
    return HandlerResponse::Unhandled;
  }));
}

// A queue of the application's own, set when our hook is there already.
void set_queue(::httplib::Server& server) {
  server.new_task_queue = [] { return new ::httplib::ThreadPool(3); };
}

std::string request(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "Connection: close\r\n\r\n";
}

// Wherever the application's hooks are set, the client gets what it gets without us, and every exchange has an entry.
class HttplibHooksTest : public Recorded {
 protected:
  void expect_hooks_work(const AdapterUnderTest& adapter) {
    std::size_t count = 0;
    for (const char* target :
         {"/teapot", "/hello", "/nothing", "/throw/std", "/throw/other", "/throw/late", "/stream"}) {
      const auto [with_us, without_us] = both(adapter, request(target));
      EXPECT_EQ(with_us, without_us) << target;
      EXPECT_NE(with_us.find("X-Post: routed"), std::string::npos) << target;
      const auto entries = sink_.await_entries(++count);
      EXPECT_EQ(entries.back().at("status_code"), std::stoi(with_us.substr(9))) << target;
    }
  }
};

TEST_F(HttplibHooksTest, hooks_set_on_our_server_work_as_without_us) {
  expect_hooks_work(server_form("hooks", set_hooks));
}
TEST_F(HttplibHooksTest, hooks_set_before_we_attach_work_as_without_us) {
  expect_hooks_work(attached_form("before", set_hooks, nothing));
}
TEST_F(HttplibHooksTest, hooks_set_after_we_attach_work_as_without_us) {
  expect_hooks_work(attached_form("after", nothing, set_hooks));
}
TEST_F(HttplibHooksTest, hooks_set_on_our_server_work_beside_a_queue_of_the_application) {
  expect_hooks_work(server_form("queue", [](auto& server) {
    set_hooks(server);
    set_queue(server);
  }));
}
TEST_F(HttplibHooksTest, hooks_set_before_we_attach_work_beside_a_queue_of_the_application) {
  expect_hooks_work(attached_form("queue", set_hooks, set_queue));
}

TEST_F(HttplibHooksTest, an_error_hook_that_leaves_the_answer_to_the_framework_changes_nothing) {
  const AdapterUnderTest adapter = server_form("reluctant", set_reluctant_error_hook);
  for (const char* target : {"/nothing", "/throw/std", "/throw/late", "/throw/provider"}) {
    for (const char* headers : {"", "Range: bytes=1-2\r\n", "Range: bytes=0-0,2-3\r\nAccept-Encoding: gzip\r\n"}) {
      const auto [with_us, without_us] = both(adapter, request(target, headers));
      EXPECT_EQ(with_us, without_us) << target << " " << headers;
    }
  }
}

TEST_F(HttplibHooksTest, a_logger_of_the_application_sees_every_request) {
  for (const bool attached : {false, true}) {
    std::vector<std::string> seen;
    const Preparation set_logger = [&](auto& server) {
      server.set_logger(
          [&](const Request& req, const Response& res) { seen.push_back(req.path + std::to_string(res.status)); });
    };
    const AdapterUnderTest adapter = attached ? attached_form("logger", set_logger) : server_form("logger", set_logger);
    answer_of(*adapter.start(recording_.surroundings()), request("/hello"));
    EXPECT_THAT(seen, ::testing::ElementsAre("/hello200"));
  }
}

class HttplibTest : public Recorded {};

TEST_F(HttplibTest, ranges_and_compression_are_the_framework_s) {
  for (const char* headers :
       {"Range: bytes=1-2\r\n", "Range: bytes=9-\r\n", "Range: bytes=x\r\n", "Accept-Encoding: gzip\r\n"}) {
    const auto [with_us, without_us] = both(server_form(), request("/hello", headers));
    EXPECT_EQ(with_us, without_us) << headers;
  }
  EXPECT_EQ(sink_.await_entries(4).size(), 4u);
}

TEST_F(HttplibTest, the_text_of_an_exception_reaches_the_client_as_without_us) {
  const auto [with_us, without_us] = both(server_form(), request("/throw/std"));
  EXPECT_EQ(with_us, without_us);
  EXPECT_THAT(with_us, ::testing::HasSubstr("\r\nEXCEPTION_WHAT: broken\\r\\npart\r\n"));
  expect_entry(sink_.await_entries(1)[0], {.response_headers = {{"exception_what", "broken\\r\\npart"}}});
}

TEST_F(HttplibTest, headers_that_the_framework_adds_are_left_out_but_not_those_of_a_client) {
  answer_of(*server_form().start(recording_.surroundings()),
            request("/hello", "REMOTE_ADDR: 10.9.9.9\r\nREMOTE_ADDR: 127.0.0.1\r\nremote_port: 7\r\n"));
  expect_entry(sink_.await_entries(1)[0], {.request_headers = {{"remote_addr", "10.9.9.9, 127.0.0.1"},
                                                               {"remote_port", "7"},
                                                               {"local_addr", nullptr},
                                                               {"local_port", nullptr}}});
}

TEST_F(HttplibTest, a_target_over_the_limit_is_recorded) {
  const auto [with_us, without_us] = both(server_form(), request("/" + std::string(9000, 'a')));
  EXPECT_EQ(with_us, without_us);
  EXPECT_EQ(sink_.await_entries(1)[0].at("status_code"), 414);
}

TEST_F(HttplibTest, an_announced_length_that_is_no_size_is_not_recorded_as_one) {
  std::size_t count = 0;
  for (const char* length : {"-5", "99999999999999999999", "none"}) {
    answer_of(*server_form().start(recording_.surroundings()),
              request("/hello", "Content-Length: " + std::string(length) + "\r\n"));
    EXPECT_EQ(sink_.await_entries(++count).back().at("request_body_size"), 0) << length;
  }
}

TEST_F(HttplibTest, a_body_that_the_handler_reads_itself_is_seen_as_it_is_read) {
  const auto adapter = server_form("reader", [](auto& server) {
    server.Post("/upload", [](const Request&, Response& res, const ::httplib::ContentReader& read) {
      std::size_t size = 0;
      read([&](const char*, std::size_t n) {
        size += n;
        return true;
      });
      res.set_content(std::to_string(size), "text/plain");
    });
  });
  const auto [with_us, without_us] = both(adapter,
                                          "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
                                          "Content-Length: 6\r\nConnection: close\r\n\r\nupload");
  EXPECT_EQ(with_us, without_us);
  EXPECT_THAT(with_us, ::testing::EndsWith("\r\n\r\n6"));
  expect_entry(sink_.await_entries(1)[0], {.fields = {{"request_body", "upload"}, {"request_body_size", 6}}});
}

TEST_F(HttplibTest, a_handler_reaches_the_exchange_that_it_serves_and_nothing_is_current_afterwards) {
  std::vector<bool> current;
  const auto adapter = server_form("current", [&](auto& server) {
    server.new_task_queue = [] { return new ::httplib::ThreadPool(1); };
    server.set_logger(
        [&](const Request&, const Response&) { current.push_back(static_cast<bool>(::logs_sdk::current_exchange())); });
    server.Get("/trace", [](const Request&, Response& res) {
      res.set_content(std::string(::logs_sdk::httplib::current_exchange().trace_id()), "text/plain");
    });
  });
  const std::string answer = answer_of(*adapter.start(recording_.surroundings()), request("/trace"));
  EXPECT_THAT(answer, ::testing::EndsWith(sink_.await_entries(1)[0].at("trace_id").get<std::string>()));
  EXPECT_THAT(current, ::testing::ElementsAre(true));
  EXPECT_FALSE(::logs_sdk::current_exchange());
}

// Asks for a response whose provider throws, in a process of its own; returns how that one ended, as waitpid() says.
int end_of_process(const Config* config) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    std::optional<LogSDK> logs;
    if (config != nullptr) logs.emplace(*config);
    const auto application = server_form().start({.logs = logs ? &*logs : nullptr});
    converse(std::make_unique<TcpWire>(application->port()), ask(request("/throw/midway")));
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST_F(HttplibTest, what_a_content_provider_throws_ends_the_process_and_leaves_its_entry) {
  Config config = logs_.config();
  config.flush_interval = std::chrono::hours(1);
  const int with_us = end_of_process(&config);
  EXPECT_TRUE(WIFSIGNALED(with_us) && WTERMSIG(with_us) == SIGABRT) << with_us;
  EXPECT_EQ(with_us, end_of_process(nullptr));
  logs_.start();
  expect_entry(sink_.await_entries(1)[0], {.fields = {{"path", "/throw/midway"},
                                                      {"status_code", 200},
                                                      {"response_body", "first,"},
                                                      {"error_type", "panic"}},
                                           .contains = {{"error_message", {"std::runtime_error", "midway"}}}});
}

static_assert(::logs_sdk::httplib::detail::written_for("0.11.4"));
static_assert(!::logs_sdk::httplib::detail::written_for("0.50.1"));

TEST_F(HttplibTest, a_server_on_a_closed_library_serves_as_before) {
  EXPECT_TRUE(logs_.close());
  const auto [with_us, without_us] = both(server_form(), request("/hello"));
  EXPECT_EQ(with_us, without_us);
  EXPECT_EQ(logs_.stats().memory.dropped.closed, 1u);
}

}  // namespace
}  // namespace logs_sdk::conformance
