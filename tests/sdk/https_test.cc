// The whole way over HTTPS: application, spool, libcurl, a proxy, a front that ends TLS, logs-server.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "logs_sdk/logs_sdk.h"
#include "testing/file_bytes.h"
#include "testing/forward_proxy.h"
#include "testing/raw_client.h"
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

// logs-server itself, on plain http and a port of the kernel's choice.
class ServerProcess {
 public:
  explicit ServerProcess(const TemporaryFolder& folder) {
    const std::string keys_file = folder.file("keys.env");
    std::vector<std::string> arguments = {LOGS_SERVER_PROGRAM, "--data-dir", folder.file("data"), "--port", "0",
                                          "--keys-file",       keys_file,    "--public-host",     kHost};
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int output : {STDOUT_FILENO, STDERR_FILENO}) {
      posix_spawn_file_actions_addopen(&actions, output, folder.file("log").c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                       0600);
    }
    const int error = posix_spawn(&pid_, LOGS_SERVER_PROGRAM, &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0 || !await_keys(keys_file)) throw std::runtime_error("cannot start " LOGS_SERVER_PROGRAM);
  }
  ~ServerProcess() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  const std::string& key(const std::string& name) const { return keys_.at(name); }
  std::uint16_t port() const {
    const std::string& url = keys_.at("LOGS_SERVER_URL");
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }

  // The stored entries, as a reader finds them.
  nlohmann::json entries() const {
    RawClient client(port());
    const RawAnswer answer = client.ask("GET /api/v1/logs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                                        keys_.at("LOGS_SERVER_TOKEN") + "\r\n\r\n");
    return nlohmann::json::parse(answer.body);
  }

 private:
  // It is written whole, once the server listens.
  bool await_keys(const std::string& path) {
    for (const auto end = std::chrono::steady_clock::now() + kPatience; std::chrono::steady_clock::now() < end;) {
      std::istringstream lines(file_bytes(path));
      for (std::string line; std::getline(lines, line);)
        keys_[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
      if (keys_.size() >= 6) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  pid_t pid_ = 0;
  std::map<std::string, std::string> keys_;
};

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
  ServerProcess server_{folder_};

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
