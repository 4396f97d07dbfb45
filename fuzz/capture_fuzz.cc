// What a client and its proxies send, through the whole of capture: header blocks, targets, addresses, trace context. A
// secret in a header that names it never reaches a field.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/capture/capture.h"
#include "src/capture/exchange_pool.h"
#include "src/capture/trace_context.h"

namespace {

using namespace logs_sdk;

constexpr std::string_view kSecret = "s3cretS3CRET";

void expect_hidden(std::string_view field) {
  if (field.find(kSecret) != std::string_view::npos) std::abort();
}

class CheckingSink : public ExchangeSink {
 public:
  CheckingSink() : capture_(config(), TrustedProxies::parse(config().trusted_proxies).value()) {}

  Exchange begin() {
    ExchangeState* state = pool_.take();
    if (state == nullptr) std::abort();
    ExchangeStart start;
    start.sink = this;
    start.max_body_bytes = capture_.max_body_bytes();
    state->begin(start);
    return Exchange(state);
  }
  void finish(ExchangeState* state, Outcome outcome) noexcept override {
    EntryView entry;
    capture_.capture(*state, outcome, SteadyTime(), scratch_, entry);
    for (const HeaderView& header : entry.request_headers.pairs) expect_hidden(header.value);
    expect_hidden(entry.full_url);
    expect_hidden(entry.origin);
    expect_hidden(entry.request_id);
    pool_.give_back(state);
  }
  void settle_identity(ExchangeState& state) noexcept override { capture_.settle_identity(state); }

 private:
  static Config config() {
    Config config;
    config.capture_bodies = true;
    config.max_body_size = 64;
    return config;
  }
  Capture capture_;
  ExchangePool pool_;
  CaptureScratch scratch_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static CheckingSink sink;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.find(kSecret) != std::string_view::npos) return 0;  // it stands where nothing names it
  const std::string_view line = text.substr(0, text.find('\n'));
  Exchange exchange = sink.begin();
  exchange.peer("127.0.0.1", 1);
  exchange.request_line("GET", line, "HTTP/1.1");
  exchange.request_header("Authorization", kSecret);
  exchange.request_header_block(text);
  for (const char* name : {"X-Forwarded-For", "Forwarded", "traceparent", "X-Trace-ID", "X-Request-Start", "Referer"})
    exchange.request_header(name, line);
  exchange.request_body(text);
  exchange.add_tag(line, TagValue(true));
  static_cast<void>(exchange.trace_id());
  exchange.finish();

  if (const auto parent = parse_traceparent(line); parent && parent->trace_id.size() != 32) std::abort();
  static_cast<void>(TrustedProxies::parse({std::string(line)}));
  return 0;
}
