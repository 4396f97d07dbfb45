#include "server/api/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>
#include <sstream>

#include "server/api/ingest_guard.h"
#include "server/api/key_limits.h"
#include "server/api/reader_guard.h"
#include "server/api/secrets.h"
#include "server/api/session_handler.h"
#include "server/store/sqlite_connection.h"
#include "testing/manual_clock.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using logs_sdk::Code;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class RegistryTest : public testing::Test {
 protected:
  RegistryTest() { reopen(); }

  void reopen() {
    registry_.reset();
    auto opened = Registry::open(folder_.path(), clock_);
    EXPECT_TRUE(opened.ok()) << opened.status().message();
    registry_ = std::move(opened).value();
  }
  FirstStart begin() { return registry_->begin().value().value(); }
  // What the guard answers to a request with these headers; 0 when it lets it through.
  static int status(const Guard& guard, Headers headers, std::string* principal = nullptr) {
    Request request;
    request.headers = std::move(headers);
    const auto refusal = guard(request);
    if (principal != nullptr) *principal = request.principal;
    return refusal ? refusal->status : 0;
  }

  logs_sdk::TemporaryFolder folder_;
  logs_sdk::ManualClock clock_;
  KeyLimits limits_{clock_};
  std::unique_ptr<Registry> registry_;
};

TEST_F(RegistryTest, the_first_start_makes_a_project_a_key_and_a_token_once) {
  const FirstStart first = begin();
  EXPECT_THAT(first.keys.public_key, StartsWith("clog_pk_"));
  EXPECT_THAT(first.keys.secret_key, StartsWith("clog_sk_"));
  EXPECT_FALSE(registry_->begin().value());
  reopen();
  EXPECT_FALSE(registry_->begin().value());
  EXPECT_EQ(registry_->find_key(first.keys.public_key).value()->project_slug, kDefaultProject);
  EXPECT_TRUE(registry_->is_token(first.token).value());
}

TEST_F(RegistryTest, the_file_holds_no_secret_and_is_for_its_owner_only) {
  const FirstStart first = begin();
  const std::string session = registry_->add_session("reader:a").value();
  registry_.reset();  // the log becomes part of the file
  const std::string path = folder_.path() + "/meta.db";
  struct stat found {};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  for (const std::string& secret : {first.keys.public_key, first.keys.secret_key, first.token, session}) {
    EXPECT_THAT(bytes.str(), Not(HasSubstr(secret.substr(secret.size() - 32))));
  }
}

TEST_F(RegistryTest, keys_belong_to_their_project_until_they_are_removed) {
  ASSERT_TRUE(registry_->add_project("shop", true).ok());
  const KeyPair keys = registry_->add_key("shop").value();
  EXPECT_EQ(registry_->find_key(keys.public_key).value()->project_slug, "shop");
  EXPECT_TRUE(registry_->find_key(keys.public_key).value()->allow_public_key);
  EXPECT_EQ(registry_->add_key("bank").status().code(), Code::kInput);
  EXPECT_TRUE(registry_->remove_key(keys.public_key).ok());
  EXPECT_FALSE(registry_->find_key(keys.public_key).value());
  EXPECT_EQ(registry_->remove_key(keys.public_key).code(), Code::kInput);
}

TEST_F(RegistryTest, a_project_is_named_once_and_by_a_slug) {
  EXPECT_TRUE(registry_->add_project("a.b-c_1", false).ok());
  EXPECT_EQ(registry_->add_project("a.b-c_1", false).code(), Code::kInput);
  for (const std::string& slug :
       {std::string(), std::string("-a"), std::string("A"), std::string("a b"), std::string(65, 'a')}) {
    EXPECT_EQ(registry_->add_project(slug, false).code(), Code::kInput) << slug;
  }
  EXPECT_TRUE(registry_->add_project(std::string(64, 'a'), false).ok());
  EXPECT_EQ(registry_->projects().value().size(), 2U);
}

TEST_F(RegistryTest, two_processes_see_what_the_other_changed) {
  begin();
  const auto other = Registry::open(folder_.path(), clock_);
  const KeyPair keys = other.value()->add_key(kDefaultProject).value();
  EXPECT_TRUE(registry_->find_key(keys.public_key).value());
}

TEST_F(RegistryTest, a_reset_ends_tokens_and_sessions) {
  const FirstStart first = begin();
  const std::string session = registry_->add_session("reader:a").value();
  ASSERT_TRUE(registry_->remove_tokens().ok());
  EXPECT_FALSE(registry_->is_token(first.token).value());
  EXPECT_FALSE(registry_->find_session(session).value());
}

