// The conformance suite on cpp-httplib, and what is special to this framework.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/conformance_suite.h"
#include "tests/conformance/httplib_application.h"
#include "tests/conformance/raw_exchange.h"

namespace logs_sdk::conformance {
namespace {

using ::httplib::Request;
using ::httplib::Response;
using HandlerResponse = ::httplib::Server::HandlerResponse;

INSTANTIATE_TEST_SUITE_P(httplib, ConformanceTest, every_case_on({server_form(), attached_form()}), case_name);

// Hooks as an application sets them, on either kind of server.
template <typename Server>
void set_hooks(Server& server) {
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
template <typename Server>
void set_reluctant_error_hook(Server& server) {
  server.set_error_handler(::httplib::Server::HandlerWithResponse([](const Request&, Response& res) {
    res.set_header("X-Error", "seen");
    return HandlerResponse::Unhandled;
  }));
}

class HttplibTest : public Recorded {
 protected:
  // What each of the two servers answers.
  std::pair<std::string, std::string> both(const AdapterUnderTest& adapter, const std::string& sent) {
    const ExchangeCase exchange{.name = "", .sent = sent, .entries = {}};
    const auto converse_with = [&](LogSDK* logs) { return converse(adapter.start({.logs = logs})->port(), exchange); };
    return {converse_with(&logs_), converse_with(nullptr)};
  }
};

std::string request(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "Connection: close\r\n\r\n";
}

TEST_F(HttplibTest, hooks_of_the_application_work_as_without_us) {
  const AdapterUnderTest adapter = server_form(
      "hooks", [](auto& server) { set_hooks(server); }, [](auto& server) { set_hooks(server); });
  std::size_t count = 0;
  for (const char* target : {"/teapot", "/hello", "/nothing", "/throw/std", "/throw/other", "/throw/late", "/stream"}) {
    const auto [with_us, without_us] = both(adapter, request(target));
    EXPECT_EQ(with_us, without_us) << target;
    EXPECT_NE(with_us.find("X-Post: routed"), std::string::npos) << target;
    const auto entries = sink_.await_entries(++count);
    EXPECT_EQ(entries.back().at("status_code"), std::stoi(with_us.substr(9))) << target;
  }
}

TEST_F(HttplibTest, an_error_hook_that_leaves_the_answer_to_the_framework_changes_nothing) {
  const AdapterUnderTest adapter = server_form(
      "reluctant", [](auto& server) { set_reluctant_error_hook(server); },
      [](auto& server) { set_reluctant_error_hook(server); });
  for (const char* target : {"/nothing", "/throw/std", "/throw/late", "/throw/provider"}) {
    for (const char* headers : {"", "Range: bytes=1-2\r\n", "Range: bytes=0-0,2-3\r\nAccept-Encoding: gzip\r\n"}) {
      const auto [with_us, without_us] = both(adapter, request(target, headers));
      EXPECT_EQ(with_us, without_us) << target << " " << headers;
    }
  }
}

TEST_F(HttplibTest, ranges_and_compression_are_the_framework_s) {
  for (const char* headers :
       {"Range: bytes=1-2\r\n", "Range: bytes=9-\r\n", "Range: bytes=x\r\n", "Accept-Encoding: gzip\r\n"}) {
    const auto [with_us, without_us] = both(server_form(), request("/hello", headers));
    EXPECT_EQ(with_us, without_us) << headers;
  }
  EXPECT_EQ(sink_.await_entries(4).size(), 4u);
}

TEST_F(HttplibTest, a_logger_of_the_application_sees_every_request) {
  std::vector<std::string> seen;
  const auto adapter = server_form("logger", [&](auto& server) {
    server.set_logger(
        [&](const Request& req, const Response& res) { seen.push_back(req.path + std::to_string(res.status)); });
  });
  converse(adapter.start({.logs = &logs_})->port(), {.name = "", .sent = request("/hello"), .entries = {}});
  EXPECT_THAT(seen, ::testing::ElementsAre("/hello200"));
}

TEST_F(HttplibTest, headers_that_the_framework_adds_are_left_out_but_not_those_of_a_client) {
  converse(server_form().start({.logs = &logs_})->port(),
           {.name = "",
            .sent = request("/hello", "REMOTE_ADDR: 10.9.9.9\r\nREMOTE_ADDR: 127.0.0.1\r\nremote_port: 7\r\n"),
            .entries = {}});
  expect_entry(sink_.await_entries(1)[0], {.request_headers = {{"remote_addr", "10.9.9.9, 127.0.0.1"},
                                                               {"remote_port", "7"},
                                                               {"local_addr", nullptr},
                                                               {"local_port", nullptr}}});
}

TEST_F(HttplibTest, requests_refused_before_routing_are_recorded) {
  const auto [with_us, without_us] = both(server_form(), request("/" + std::string(9000, 'a')));
  EXPECT_EQ(with_us, without_us);
  EXPECT_EQ(sink_.await_entries(1)[0].at("status_code"), 414);
}

TEST_F(HttplibTest, a_body_that_the_handler_reads_itself_is_unseen_but_its_size_is_known) {
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
  const std::string answer =
      converse(adapter.start({.logs = &logs_})->port(),
               {.name = "",
                .sent = "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\nConnection: close\r\n\r\nupload",
                .entries = {}});
  EXPECT_THAT(answer, ::testing::EndsWith("\r\n\r\n6"));
  expect_entry(sink_.await_entries(1)[0], {.fields = {{"request_body", ""}, {"request_body_size", 6}}});
}

TEST_F(HttplibTest, a_handler_reaches_the_exchange_that_it_serves) {
  const auto adapter = server_form("current", [](auto& server) {
    server.Get("/mine", [](const Request&, Response& res) {
      ::logs_sdk::httplib::current_exchange().set_user("ada");
      ::logs_sdk::httplib::current_exchange().add_tag("colour", TagValue(std::string("red")));
      res.set_content(std::string(::logs_sdk::httplib::current_exchange().trace_id()), "text/plain");
    });
  });
  const std::string answer =
      converse(adapter.start({.logs = &logs_})->port(), {.name = "", .sent = request("/mine"), .entries = {}});
  const auto entry = sink_.await_entries(1)[0];
  expect_entry(entry, {.fields = {{"user_id", "ada"}, {"tags", {{"colour", "red"}}}}});
  EXPECT_THAT(answer, ::testing::EndsWith(entry.at("trace_id").get<std::string>()));
  EXPECT_FALSE(::logs_sdk::httplib::current_exchange());
}

static_assert(::logs_sdk::httplib::detail::written_for("0.11.4"));
static_assert(!::logs_sdk::httplib::detail::written_for("0.50.1"));

#ifdef CPPHTTPLIB_OPENSSL_SUPPORT
TEST_F(HttplibTest, a_request_over_tls_says_so) {
  const std::string key = folder_.file("key.pem"), certificate = folder_.file("certificate.pem");
  const std::string make =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost";
  ASSERT_EQ(std::system((make + " -keyout " + key + " -out " + certificate + " 2> /dev/null").c_str()), 0);
  using SecureServer = ::logs_sdk::httplib::Server<::httplib::SSLServer>;
  const HttplibApplication<SecureServer> application([](SecureServer&) {}, logs_, certificate.c_str(), key.c_str());
  ::httplib::SSLClient client("127.0.0.1", application.port());
  client.enable_server_certificate_verification(false);
  const auto answer = client.Get("/hello");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "hello");
  const auto entry = sink_.await_entries(1)[0];
  EXPECT_EQ(entry.at("scheme"), "https");
  EXPECT_EQ(entry.at("tls_version"), "1.3");
  EXPECT_THAT(entry.at("tls_cipher").get<std::string>(), ::testing::StartsWith("TLS_"));
  EXPECT_THAT(entry.at("full_url").get<std::string>(), ::testing::StartsWith("https://127.0.0.1"));
}
#endif

TEST_F(HttplibTest, a_server_on_a_closed_library_serves_as_before) {
  EXPECT_TRUE(logs_.close());
  const auto [with_us, without_us] = both(server_form(), request("/hello"));
  EXPECT_EQ(with_us, without_us);
  EXPECT_EQ(logs_.stats().memory.dropped.closed, 1u);
}

}  // namespace
}  // namespace logs_sdk::conformance
