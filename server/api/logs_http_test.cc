// The read API and the console over real HTTP, with the guard that stands before them and the embedded store behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "server/api/console_handler.h"
#include "server/api/health_handler.h"
#include "server/api/logs_handler.h"
#include "server/api/reader_guard.h"
#include "server/api/registry.h"
#include "server/api/session_handler.h"
#include "server/http/http_server.h"
#include "server/store/sqlite_store.h"
#include "src/base/clock.h"
#include "testing/raw_client.h"
#include "testing/sample_entry.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using logs_sdk::RawAnswer;
using logs_sdk::RawClient;
using ::testing::HasSubstr;

class LogsOverHttp : public ::testing::Test {
 protected:
  LogsOverHttp() {
    Router router;
    add_session_routes(router, *registry_);
    add_logs_routes(router, *store_, logs_sdk::system_clock(), reader_guard(*registry_));
    add_console_routes(router);
    server_ = std::move(HttpServer::start({}, std::move(router))).value();
  }
  RawAnswer ask(const std::string& method, const std::string& target, const std::string& fields = "",
                const char* from = "127.0.0.1") {
    return RawClient(std::make_unique<logs_sdk::TcpWire>(server_->port(), 0, from))
        .ask(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
  }
  std::string bearer() const { return "Authorization: Bearer " + token_ + "\r\n"; }

  logs_sdk::TemporaryFolder folder_;
  std::unique_ptr<SqliteStore> store_ = std::move(SqliteStore::open(folder_.path())).value();
  std::unique_ptr<Registry> registry_ = std::move(Registry::open(folder_.path(), logs_sdk::system_clock())).value();
  std::string token_ = registry_->begin().value()->token;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(LogsOverHttp, nothing_is_shown_without_a_token) {
  for (const char* target : {"/api/v1/logs", "/api/v1/logs/01900000000070008000000000000000"}) {
    EXPECT_EQ(ask("GET", target).status, 401);
    EXPECT_EQ(ask("GET", target, "Authorization: Bearer clog_at_wrong\r\n").status, 401);
    EXPECT_EQ(ask("GET", target, "Cookie: logs_session=wrong\r\n").status, 401);
  }
}

TEST_F(LogsOverHttp, a_token_reads_what_was_stored) {
  const NewEntry entry = sample_entry(sample_uuid(1'760'000'000'000, 1), 1'760'000'000'000'000,
                                      {{"path", "/orders/7"}, {"status_code", 503}, {"project_slug", "shop"}});
  ASSERT_TRUE(store_->append({&entry, 1}).ok());
  const RawAnswer list = ask("GET", "/api/v1/logs?q=status%3A%3E%3D500+orders&project=shop", bearer());
  ASSERT_EQ(list.status, 200) << list.body;
  const auto page = nlohmann::json::parse(list.body);
  ASSERT_EQ(page["logs"].size(), 1u);
  const RawAnswer one = ask("GET", "/api/v1/logs/" + page["logs"][0]["uuid"].get<std::string>(), bearer());
  EXPECT_EQ(nlohmann::json::parse(one.body), page["logs"][0]);
  EXPECT_EQ(one.field("content-type"), "application/json");
}

TEST_F(LogsOverHttp, a_damaged_entry_is_counted_and_hides_no_other) {
  for (int i = 0; i < 3; ++i) {
    const NewEntry entry = sample_entry(sample_uuid(1'760'000'000'000 + i, 1), 1'760'000'000'000'000 + i, {});
    ASSERT_TRUE(store_->append({&entry, 1}).ok());
  }
  const auto file = SqliteConnection::open(folder_.file("store.db"));
  ASSERT_TRUE(file.value()->execute("UPDATE entry SET document = x'00' WHERE uid = 2").ok());
  for (const char* query : {"", "?q=-nowhere", "?q=status%3A%3E%3D0"}) {
    const RawAnswer list = ask("GET", "/api/v1/logs" + std::string(query), bearer());
    ASSERT_EQ(list.status, 200) << list.body;
    const auto page = nlohmann::json::parse(list.body);
    EXPECT_EQ(page["logs"].size(), 2u) << query;
    EXPECT_EQ(page["scanned"], 3) << query;
    EXPECT_EQ(page["damaged"], 1) << query;
  }
}

TEST_F(LogsOverHttp, a_session_made_from_the_token_reads_too_until_it_ends) {
  const RawAnswer signed_in = ask("POST", "/api/v1/session", bearer() + "Content-Length: 0\r\n");
  ASSERT_EQ(signed_in.status, 204);
  const std::string set_cookie = signed_in.field("set-cookie");
  const std::string cookie = "Cookie: " + set_cookie.substr(0, set_cookie.find(';')) + "\r\n";
  EXPECT_EQ(ask("GET", "/api/v1/logs", cookie).status, 200);
  EXPECT_EQ(ask("DELETE", "/api/v1/session", cookie).status, 204);
  EXPECT_EQ(ask("GET", "/api/v1/logs", cookie).status, 401);
}

TEST_F(LogsOverHttp, a_cookie_is_secure_exactly_when_a_proxy_that_is_believed_has_https_before_it) {
  const struct {
    const char *from, *fields;
    bool secure;
  } cases[] = {
      {"127.0.0.1", "", false},
      {"127.0.0.1", "X-Forwarded-Proto: https\r\n", true},
      {"127.0.0.1", "X-Forwarded-Proto: https, http\r\n", false},
      {"127.0.0.1", "Forwarded: for=192.0.2.1;proto=https\r\n", true},
      {"127.0.0.2", "X-Forwarded-Proto: https\r\n", false},
      {"127.0.0.2", "Forwarded: for=192.0.2.1;proto=https\r\n", false},
  };
  for (const auto& [from, fields, secure] : cases) {
    const RawAnswer in = ask("POST", "/api/v1/session", bearer() + fields + "Content-Length: 0\r\n", from);
    const std::string cookie = in.field("set-cookie");
    EXPECT_EQ(cookie.ends_with("; Secure"), secure) << from << ' ' << fields << ": " << cookie;
    const std::string session = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
    const std::string cleared = ask("DELETE", "/api/v1/session", session + fields, from).field("set-cookie");
    EXPECT_EQ(cleared,
              std::string("logs_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0") + (secure ? "; Secure" : ""));
  }
}

TEST_F(LogsOverHttp, a_session_reads_for_no_other_page_not_even_one_of_the_same_host) {
  const RawAnswer signed_in = ask("POST", "/api/v1/session", bearer() + "Content-Length: 0\r\n");
  const std::string set_cookie = signed_in.field("set-cookie");
  const std::string cookie = "Cookie: " + set_cookie.substr(0, set_cookie.find(';')) + "\r\n";
  for (const char* site : {"same-site", "cross-site", "anything"}) {
    EXPECT_EQ(ask("GET", "/api/v1/logs", cookie + "Sec-Fetch-Site: " + site + "\r\n").status, 401) << site;
  }
  for (const char* site : {"same-origin", "none"}) {
    EXPECT_EQ(ask("GET", "/api/v1/logs", cookie + "Sec-Fetch-Site: " + site + "\r\n").status, 200) << site;
  }
}

TEST_F(LogsOverHttp, a_wrong_query_is_refused_with_its_position) {
  const RawAnswer answer = ask("GET", "/api/v1/logs?q=a%20status:x", bearer());
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, R"({"error":"q: expected a whole number for status_code","position":9})");
}

TEST_F(LogsOverHttp, the_page_and_its_health_come_while_every_worker_searches) {
  std::promise<void> release;
  std::atomic<unsigned> searching = 0;
  Router router;
  add_console_routes(router);
  add_health_routes(router, *store_);
  Route search;
  search.method = "GET";
  search.pattern = "/search";
  router.add(std::move(search), [&, released = release.get_future().share()](const Request&) {
    ++searching;
    released.wait();
    return Response{};
  });
  HttpServerOptions options;
  options.worker_threads = 1;
  const auto server = std::move(HttpServer::start(options, std::move(router))).value();
  const std::string fields = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  RawClient reader(server->port());
  reader.send("GET /search" + fields);
  while (searching == 0) std::this_thread::yield();
  EXPECT_EQ(RawClient(server->port()).ask("GET /" + fields).status, 200);
  EXPECT_EQ(RawClient(server->port()).ask("GET /healthz" + fields).status, 200);
  EXPECT_EQ(RawClient(server->port()).ask("GET /readyz" + fields).status, 200);
  release.set_value();
  EXPECT_EQ(reader.read_answer().status, 200);
}

TEST_F(LogsOverHttp, the_page_is_open_and_under_a_policy) {
  const RawAnswer answer = ask("GET", "/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.field("content-security-policy"), HasSubstr("default-src 'self'"));
  EXPECT_EQ(answer.field("x-content-type-options"), "nosniff");
}

}  // namespace
}  // namespace logs_server
