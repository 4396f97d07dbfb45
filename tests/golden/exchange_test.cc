// Every golden exchange through Exchange, Capture and the encoder: the entry is the one in its file, field by field and
// in order.
#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

#include "src/base/hex.h"
#include "src/capture/capture.h"
#include "src/capture/exchange_pool.h"
#include "src/entry/entry_encoder.h"
#include "testing/golden_exchange.h"
#include "testing/golden_file.h"

namespace logs_sdk {
namespace {

constexpr SteadyTime kStart = SteadyTime(std::chrono::hours(1));

// Encodes the exchange that it began, with the identity and the times of its case.
class GoldenSink : public ExchangeSink {
 public:
  GoldenSink(const golden::Exchange& golden, const Config& config)
      : golden_(golden),
        capture_(config, TrustedProxies::parse(config.trusted_proxies).value()),
        encoder_({config.max_body_size, config.max_stack_size},
                 {config.project_slug, config.environment, config.service_name, golden.host, golden.pid}) {}

  Exchange begin() {
    ExchangeState* const state = pool_.take();
    state->begin({.sink = this,
                  .uuid = *Uuid::parse(golden_.uuid),
                  .wall = golden_.started,
                  .steady = kStart,
                  .max_body_bytes = capture_.max_body_bytes()});
    std::copy(golden_.span_id.begin(), golden_.span_id.end(), state->span_id.begin());
    return Exchange(state);
  }
  void finish(ExchangeState* state, Outcome outcome) noexcept override {
    EntryView view;
    capture_.capture(*state, outcome, kStart + std::chrono::microseconds(golden_.took_us), scratch_, view);
    encoder_.encode(view, line);
    pool_.give_back(state);
  }
  void settle_identity(ExchangeState& state) noexcept override { capture_.settle_identity(state); }

  std::string line;

 private:
  const golden::Exchange& golden_;
  const Capture capture_;
  const EntryEncoder encoder_;
  ExchangePool pool_;
  CaptureScratch scratch_;
};

void tell_request(const golden::Exchange& golden, Exchange& exchange) {
  if (golden.decoded) {
    exchange.request_line_decoded(golden.method, golden.decoded->first, golden.decoded->second, golden.protocol);
  } else {
    exchange.request_line(golden.method, golden.target, golden.protocol);
  }
  exchange.peer(golden.peer, golden.port);
  exchange.scheme(golden.tls_version.empty() ? "http" : "https");
  if (!golden.tls_version.empty()) exchange.tls(golden.tls_version, golden.tls_cipher);
  if (!golden.route.empty()) exchange.route(golden.route);
  for (const auto& [name, value] : golden.headers) exchange.request_header(name, value);
  const BodyKind kind = golden.chunks.size() > 1 ? BodyKind::kStreamed : BodyKind::kBuffered;
  for (const std::string& chunk : golden.chunks) exchange.request_body(chunk, kind);
}

void tell_exception(const golden::Exchange& golden, Exchange& exchange) {
  if (golden.foreign) {
    exchange.exception(golden.foreign->type, golden.foreign->message, golden.foreign->stack, golden.foreign->location);
    return;
  }
  if (!golden.handler.throws()) return;
  try {
    golden::throw_exception(golden.handler);
  } catch (...) {
    exchange.exception(std::current_exception());
  }
}

void tell_response(const golden::Handler& handler, Exchange& exchange) {
  if (handler.status != 0) exchange.status(handler.status);
  for (const auto& [name, value] : handler.headers) exchange.response_header(name, value);
  const BodyKind kind = handler.streams() ? BodyKind::kStreamed : BodyKind::kBuffered;
  for (const std::string& chunk : handler.chunks) exchange.response_body(chunk, kind);
}

std::string entry_of(const golden::Exchange& golden) {
  Config config;
  golden::apply_config(golden, config);
  GoldenSink sink(golden, config);
  Exchange exchange = sink.begin();
  tell_request(golden, exchange);
  golden::tell(golden.handler, exchange);
  tell_exception(golden, exchange);
  tell_response(golden.handler, exchange);
  for (const auto& [mark, us] : golden.marks) exchange.mark(mark, kStart + std::chrono::microseconds(us));
  exchange.finish(golden.outcome);
  return sink.line;
}

class GoldenExchange : public ::testing::TestWithParam<golden::Exchange> {};
INSTANTIATE_TEST_SUITE_P(Cases, GoldenExchange, ::testing::ValuesIn(golden::exchanges()),
                         [](const auto& each) { return each.param.name; });

TEST_P(GoldenExchange, makes_the_entry_of_its_file) {
  const std::string line = entry_of(GetParam());
  const std::string made = nlohmann::ordered_json::parse(line).dump(1);
  EXPECT_EQ(made + "\n", golden::expected_line(golden::entry_file(GetParam()), made)) << line;
}

}  // namespace
}  // namespace logs_sdk
