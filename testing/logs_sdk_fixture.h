// LogSDKTest: the whole library against a platform on loopback, for tests of what an application sees.
#ifndef LOGS_SDK_TESTING_LOGS_SDK_FIXTURE_H_
#define LOGS_SDK_TESTING_LOGS_SDK_FIXTURE_H_

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "logs_sdk/logs_sdk.h"
#include "testing/platform_sink.h"
#include "testing/temporary_folder.h"

namespace logs_sdk::inline v1 {

class LogSDKTest : public ::testing::Test {
 protected:
  Config config() {
    Config config;
    config.endpoint = sink.url();
    config.api_key = "clog_pk_test";
    config.api_secret = "clog_sk_test";
    config.project_slug = "test";
    config.service_name = "orders";
    config.offline_dir = folder.file("spool");
    config.flush_interval = std::chrono::milliseconds(50);
    config.capture_bodies = true;
    config.on_message = [this](MessageLevel, std::string_view text) {
      const std::lock_guard lock(mutex);
      said_.emplace_back(text);
    };
    return config;
  }

  std::vector<std::string> said() {
    const std::lock_guard lock(mutex);
    return said_;
  }

  TemporaryFolder folder;
  PlatformSink sink;

 private:
  std::mutex mutex;
  std::vector<std::string> said_;  // guarded by mutex
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_LOGS_SDK_FIXTURE_H_