TEST_F(RegistryTest, a_session_ends_after_its_lifetime_or_when_it_is_removed) {
  const std::string session = registry_->add_session("reader:a").value();
  const std::string other = registry_->add_session("reader:a").value();
  EXPECT_TRUE(registry_->remove_session(other).ok());
  EXPECT_FALSE(registry_->find_session(other).value());
  clock_.advance(kSessionLifetime - std::chrono::seconds(1));
  EXPECT_TRUE(registry_->find_session(session).value());
  clock_.advance(std::chrono::seconds(1));
  EXPECT_FALSE(registry_->find_session(session).value());
}

TEST_F(RegistryTest, the_oldest_session_of_a_reader_makes_room_and_no_other_readers) {
  const std::string of_another = registry_->add_session("reader:b").value();
  std::vector<std::string> sessions;
  for (int i = 0; i < kMaxSessions; ++i) {
    sessions.push_back(registry_->add_session("reader:a").value());
    clock_.advance(std::chrono::seconds(1));
  }
  EXPECT_TRUE(registry_->find_session(sessions[0]).value());
  sessions.push_back(registry_->add_session("reader:a").value());
  EXPECT_FALSE(registry_->find_session(sessions[0]).value());
  for (std::size_t i = 1; i < sessions.size(); ++i) EXPECT_TRUE(registry_->find_session(sessions[i]).value()) << i;
  EXPECT_TRUE(registry_->find_session(of_another).value());
}

TEST_F(RegistryTest, the_sessions_of_a_registry_of_version_2_last_and_are_those_of_one_reader) {
  const std::string session = registry_->add_session("reader:a").value();
  const std::string other = registry_->add_session("reader:b").value();
  registry_.reset();
  {
    // As version 2 wrote it: a table without the column.
    const auto database = SqliteConnection::open(folder_.path() + "/meta.db").value();
    ASSERT_TRUE(database->execute("ALTER TABLE session DROP COLUMN reader; PRAGMA user_version = 2").ok());
  }
  reopen();
  const std::optional<std::string> reader = registry_->find_session(session).value();
  ASSERT_TRUE(reader);
  EXPECT_EQ(registry_->find_session(other).value(), reader);
  EXPECT_EQ(registry_->find_session(registry_->add_session("reader:a").value()).value(), "reader:a");
}

TEST_F(RegistryTest, a_folder_that_is_not_there_is_a_sentence) {
  const auto opened = Registry::open(folder_.path() + "/missing", clock_);
  EXPECT_EQ(opened.status().code(), Code::kConfiguration);
  EXPECT_THAT(opened.status().message(), HasSubstr("missing/meta.db"));
}

TEST_F(RegistryTest, the_ingest_guard_wants_the_key_and_its_own_secret) {
  const FirstStart first = begin();
  const KeyPair other = registry_->add_key(kDefaultProject).value();
  const std::string& key = first.keys.public_key;
  for (const auto missing : {MissingSecret::kAccepted, MissingSecret::kRefusedUnlessProjectAllows}) {
    const Guard guard = ingest_guard(*registry_, limits_, missing);
    std::string principal;
    EXPECT_EQ(status(guard, {{"x-api-key", key}, {"x-api-secret", first.keys.secret_key}}, &principal), 0);
    EXPECT_EQ(principal, kDefaultProject);
    EXPECT_EQ(status(guard, {{"x-api-key", key}, {"x-api-secret", other.secret_key}}, &principal), 401);
    EXPECT_EQ(principal, "");
    EXPECT_EQ(status(guard, {{"x-api-key", key}, {"x-api-secret", ""}}), 401);
    EXPECT_EQ(status(guard, {{"x-api-key", "clog_pk_0"}, {"x-api-secret", first.keys.secret_key}}), 401);
    EXPECT_EQ(status(guard, {{"x-api-secret", first.keys.secret_key}}), 401);
    EXPECT_EQ(status(guard, {{"x-api-key", first.token}, {"x-api-secret", first.token}}), 401);
    EXPECT_EQ(status(guard, {{"authorization", "Bearer " + first.token}}), 401);
    EXPECT_EQ(status(guard, {{"x-api-key", key}}), missing == MissingSecret::kAccepted ? 0 : 401);
  }
}

TEST_F(RegistryTest, a_project_may_do_without_the_secret_but_not_with_a_wrong_one) {
  ASSERT_TRUE(registry_->add_project("old", true).ok());
  const std::string key = registry_->add_key("old").value().public_key;
  const Guard guard = ingest_guard(*registry_, limits_, MissingSecret::kRefusedUnlessProjectAllows);
  EXPECT_EQ(status(guard, {{"x-api-key", key}}), 0);
  EXPECT_EQ(status(guard, {{"x-api-key", key}, {"x-api-secret", "wrong"}}), 401);
}

