// Who may use what: every route of the real router, asked over a socket by everybody who may not.
#include "server/command/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "server/http/http_server.h"
#include "server/ingest/commit_queue.h"
#include "server/store/sqlite_store.h"
#include "src/base/clock.h"
#include "testing/raw_client.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using logs_sdk::RawAnswer;
using logs_sdk::RawClient;
using ::testing::HasSubstr;
using ::testing::Not;

enum class For {
  kEverybody,  // tells nothing of what is stored
  kIngestKey,
  kReader,      // token or session
  kTokenAlone,  // what a session cannot renew by itself
};

// Who each route is for. A route that is not here has nobody's consent: the first test fails until it is, and the
// others then ask it as everybody whom it is not for.
const std::map<std::string, For>& table() {
  static const std::map<std::string, For> routes = {
      {"GET /", For::kEverybody},
      {"GET /healthz", For::kEverybody},
      {"GET /readyz", For::kEverybody},
      {"POST /api/v1/session", For::kTokenAlone},
      {"DELETE /api/v1/session", For::kReader},
      {"GET /api/v1/logs", For::kReader},
      {"GET /api/v1/logs/{uuid}", For::kReader},
      {"GET /api/v1/logs/tail", For::kReader},
      {"GET /api/v1/clients", For::kReader},
      {"GET /api/v1/metrics", For::kReader},
      {"POST /api/v1/ingest/logs", For::kIngestKey},
      {"POST /api/v1/ingest/infra-logs", For::kIngestKey},
  };
  return routes;
}

std::string name_of(const Route& route) { return route.method + " " + route.pattern; }

// The console's files, which are the same for all.
bool is_console_file(const Route& route) {
  return route.method == "GET" && route.pattern.find('/', 1) == std::string::npos &&
         route.pattern.find('.') != std::string::npos;
}

For whom(const Route& route) {
  if (is_console_file(route)) return For::kEverybody;
  const auto found = table().find(name_of(route));
  return found == table().end() ? For::kReader : found->second;
}

class Routes : public ::testing::Test {
 protected:
  RawAnswer ask(const Route& route, const std::string& fields, const std::string& host = "localhost") {
    return ask(route.method, target_of(route), fields, host);
  }
  RawAnswer ask(const std::string& method, const std::string& target, const std::string& fields,
                const std::string& host = "localhost") {
    const std::string length = method == "POST" ? "Content-Length: 0\r\n" : "";
    return RawClient(server_->port())
        .ask(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + length + "\r\n");
  }
  static std::string target_of(const Route& route) {
    const std::size_t placeholder = route.pattern.find('{');
    return route.pattern.substr(0, placeholder) +
           (placeholder == std::string::npos ? "" : "01900000000070008000000000000000");
  }
  std::string session_cookie() {
    const std::string set_cookie = ask("POST", "/api/v1/session", token_).field("set-cookie");
    return "Cookie: " + set_cookie.substr(0, set_cookie.find(';')) + "\r\n";
  }
  // What a caller may show, by name; none of it gives a right that it does not name.
  std::map<std::string, std::string> credentials() {
    return {{"nothing", ""},
            {"a wrong token", "Authorization: Bearer clog_at_00\r\n"},
            {"a wrong cookie", "Cookie: logs_session=00\r\n"},
            {"an ingest key", keys_},
            {"the secret as a token", "Authorization: Bearer " + first_.keys.secret_key + "\r\n"},
            {"the public key as a token", "Authorization: Bearer " + first_.keys.public_key + "\r\n"},
            {"the secret as a cookie", "Cookie: logs_session=" + first_.keys.secret_key + "\r\n"}};
  }

  logs_sdk::TemporaryFolder folder_;
  std::unique_ptr<SqliteStore> store_ = std::move(SqliteStore::open(folder_.path())).value();
  std::unique_ptr<Registry> registry_ = std::move(Registry::open(folder_.path(), logs_sdk::system_clock())).value();
  const FirstStart first_ = registry_->begin().value().value();
  const std::string token_ = "Authorization: Bearer " + first_.token + "\r\n";
  const std::string keys_ =
      "X-API-Key: " + first_.keys.public_key + "\r\nX-API-Secret: " + first_.keys.secret_key + "\r\n";
  Metrics metrics_;
  TailFeed tails_{*store_, logs_sdk::system_clock()};
  KeyLimits key_limits_{logs_sdk::system_clock()};
  CommitQueue queue_{*store_};
  IngestHandler ingest_{queue_, logs_sdk::system_clock()};
  const Router router_ = make_router({*registry_, *store_, ingest_, tails_, key_limits_, metrics_}, {});
  std::unique_ptr<HttpServer> server_ = std::move(HttpServer::start({}, router_)).value();
};

TEST_F(Routes, each_is_in_the_table_that_says_whom_it_is_for) {
  std::map<std::string, For> left = table();
  for (const Route* route : router_.routes()) {
    if (is_console_file(*route)) continue;
    EXPECT_EQ(table().count(name_of(*route)), 1u) << name_of(*route) << ": say in the table whom it is for";
    left.erase(name_of(*route));
  }
  EXPECT_TRUE(left.empty()) << left.begin()->first << " is in the table alone";
}

