// Whether a project's entries are masked: on until an operator says otherwise, known to the guard, and there in the
// registries of the version before.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "server/api/ingest_guard.h"
#include "server/api/key_limits.h"
#include "server/api/registry.h"
#include "testing/manual_clock.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

class RegistryMaskingTest : public testing::Test {
 protected:
  std::unique_ptr<Registry> open() {
    auto opened = Registry::open(folder_.path(), clock_);
    EXPECT_TRUE(opened.ok()) << opened.status().message();
    return std::move(opened).value();
  }
  // Whether the guard lets a request through, and asks for its entries to be kept as they come.
  bool keeps_unmasked(Registry& registry, const KeyPair& keys) {
    Request request;
    request.headers = {{"x-api-key", keys.public_key}, {"x-api-secret", keys.secret_key}};
    EXPECT_FALSE(ingest_guard(registry, limits_, MissingSecret::kAccepted)(request));
    return request.keep_unmasked;
  }

  logs_sdk::TemporaryFolder folder_;
  logs_sdk::ManualClock clock_;
  KeyLimits limits_{clock_};
};

TEST_F(RegistryMaskingTest, a_project_is_masked_until_it_is_set_and_set_back) {
  const auto registry = open();
  ASSERT_TRUE(registry->add_project("shop", false).ok());
  const KeyPair keys = registry->add_key("shop").value();
  EXPECT_FALSE(keeps_unmasked(*registry, keys));
  ASSERT_TRUE(registry->set_masking("shop", false).ok());
  EXPECT_FALSE(registry->projects().value().front().mask);
  EXPECT_TRUE(keeps_unmasked(*registry, keys));
  ASSERT_TRUE(registry->set_masking("shop", true).ok());
  EXPECT_FALSE(keeps_unmasked(*registry, keys));
  EXPECT_EQ(registry->set_masking("bank", false).code(), logs_sdk::Code::kInput);
}

TEST_F(RegistryMaskingTest, a_registry_of_version_1_is_brought_up_to_date_and_its_projects_are_masked) {
  const KeyPair keys = [&] {
    const auto registry = open();
    EXPECT_TRUE(registry->add_project("shop", true).ok());
    return registry->add_key("shop").value();
  }();
  {
    // As version 1 wrote it: tables without the columns.
    const auto database = SqliteConnection::open(folder_.path() + "/meta.db").value();
    ASSERT_TRUE(database
                    ->execute("ALTER TABLE project DROP COLUMN mask; ALTER TABLE session DROP COLUMN reader; "
                              "PRAGMA user_version = 1")
                    .ok());
  }
  const auto registry = open();
  const IngestKey key = registry->find_key(keys.public_key).value().value();
  EXPECT_TRUE(key.mask);
  EXPECT_TRUE(key.allow_public_key);
  EXPECT_TRUE(registry->set_masking("shop", false).ok());
  EXPECT_TRUE(keeps_unmasked(*open(), keys));
}

}  // namespace
}  // namespace logs_server
