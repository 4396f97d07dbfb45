// The whole way over HTTPS: application, spool, libcurl, a proxy, a front that ends TLS, logs-server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "logs_sdk/logs_sdk.h"
#include "testing/file_bytes.h"
#include "testing/forward_proxy.h"
#include "testing/server_process.h"
#include "testing/temporary_folder.h"
#include "testing/tls_front.h"

namespace logs_sdk {
namespace {

using std::chrono::seconds;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr seconds kPatience{30};                    // far beyond what a loaded machine needs
constexpr const char* kHost = "logs.example.test";  // nobody but our proxy knows it

class HttpsTest : public ::testing::Test {
 protected:
  Config config(const std::string& endpoint) {
    Config config;
    config.endpoint = endpoint;
    config.api_key = server_.key("LOGS_SDK_API_KEY");
    config.api_secret = server_.key("LOGS_SDK_API_SECRET");
    config.project_slug = server_.key("LOGS_SDK_PROJECT_SLUG");
    config.offline_dir = folder_.file("spool");
    config.flush_interval = std::chrono::milliseconds(50);
    config.ca_file = folder_.file("ca.pem");
    config.on_message = [this](MessageLevel, std::string_view text) {
      const std::lock_guard lock(mutex_);
      said_.emplace_back(text);
    };
    return config;
  }
  void trust(const TestAuthority& authority) { replace_file(folder_.file("ca.pem"), authority.certificate()); }
  std::vector<std::string> said() {
    const std::lock_guard lock(mutex_);
    return said_;
  }
  static void serve_one(LogSDK& logs, const std::string& path) {
    Exchange exchange = logs.begin();
    exchange.request_line("GET", path, "HTTP/1.1");
    exchange.status(200);
    exchange.finish();
  }

  TemporaryFolder folder_;
  TestAuthority authority_;
  ServerProcess server_{LOGS_SERVER_PROGRAM, folder_, {"--public-host", kHost}};

 private:
  std::mutex mutex_;
  std::vector<std::string> said_;  // guarded by mutex_
};

TEST_F(HttpsTest, entries_are_stored_by_the_server) {
  const TlsFront front(server_.port(), authority_.issue());
  trust(authority_);
  LogSDK logs(config(front.url()));
  for (int i = 0; i < 3; ++i) serve_one(logs, "/over-tls");
  EXPECT_TRUE(logs.close(kPatience));
  EXPECT_EQ(logs.stats().spool.delivered, 3u);
  EXPECT_EQ(logs.stats().unconfirmed, 0u) << "the server's verdicts came back";
  EXPECT_THAT(server_.entries().dump(), HasSubstr("/over-tls"));
  EXPECT_TRUE(said().empty());
}

TEST_F(HttpsTest, entries_are_stored_by_a_server_that_only_a_proxy_reaches) {
  const TlsFront front(server_.port(), authority_.issue({.hosts = {kHost}}));
  const ForwardProxy proxy;
  trust(authority_);
  Config through_proxy = config(front.url("/api/v1/ingest/logs", kHost));
  through_proxy.proxy = proxy.url("me:hush@");
  LogSDK logs(through_proxy);
  serve_one(logs, "/behind-a-proxy");
  EXPECT_TRUE(logs.close(kPatience));
  EXPECT_THAT(server_.entries().dump(), HasSubstr("/behind-a-proxy"));
  for (const std::string& head : proxy.heads()) {
    EXPECT_THAT(head, Not(HasSubstr(server_.key("LOGS_SDK_API_KEY"))));
    EXPECT_THAT(head, Not(HasSubstr(server_.key("LOGS_SDK_API_SECRET"))));
  }
}

TEST_F(HttpsTest, a_wrong_authority_is_said_without_a_key_and_what_waited_is_sent_once_it_is_mended) {
  const TlsFront front(server_.port(), authority_.issue());
  trust(TestAuthority("Somebody else"));
  Config hasty = config(front.url());
  hasty.max_retries = 0;  // down, and said, at once
  LogSDK logs(hasty);
  serve_one(logs, "/waiting");
  EXPECT_FALSE(logs.flush(std::chrono::milliseconds(300)));
  EXPECT_EQ(logs.stats().spool.pending, 1u);
  EXPECT_THAT(said(), Contains(HasSubstr("certificate")));
  EXPECT_THAT(said(), Not(Contains(HasSubstr(server_.key("LOGS_SDK_API_SECRET")))));
  EXPECT_EQ(server_.entries().dump().find("/waiting"), std::string::npos);
  trust(authority_);
  // flush() does not wait for a destination that is down; its probe comes by itself.
  for (const auto end = std::chrono::steady_clock::now() + kPatience; std::chrono::steady_clock::now() < end;) {
    if (logs.flush(seconds(1))) break;
  }
  EXPECT_THAT(server_.entries().dump(), HasSubstr("/waiting"));
}

TEST_F(HttpsTest, plain_http_to_this_machine_does_not_leave_it_by_a_proxy_of_the_environment) {
  const ForwardProxy proxy;
  ASSERT_EQ(setenv("http_proxy", proxy.url().c_str(), 1), 0);
  trust(authority_);
  LogSDK logs(config(server_.key("LOGS_SDK_ENDPOINT")));
  serve_one(logs, "/plain");
  EXPECT_TRUE(logs.close(kPatience));
  unsetenv("http_proxy");
  EXPECT_THAT(server_.entries().dump(), HasSubstr("/plain"));
  EXPECT_TRUE(proxy.heads().empty());
}

}  // namespace
}  // namespace logs_sdk
