// SpoolFixture: a spool with a shipper that drains it, as in a service, but with maintenance done when the benchmark
// says so.
#ifndef LOGS_SDK_BENCH_SPOOL_FIXTURE_H_
#define LOGS_SDK_BENCH_SPOOL_FIXTURE_H_

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "src/base/clock.h"
#include "src/base/random.h"
#include "src/shipper/curl_transport.h"
#include "src/shipper/shipper.h"
#include "src/spool/spool.h"

namespace bench {

class SpoolFixture {
 public:
  // `url` empty: nothing is shipped.
  SpoolFixture(const std::string& folder, std::uint64_t max_bytes, const std::string& url) {
    logs_sdk::SpoolOptions options;
    options.project_dir = folder + "/v1";
    std::filesystem::create_directory(options.project_dir);
    std::filesystem::permissions(options.project_dir, std::filesystem::perms::owner_all);
    options.max_bytes = max_bytes;
    spool_ = logs_sdk::Spool::open(options, logs_sdk::system_clock(), logs_sdk::system_random());
    if (url.empty()) return;
    logs_sdk::ShipperOptions shipping;
    shipping.endpoint = url;
    shipping.api_key = "clog_pk_bench";
    shipping.api_secret = "clog_sk_bench";
    shipping.sdk_version = "1.0.0";
    shipping.flush_interval = std::chrono::milliseconds(20);
    shipper_ = std::make_unique<logs_sdk::Shipper>(shipping, *spool_, logs_sdk::make_curl_transport({}),
                                                   logs_sdk::system_clock(), logs_sdk::system_random());
    shipper_->start();
  }
  SpoolFixture(const SpoolFixture&) = delete;
  SpoolFixture& operator=(const SpoolFixture&) = delete;

  logs_sdk::Spool& spool() { return *spool_; }
  logs_sdk::Shipper& shipper() { return *shipper_; }

  bool ships() const { return shipper_ != nullptr; }

  void wait_until_prepared() { spool_->maintain(); }

  // Ships until nothing waits.
  void drain() {
    while (spool_->pending_estimate() > 0) {
      shipper_->flush(logs_sdk::system_clock().steady() + std::chrono::seconds(5));
      spool_->maintain();
    }
  }

 private:
  std::unique_ptr<logs_sdk::Spool> spool_;
  std::unique_ptr<logs_sdk::Shipper> shipper_;
};

}  // namespace bench

#endif  // LOGS_SDK_BENCH_SPOOL_FIXTURE_H_