TEST_F(RegistryTest, the_reader_guard_wants_a_token_or_a_session) {
  const FirstStart first = begin();
  const std::string session = registry_->add_session("reader:a").value();
  const Guard reader = reader_guard(*registry_);
  const Guard token_only = token_guard(*registry_);
  EXPECT_EQ(status(reader, {{"authorization", "Bearer " + first.token}}), 0);
  EXPECT_EQ(status(token_only, {{"authorization", "bEARER " + first.token}}), 0);
  EXPECT_EQ(status(reader, {{"cookie", "a=b; logs_session=" + session}}), 0);
  EXPECT_EQ(status(token_only, {{"cookie", "logs_session=" + session}}), 401);
  EXPECT_EQ(status(reader, {}), 401);
  EXPECT_EQ(status(reader, {{"authorization", "Bearer " + first.keys.secret_key}}), 401);
  EXPECT_EQ(status(reader, {{"authorization", "Bearer " + session}}), 401);
  EXPECT_EQ(status(reader, {{"authorization", "Basic " + first.token}}), 401);
  EXPECT_EQ(status(reader, {{"authorization", "Bearer "}}), 401);
  EXPECT_EQ(status(reader, {{"cookie", "logs_session=" + first.token}}), 401);
  EXPECT_EQ(status(reader, {{"cookie", "xlogs_session=" + session}}), 401);
}

TEST_F(RegistryTest, readers_are_told_apart_by_an_id_that_says_nothing_of_their_secret) {
  const std::string token = begin().token, other = registry_->add_token().value();
  const Guard reader = reader_guard(*registry_);
  std::set<std::string> principals;
  for (const std::string& secret : {token, other}) {
    const Headers headers = {{"authorization", "Bearer " + secret}};
    std::string principal, again;
    EXPECT_EQ(status(reader, headers, &principal), 0);
    EXPECT_EQ(status(token_guard(*registry_), headers, &again), 0);
    EXPECT_EQ(principal, again);
    EXPECT_THAT(principal, MatchesRegex("reader:[0-9a-f]{16}"));
    EXPECT_THAT(secret, Not(HasSubstr(principal.substr(sizeof("reader:") - 1))));
    EXPECT_EQ(status(reader, {{"authorization", "Bearer " + principal}}), 401);
    principals.insert(principal);
  }
  EXPECT_EQ(principals.size(), 2u);
  std::string nobody;
  EXPECT_EQ(status(reader, {{"authorization", "Bearer wrong"}}, &nobody), 401);
  EXPECT_EQ(nobody, "");
}

TEST_F(RegistryTest, servers_on_two_ports_of_one_host_have_cookies_of_their_own) {
  const auto name_at = [](const std::string& host) {
    Request request;
    request.headers = {{"host", host}};
    return session_cookie(request);
  };
  EXPECT_EQ(name_at("localhost:8600"), "logs_session_8600");
  EXPECT_EQ(name_at("[::1]:8601"), "logs_session_8601");
  for (const char* host : {"localhost", "127.0.0.1", "[::1]", "localhost:", "localhost:x;y", "8600", ""}) {
    EXPECT_EQ(name_at(host), "logs_session") << host;
  }
  begin();
  const std::string session = registry_->add_session("reader:a").value();
  const Guard reader = reader_guard(*registry_);
  EXPECT_EQ(status(reader, {{"host", "localhost:8600"}, {"cookie", "logs_session_8600=" + session}}), 0);
  EXPECT_EQ(status(reader, {{"host", "localhost:8601"}, {"cookie", "logs_session_8600=" + session}}), 401);
}

TEST_F(RegistryTest, a_token_becomes_a_cookie_of_the_same_reader_and_the_cookie_can_be_given_back) {
  Router router;
  add_session_routes(router, *registry_);
  const Route& log_in = *router.match("POST", "/api/v1/session").route;
  Request with_token;
  with_token.headers = {{"authorization", "Bearer " + begin().token}};
  ASSERT_FALSE(log_in.guard(with_token));
  const Response in = log_in.handler(with_token);
  ASSERT_EQ(in.status, 204);
  const std::string cookie = in.headers.at(0).second;
  EXPECT_THAT(cookie, HasSubstr("; HttpOnly; SameSite=Strict"));
  Request request;
  request.headers = {{"cookie", cookie.substr(0, cookie.find(';'))}};
  const Guard reader = reader_guard(*registry_);
  EXPECT_FALSE(reader(request));
  EXPECT_EQ(request.principal, with_token.principal);
  EXPECT_EQ(router.match("DELETE", "/api/v1/session").route->handler(request).status, 204);
  EXPECT_TRUE(reader(request));
}

}  // namespace
}  // namespace logs_server
