// CaptureFixture: an exchange whose end is recorded, for tests of capture.
#ifndef LOGS_SDK_CAPTURE_CAPTURE_FIXTURE_H_
#define LOGS_SDK_CAPTURE_CAPTURE_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "src/capture/capture.h"
#include "src/capture/exchange_pool.h"
#include "src/capture/exchange_sink.h"

namespace logs_sdk::inline v1 {

// A sink that captures what is finished and keeps the last one until the next.
class Recorder : public ExchangeSink {
 public:
  explicit Recorder(const Config& config) : capture_(config, TrustedProxies::parse(config.trusted_proxies).value()) {}
  ~Recorder() override { forget(); }

  Exchange begin() {
    ExchangeState* state = pool_.take();
    ExchangeStart start;
    start.sink = this;
    start.uuid = *Uuid::parse("0192f0c1a2b37c4d8e5f60718293a4b5");
    start.wall = WallTime(std::chrono::seconds(1'700'000'000));
    start.steady = kStart;
    start.max_body_bytes = capture_.max_body_bytes();
    state->begin(start);
    return Exchange(state);
  }
  void finish(ExchangeState* state, Outcome outcome) noexcept override {
    forget();
    state_ = state;
    ++finished;
    damaged = state->damaged;
    excluded = capture_.excluded(*state);
    capture_.capture(*state, outcome, kStart + std::chrono::microseconds(12'499), scratch_, entry);
  }
  void settle_identity(ExchangeState& state) noexcept override { capture_.settle_identity(state); }

  static constexpr SteadyTime kStart = SteadyTime(std::chrono::hours(1));
  EntryView entry;
  int finished = 0;
  bool damaged = false, excluded = false;

 private:
  void forget() {
    if (state_ != nullptr) pool_.give_back(state_);
    state_ = nullptr;
  }
  Capture capture_;
  ExchangePool pool_;
  CaptureScratch scratch_;
  ExchangeState* state_ = nullptr;
};

class CaptureFixture : public ::testing::Test {
 protected:
  // Begins anew with `config`.
  Exchange& begin(const Config& config = {}) {
    exchange_ = Exchange();
    recorder_.emplace(config);
    exchange_ = recorder_->begin();
    return exchange_;
  }
  const EntryView& finish(Outcome outcome = Outcome::kComplete) {
    exchange_.finish(outcome);
    return recorder_->entry;
  }
  std::string_view header(std::span<const HeaderView> headers, std::string_view name) const {
    for (const HeaderView& each : headers)
      if (each.name == name) return each.value;
    return {};
  }
  const TagView* tag(std::string_view name) const {
    for (const TagView& each : recorder_->entry.tags)
      if (each.name == name) return &each;
    return nullptr;
  }

  std::optional<Recorder> recorder_;
  Exchange exchange_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_CAPTURE_FIXTURE_H_
