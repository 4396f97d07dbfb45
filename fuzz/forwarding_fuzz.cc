// What proxies and callers say of a request, each in a header of its own: Forwarded, X-Forwarded-For, traceparent and
// X-Trace-ID, as hostile as they may be, one per line of input.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/capture/capture.h"
#include "src/capture/client_address.h"
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

std::string text_of(const IpAddress& address) {
  char out[IpAddress::kMaxTextBytes];
  return std::string(address.text(out));
}

// Whether some piece of `named` between characters that no address holds reads as `address`, in whatever writing:
// whole, or up to the colon of its port. Escapes of a quoted string are taken out before, as they may stand anywhere.
bool is_named(const IpAddress& address, std::string named) {
  std::erase(named, '\\');
  constexpr std::string_view kOfAnAddress = "0123456789abcdefABCDEF:.";
  for (std::size_t begin = 0; (begin = named.find_first_of(kOfAnAddress, begin)) != std::string::npos;) {
    const std::size_t end = std::min(named.find_first_not_of(kOfAnAddress, begin), named.size());
    const std::string_view piece = std::string_view(named).substr(begin, end - begin);
    if (IpAddress::parse(piece) == address || IpAddress::parse(piece.substr(0, piece.find(':'))) == address)
      return true;
    begin = end;
  }
  return false;
}

bool is_rule(std::string_view rule) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(IpRule::kCut); ++i)
    if (ip_rule_name(static_cast<IpRule>(i)) == rule) return true;
  return false;
}

// The client is the peer, or an address that somebody we trust has named, in its one text; a stranger only where the
// rule says that the walk came to one, and somebody trusted only where it says that it did not.
void check_client(const EntryView& entry, std::string_view named) {
  const auto address = IpAddress::parse(entry.client_ip);
  require(address.has_value() && text_of(*address) == entry.client_ip);
  require(entry.client_ip == kPeer || is_named(*address, std::string(named)));
  const auto rule = std::find_if(entry.tags.begin(), entry.tags.end(), [](auto& tag) { return tag.name == "ip_rule"; });
  require(rule != entry.tags.end() && is_rule(rule->text) && rule->text != "untrusted_peer");
  const bool stranger = rule->text == "x_forwarded_for" || rule->text == "forwarded";
  require(stranger != trusted().contains(*address));
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
    if (named) check_client(entry, *named);
    client = entry.client_ip;
    host = entry.host_header;
    require(entry.trace_id.size() == 32 && entry.span_id.size() == 16);
    require(entry.trace_id.find_first_not_of("0123456789abcdef") == std::string_view::npos);
    require(entry.parent_span_id.empty() || entry.parent_span_id.size() == 16);
    pool_.give_back(state);
  }
  void settle_identity(ExchangeState& state) noexcept override { capture_.settle_identity(state); }

  std::optional<std::string_view> named;  // by the header that counts
  std::string client, host;               // of the last one

 private:
  Capture capture_{Config(), trusted()};
  ExchangePool pool_;
  CaptureScratch scratch_;
};

CheckingSink& sink() {
  static CheckingSink instance;
  return instance;
}

void capture(std::string_view chain_name, std::string_view chain, std::string_view traceparent,
             std::string_view trace_id) {
  sink().named = chain;
  Exchange exchange = sink().begin();
  exchange.peer(kPeer, 1);
  exchange.request_line("GET", "/", "HTTP/1.1");
  exchange.request_header(chain_name, chain);
  exchange.request_header("traceparent", traceparent);
  exchange.request_header("X-Trace-ID", trace_id);
  exchange.finish();
}

// Whatever a client sends ahead, what the proxies behind it have appended to it is read as if it stood alone, and so is
// the host that the first of them appended.
void check_appended(std::string_view chain_name, std::string_view ahead, std::string_view appended,
                    std::string_view client) {
  const std::string chain = std::string(ahead) + ", " + std::string(appended);
  sink().named.reset();
  Exchange exchange = sink().begin();
  exchange.peer(kPeer, 1);
  exchange.request_line("GET", "/", "HTTP/1.1");
  exchange.request_header(chain_name, chain);
  exchange.request_header("Host", "inner");
  exchange.request_header("X-Forwarded-Host", std::string(ahead) + ", outer, middle");
  exchange.finish();
  if (chain.size() > kMaxCopiedHeaderBytes / 4) return;  // something of it may not have been kept
  require(sink().client == client);
  require(sink().host == "outer");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view chain = take_line(text), traceparent = take_line(text), trace_id = text;
  check_traceparent(traceparent);
  check_trace_id(trace_id);
  capture("Forwarded", chain, traceparent, trace_id);
  capture("X-Forwarded-For", chain, traceparent, trace_id);
  check_appended("X-Forwarded-For", chain, "198.51.100.7, 10.0.0.9", "198.51.100.7");
  check_appended("Forwarded", chain, "for=\"[2001:db8::7]:80\";x=\",\\\"\", for=10.0.0.9", "2001:db8::7");
  return 0;
}
