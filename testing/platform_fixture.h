// PlatformFixture: a Dispatcher that talks through libcurl to a scripted platform on loopback, while every time it
// waits for is that of a clock which the test advances.
//
// After each test both ledgers are held against each other: see expect_ledgers_agree().
#ifndef LOGS_SDK_TESTING_PLATFORM_FIXTURE_H_
#define LOGS_SDK_TESTING_PLATFORM_FIXTURE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/shipper/curl_transport.h"
#include "src/shipper/dispatcher.h"
#include "testing/list_record_source.h"
#include "testing/manual_clock.h"
#include "testing/scripted_http_server.h"
#include "testing/scripted_platform.h"
#include "testing/seeded_random.h"

namespace logs_sdk::inline v1 {

// Gives the transport within as much of the machine's time as there is until the deadline on the test's clock.
class ShiftedTransport final : public HttpTransport {
 public:
  ShiftedTransport(std::unique_ptr<HttpTransport> within, const Clock& clock)
      : within_(std::move(within)), clock_(clock) {}
  Result<HttpResponse> post(const HttpRequest& request, SteadyTime deadline) override {
    return within_->post(request, system_clock().steady() + (deadline - clock_.steady()));
  }
  void cancel() noexcept override { within_->cancel(); }

 private:
  const std::unique_ptr<HttpTransport> within_;
  const Clock& clock_;
};

class PlatformFixture : public testing::Test {
 protected:
  struct Letter {
    std::string instance, reason, entry;
    int status;
  };

  PlatformFixture() {
    options_.endpoint = server_.url();
    options_.api_key = "clog_pk_1";
    options_.api_secret = "clog_sk_1";
    options_.sdk_version = "1.0.0";
    options_.on_message = [this](Severity, std::string_view kind, std::string_view text) {
      kinds_.emplace_back(kind);
      texts_.emplace_back(text);
    };
    options_.keep_dead_letter = [this](const DeadLetter& letter) {
      letters_.push_back(
          {std::string(letter.instance), std::string(letter.reason), std::string(letter.entry), letter.status});
      return letter_status_;
    };
  }

  void TearDown() override { expect_ledgers_agree(live_, platform_); }

  // What is shipped.
  virtual RecordSource& source() { return live_; }

  Dispatcher& dispatcher() {
    if (!dispatcher_) {
      dispatcher_ = std::make_unique<Dispatcher>(options_, source(), transport_, clock_, random_);
      dispatcher_->begin();
    }
    return *dispatcher_;
  }
  void drain() {
    dispatcher().drain_live();
    ship();
  }
  // Steps until nothing may be sent now.
  void ship() {
    while (dispatcher().step()) {
    }
  }
  // Advances to whatever the dispatcher waits for, and ships.
  void ship_when_due() {
    const auto wait = dispatcher().next_due() - clock_.steady();
    clock_.advance(std::max(std::chrono::microseconds(0), std::chrono::ceil<std::chrono::microseconds>(wait)));
    ship();
  }
  void ship_until_posted(std::size_t posts) {
    while (platform_.posts().size() < posts) ship_when_due();
  }
  void ship_until_settled() {
    while (live_.spooled().pending() > 0) ship_when_due();
  }

  ShipperOptions options_;
  ManualClock clock_;
  SeededRandom random_;
  ListRecordSource live_;
  ScriptedPlatform platform_;
  ScriptedHttpServer server_{[this](const RecordedRequest& request) { return platform_.answer(request); }};
  ShiftedTransport transport_{make_curl_transport({}), clock_};
  std::vector<std::string> kinds_;
  std::vector<std::string> texts_;
  std::vector<Letter> letters_;
  Status letter_status_;
  std::unique_ptr<Dispatcher> dispatcher_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_PLATFORM_FIXTURE_H_
