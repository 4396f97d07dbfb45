// The tail over real HTTP, with the guard that stands before it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "server/api/reader_guard.h"
#include "server/api/registry.h"
#include "server/api/session_handler.h"
#include "server/api/tail_feed.h"
#include "server/api/tail_handler.h"
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

class TailOverHttp : public ::testing::Test {
 protected:
  TailOverHttp() {
    Router router;
    add_session_routes(router, *registry_);
    add_tail_route(router, feed_, reader_guard(*registry_));
    server_ = std::move(HttpServer::start({}, std::move(router))).value();
  }
  RawAnswer ask(const std::string& method, const std::string& target, const std::string& fields) {
    return RawClient(server_->port()).ask(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
  }
  // A tail whose answer has begun.
  std::unique_ptr<RawClient> open(const std::string& fields) {
    auto client = std::make_unique<RawClient>(server_->port());
    client->send("GET /api/v1/logs/tail HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    EXPECT_EQ(client->read_answer().status, 200);
    return client;
  }
  // What comes, up to a piece that holds `text`.
  static std::string read_until(RawClient& client, std::string_view text) {
    std::string read;
    while (read.find(text) == std::string::npos) {
      const std::string chunk = client.read_chunk();
      if (chunk.empty()) break;
      read += chunk;
    }
    return read;
  }

  logs_sdk::TemporaryFolder folder_;
  std::unique_ptr<SqliteStore> store_ = std::move(SqliteStore::open(folder_.path())).value();
  std::unique_ptr<Registry> registry_ = std::move(Registry::open(folder_.path(), logs_sdk::system_clock())).value();
  const std::string token_ = "Authorization: Bearer " + registry_->begin().value()->token + "\r\n";
  TailFeed feed_{*store_, logs_sdk::system_clock(), {.heartbeat = std::chrono::milliseconds(5)}};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(TailOverHttp, an_entry_comes_as_soon_as_it_is_committed) {
  const auto client = open(token_);
  const NewEntry entry =
      sample_entry(sample_uuid(1'760'000'000'000, 1), 1'760'000'000'000'000, {{"path", "line\nbreak"}});
  ASSERT_TRUE(store_->append({&entry, 1}).ok());
  feed_.notify();
  const std::string read = read_until(*client, "event: entry");
  EXPECT_THAT(read, HasSubstr("id: 1\nevent: entry\ndata: {\"uuid\":"));
  EXPECT_THAT(read, HasSubstr("line\\nbreak"));
}

TEST_F(TailOverHttp, signing_out_ends_the_tails_of_the_session_and_no_other) {
  const RawAnswer signed_in = ask("POST", "/api/v1/session", token_ + "Content-Length: 0\r\n");
  const std::string set_cookie = signed_in.field("set-cookie");
  const std::string cookie = "Cookie: " + set_cookie.substr(0, set_cookie.find(';')) + "\r\n";
  const auto of_session = open(cookie);
  const auto of_token = open(token_);
  EXPECT_EQ(ask("DELETE", "/api/v1/session", cookie).status, 204);
  EXPECT_THAT(read_until(*of_session, "event: end"), HasSubstr("data: {\"reason\":\"unauthorized\"}"));
  EXPECT_EQ(of_session->read_chunk(), "");
  read_until(*of_token, "still here");
  EXPECT_THAT(read_until(*of_token, "still here"), HasSubstr("still here"));
}

TEST_F(TailOverHttp, a_reset_of_the_tokens_ends_every_tail) {
  const auto client = open(token_);
  ASSERT_TRUE(registry_->remove_tokens().ok());
  EXPECT_THAT(read_until(*client, "event: end"), HasSubstr("unauthorized"));
}

TEST_F(TailOverHttp, the_answer_to_head_has_no_body_and_the_connection_goes_on) {
  RawClient client(server_->port());
  client.send("HEAD /api/v1/logs/tail HTTP/1.1\r\nHost: localhost\r\n" + token_ +
              "\r\nGET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const std::string read = client.read_to_end();
  EXPECT_THAT(read, HasSubstr("\r\n\r\nHTTP/1.1 404 "));
  EXPECT_THAT(read, ::testing::Not(HasSubstr("retry: ")));
  while (feed_.counts().open > 0) std::this_thread::yield();
}

TEST_F(TailOverHttp, a_reader_that_goes_makes_room) {
  open(token_).reset();
  while (feed_.counts().open > 0) std::this_thread::yield();
}

}  // namespace
}  // namespace logs_server
