// What proxies and callers say of a request, each in a header of its own: Forwarded, X-Forwarded-For, traceparent and
// X-Trace-ID, as hostile as they may be, one per line of input.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "src/capture/capture.h"
#include "src/capture/exchange_pool.h"
#include "src/capture/ip_address.h"
#include "src/capture/trace_context.h"
#include "src/capture/trusted_proxies.h"

namespace {

using namespace logs_sdk;

constexpr std::string_view kPeer = "10.0.0.1";

void require(bool condition) {
  if (!condition) std::abort();
}

const TrustedProxies& trusted() {
  static const TrustedProxies proxies = TrustedProxies::parse(Config().trusted_proxies).value();
  return proxies;
}

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
  return line;
}

// version "-" trace-id "-" parent-id "-" flags, by its parts instead of its places; a later version may have more
// parts.
bool is_traceparent(std::string_view value) {
  constexpr std::size_t kSizes[] = {2, 32, 16, 2};
  std::vector<std::string_view> parts;
  for (std::string_view rest = value;;) {
    const std::size_t dash = rest.find('-');
    parts.push_back(rest.substr(0, dash));
    if (dash == std::string_view::npos) break;
    rest.remove_prefix(dash + 1);
  }
  if (parts.size() < 4 || parts[0] == "ff" || (parts[0] == "00" && parts.size() > 4)) return false;
  for (std::size_t i = 0; i < 4; ++i) {
    if (parts[i].size() != kSizes[i] || parts[i].find_first_not_of("0123456789abcdef") != std::string_view::npos)
      return false;
  }
  return parts[1] != std::string(32, '0') && parts[2] != std::string(16, '0');
}

void check_traceparent(std::string_view value) {
  const auto parsed = parse_traceparent(value);
  require(parsed.has_value() == is_traceparent(value));
  if (parsed) require(parsed->trace_id == value.substr(3, 32) && parsed->parent_id == value.substr(36, 16));
}

void check_trace_id(std::string_view value) {
  const auto id = parse_trace_id(value);
  if (!id) return;
  const std::string_view digits(id->data(), id->size());
  require(digits.find_first_not_of("0123456789abcdef") == std::string_view::npos);
  require(digits.find_first_not_of('0') != std::string_view::npos);
}

// The client is an address that somebody we trust has named, or the peer; and one that is trusted itself only where
// nothing else was to be had.
void check_client(std::string_view client, std::string_view named) {
  if (client == kPeer) return;
  const auto address = IpAddress::parse(client);
  require(address.has_value());
  require(named.find(client) != std::string_view::npos);
}

class CheckingSink : public ExchangeSink {
 public:
  Exchange begin() {
    ExchangeState* state = pool_.take();
    require(state != nullptr);
    ExchangeStart start;
    start.sink = this;
    state->begin(start);
    return Exchange(state);
  }
  void finish(ExchangeState* state, Outcome outcome) noexcept override {
    EntryView entry;
    capture_.capture(*state, outcome, SteadyTime(), scratch_, entry);
    check_client(entry.client_ip, named);
    require(entry.trace_id.size() == 32 && entry.span_id.size() == 16);
    require(entry.trace_id.find_first_not_of("0123456789abcdef") == std::string_view::npos);
    require(entry.parent_span_id.empty() || entry.parent_span_id.size() == 16);
    pool_.give_back(state);
  }
  void settle_identity(ExchangeState& state) noexcept override { capture_.settle_identity(state); }

  std::string_view named;  // by the header that counts

 private:
  Capture capture_{Config(), trusted()};
  ExchangePool pool_;
  CaptureScratch scratch_;
};

void capture(std::string_view chain_name, std::string_view chain, std::string_view traceparent,
             std::string_view trace_id) {
  static CheckingSink sink;
  sink.named = chain;
  Exchange exchange = sink.begin();
  exchange.peer(kPeer, 1);
  exchange.request_line("GET", "/", "HTTP/1.1");
  exchange.request_header(chain_name, chain);
  exchange.request_header("traceparent", traceparent);
  exchange.request_header("X-Trace-ID", trace_id);
  exchange.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view chain = take_line(text), traceparent = take_line(text), trace_id = text;
  check_traceparent(traceparent);
  check_trace_id(trace_id);
  capture("Forwarded", chain, traceparent, trace_id);
  capture("X-Forwarded-For", chain, traceparent, trace_id);
  return 0;
}