TEST_F(Routes, none_lets_anybody_in_but_whom_it_is_for) {
  for (const Route* route : router_.routes()) {
    if (whom(*route) == For::kEverybody) continue;
    for (const auto& [who, fields] : credentials()) {
      if (whom(*route) == For::kIngestKey && who == "an ingest key") continue;
      EXPECT_EQ(ask(*route, fields).status, 401) << name_of(*route) << " with " << who;
    }
    if (whom(*route) != For::kIngestKey) continue;
    EXPECT_EQ(ask(*route, token_).status, 401) << name_of(*route) << " with the token";
    EXPECT_EQ(ask(*route, session_cookie()).status, 401) << name_of(*route) << " with a session";
  }
}

TEST_F(Routes, a_reader_reads_by_token_and_by_session_and_a_session_makes_no_session) {
  for (const Route* route : router_.routes()) {
    if (whom(*route) == For::kReader) {
      EXPECT_NE(ask(*route, token_).status, 401) << name_of(*route);
      EXPECT_NE(ask(*route, session_cookie()).status, 401) << name_of(*route);
    }
    if (whom(*route) == For::kTokenAlone) {
      EXPECT_EQ(ask(*route, session_cookie()).status, 401) << name_of(*route);
    }
  }
}

TEST_F(Routes, another_origin_learns_nothing_and_its_preflight_gets_no_consent) {
  const std::string origin = "Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n";
  const std::string preflight =
      origin + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n";
  const std::string cookie = session_cookie();
  for (const Route* route : router_.routes()) {
    const RawAnswer asked = ask("OPTIONS", target_of(*route), preflight);
    EXPECT_EQ(asked.status, 405) << name_of(*route);
    EXPECT_THAT(asked.head, Not(HasSubstr("Access-Control-"))) << name_of(*route);
    const RawAnswer answer = ask(*route, origin + cookie);
    EXPECT_THAT(answer.head, Not(HasSubstr("Access-Control-"))) << name_of(*route);
    EXPECT_EQ(answer.field("Cross-Origin-Resource-Policy"), "same-origin") << name_of(*route);
    if (whom(*route) == For::kReader) {
      EXPECT_EQ(answer.status, 401) << name_of(*route);
    }
  }
}

TEST_F(Routes, a_foreign_host_is_misdirected_whatever_it_shows) {
  for (const Route* route : router_.routes()) {
    for (const std::string& fields : {std::string(), token_, keys_}) {
      EXPECT_EQ(ask(*route, fields, "evil.example").status, 421) << name_of(*route);
      EXPECT_EQ(ask(*route, fields, "localhost.evil.example").status, 421) << name_of(*route);
    }
  }
}

TEST_F(Routes, no_answer_to_a_stranger_names_what_is_stored) {
  ASSERT_TRUE(registry_->add_project("secret-project", false).ok());
  for (const Route* route : router_.routes()) {
    const RawAnswer answer = ask(*route, "");
    EXPECT_THAT(answer.body, Not(HasSubstr("secret-project"))) << name_of(*route);
    EXPECT_THAT(answer.body, Not(HasSubstr("clog_pk_0"))) << name_of(*route);
    EXPECT_THAT(answer.body, Not(HasSubstr(folder_.path()))) << name_of(*route);
  }
}

TEST_F(Routes, what_parsing_takes_of_a_thread_is_charged_to_the_key) {
  std::atomic<int> asked = 0;  // each post that is parsed takes an hour
  KeyLimits limits(logs_sdk::system_clock(), {}, [&] { return std::chrono::hours(++asked); });
  const auto server =
      std::move(HttpServer::start({}, make_router({*registry_, *store_, ingest_, tails_, limits, metrics_}, {})))
          .value();
  for (const std::string target : {"/api/v1/ingest/logs", "/api/v1/ingest/infra-logs"}) {
    const KeyPair keys = registry_->add_key(kDefaultProject).value();
    const std::string post = "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + keys.public_key +
                             "\r\nX-API-Secret: " + keys.secret_key + "\r\nContent-Length: 11\r\n\r\n{\"logs\":[]}";
    EXPECT_EQ(RawClient(server->port()).ask(post).status, 200) << target;
    EXPECT_EQ(RawClient(server->port()).ask(post).status, 429) << target;
  }
}

TEST_F(Routes, metrics_are_open_to_this_machine_only_if_the_operator_says_so) {
  EXPECT_EQ(ask("GET", "/api/v1/metrics", "").status, 401);
  const auto open =
      std::move(HttpServer::start({}, make_router({*registry_, *store_, ingest_, tails_, key_limits_, metrics_},
                                                  {.open_metrics = true})))
          .value();
  const RawAnswer answer = RawClient(open->port()).ask("GET /api/v1/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace
}  // namespace logs_server
