// Posts over real HTTP, with the guard that stands before them: what one key does takes nothing from another.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "server/api/ingest_guard.h"
#include "server/api/key_limits.h"
#include "server/api/registry.h"
#include "server/http/http_server.h"
#include "src/base/clock.h"
#include "testing/comes_true.h"
#include "testing/raw_client.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using logs_sdk::RawAnswer;
using logs_sdk::RawClient;
using ::testing::HasSubstr;

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

class IngestOverHttp : public ::testing::Test {
 protected:
  void start() {
    Route route;
    route.method = "POST";
    route.pattern = "/ingest";
    route.guard = ingest_guard(*registry_, limits_, MissingSecret::kAccepted);
    route.max_body_bytes = max_body_bytes_;
    Router router;
    router.add_async(std::move(route), [](Request& request, const Responder& responder) {
      Response response;
      response.body = std::to_string(request.body.size());
      responder.send(std::move(response));
    });
    server_ = std::move(HttpServer::start(options_, std::move(router))).value();
  }
  std::string new_key(const std::string& project) { return registry_->add_key(project).value().public_key; }
  // A post that announces so much and brings only so much of it.
  std::unique_ptr<RawClient> begin_post(const std::string& key, std::size_t announced, std::size_t brought) {
    auto client = std::make_unique<RawClient>(server_->port());
    client->send("POST /ingest HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + key +
                 "\r\nContent-Length: " + std::to_string(announced) + "\r\n\r\n" + std::string(brought, ' '));
    return client;
  }
  RawAnswer post(const std::string& key, std::size_t size = 100) { return begin_post(key, size, size)->read_answer(); }

  logs_sdk::TemporaryFolder folder_;
  std::unique_ptr<Registry> registry_ = std::move(Registry::open(folder_.path(), logs_sdk::system_clock())).value();
  const std::string greedy_ = registry_->begin().value()->keys.public_key;
  KeyLimits limits_{logs_sdk::system_clock(), {.requests_per_s = 0, .bytes_per_s = 0}};
  HttpServerOptions options_;
  std::size_t max_body_bytes_ = 8 * kMegabyte;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(IngestOverHttp, what_a_key_announces_takes_no_memory_from_anybody) {
  ASSERT_TRUE(registry_->add_project("other", false).ok());
  start();
  std::vector<std::unique_ptr<RawClient>> announcing;
  for (int i = 0; i < 40; ++i) announcing.push_back(begin_post(greedy_, 8 * kMegabyte, 2000));
  // All of them have come that far.
  ASSERT_TRUE(logs_sdk::comes_true([&] { return server_->load().body_memory_bytes >= 40 * 2000; }));
  EXPECT_LT(server_->load().body_memory_bytes, kMegabyte);
  EXPECT_EQ(post(new_key("other")).status, 200);
  EXPECT_EQ(post(new_key(std::string(kDefaultProject))).status, 200);
  EXPECT_EQ(post(greedy_).status, 200);
}

TEST_F(IngestOverHttp, what_a_key_really_sends_takes_a_quarter_of_the_memory_at_most) {
  ASSERT_TRUE(registry_->add_project("other", false).ok());
  options_.max_body_memory_bytes = kMegabyte;
  max_body_bytes_ = kMegabyte / 16;
  start();
  std::vector<std::unique_ptr<RawClient>> greedy;
  for (int i = 0; i < 4; ++i) greedy.push_back(begin_post(greedy_, kMegabyte / 16, kMegabyte / 16 - 1));
  ASSERT_TRUE(logs_sdk::comes_true([&] { return server_->load().body_memory_bytes >= kMegabyte / 4; }));
  const RawAnswer refused = post(greedy_);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.field("retry-after"), "1");
  EXPECT_THAT(refused.body, HasSubstr("this key"));
  // Another key of the project has as much again, a third has nothing left of the project's half.
  const std::string second = new_key(std::string(kDefaultProject));
  for (int i = 0; i < 4; ++i) greedy.push_back(begin_post(second, kMegabyte / 16, kMegabyte / 16 - 1));
  ASSERT_TRUE(logs_sdk::comes_true([&] { return server_->load().body_memory_bytes >= kMegabyte / 2; }));
  const RawAnswer third = post(new_key(std::string(kDefaultProject)));
  EXPECT_EQ(third.status, 429);
  EXPECT_THAT(third.body, HasSubstr("this project"));
  EXPECT_EQ(post(new_key("other"), kMegabyte / 16).status, 200);
  // What is over is given back.
  greedy.clear();
  ASSERT_TRUE(logs_sdk::comes_true([&] { return server_->load().body_memory_bytes == 0; }));
  EXPECT_EQ(post(greedy_, kMegabyte / 16).status, 200);
}

TEST_F(IngestOverHttp, the_requests_of_a_key_take_a_quarter_of_the_places_at_most) {
  ASSERT_TRUE(registry_->add_project("other", false).ok());
  options_.max_connections = 16;
  start();
  std::vector<std::unique_ptr<RawClient>> greedy;
  for (int i = 0; i < 4; ++i) greedy.push_back(begin_post(greedy_, 2000, 1000));
  ASSERT_TRUE(logs_sdk::comes_true([&] { return server_->load().body_memory_bytes >= 4 * 4096; }));
  const RawAnswer refused = post(greedy_);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.field("retry-after"), "1");
  EXPECT_THAT(refused.body, HasSubstr("this key may have at most 4 requests"));
  EXPECT_EQ(post(new_key(std::string(kDefaultProject))).status, 200);
  EXPECT_EQ(post(new_key("other")).status, 200);
  for (const auto& each : greedy) EXPECT_TRUE(each->send(std::string(1000, ' ')));
  for (const auto& each : greedy) EXPECT_EQ(each->read_answer().body, "2000");
  EXPECT_EQ(post(greedy_).status, 200);
}

}  // namespace
}  // namespace logs_server
