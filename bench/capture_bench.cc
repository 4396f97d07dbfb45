// Capture: from what an adapter tells to the masked fields of an entry, without encoding it.
//
//     capture_bench              nanoseconds per exchange, GET and POST alternately, for the reader
//     capture_bench get 3000     as many exchanges of one kind, to be counted by callgrind (bench/figures does):
//                                get; post, its body copied and masked; unkept, a post of which only the size is kept;
//                                json and gzip, a post of 1 KB as it is and compressed
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "bench/figure.h"
#include "src/base/compression.h"
#include "src/capture/capture.h"
#include "src/capture/exchange_pool.h"

namespace {

using namespace logs_sdk;

// Twelve headers of a browser behind a proxy.
constexpr std::string_view kRequestHeaders =
    "Host: shop.example.com\r\n"
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
    "Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.9,de;q=0.8\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
    "Referer: https://shop.example.com/catalogue?page=3&sort=price\r\n"
    "Cookie: session=0f8fad5bd9cb469fa16570867728950e; theme=dark; consent=yes\r\n"
    "X-Forwarded-For: 203.0.113.77, 10.0.3.17\r\n"
    "X-Forwarded-Proto: https\r\n"
    "X-Request-ID: 7c9e6679-7425-40de-944b-e07fc1f90ae7\r\n"
    "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
    "Connection: keep-alive\r\n";
constexpr std::string_view kResponseHeaders =
    "Content-Type: application/json; charset=utf-8\r\nCache-Control: no-store\r\nSet-Cookie: theme=dark; Path=/\r\n";
constexpr std::string_view kPostBody =
    R"({"customer":"Anna Schmidt","email":"anna@example.com","password":"correct horse","items":[{"id":17,"count":2},)"
    R"({"id":23,"count":1}],"note":"please ring twice","total":129.9,"currency":"EUR","coupon":null,"gift":false})";

// What is sent; without a body it is a GET.
struct Body {
  std::string bytes;
  std::string coding;  // Content-Encoding, empty for none
};

// 1 KB of JSON, in which nothing is to be masked.
std::string kilobyte_of_json() {
  std::string json = R"({"items":[)";
  for (int i = 0; json.size() < 960; ++i)
    json += R"({"id":)" + std::to_string(17 + i * 31) + R"(,"name":"article )" + std::to_string(i) + R"(","count":2},)";
  json.back() = ']';
  return json + R"(,"currency":"EUR","gift":false})";
}

Body body_of(std::string_view kind) {
  if (kind == "post" || kind == "unkept") return {std::string(kPostBody), ""};
  if (kind == "json") return {kilobyte_of_json(), ""};
  if (kind != "gzip") return {};
  Body body{"", "gzip"};
  if (!Compressor().compress(Encoding::kGzip, kilobyte_of_json(), body.bytes).ok()) std::abort();
  return body;
}

class NullSink : public ExchangeSink {
 public:
  NullSink(const Capture& capture, ExchangePool& pool) : capture_(capture), pool_(pool) {}
  void finish(ExchangeState* state, Outcome outcome) noexcept override {
    capture_.capture(*state, outcome, SteadyTime(std::chrono::hours(1)), scratch_, entry_);
    fields += entry_.full_url.size() + entry_.request_headers.pairs.size();
    pool_.give_back(state);
  }
  void settle_identity(ExchangeState& state) noexcept override { capture_.settle_identity(state); }
  std::size_t fields = 0;  // of all entries, so that nothing is optimised away

 private:
  const Capture& capture_;
  ExchangePool& pool_;
  CaptureScratch scratch_;
  EntryView entry_;
};

void exchange_once(const Capture& capture, ExchangePool& pool, NullSink& sink, const Body& body) {
  const bool post = !body.bytes.empty();
  ExchangeState* state = pool.take();
  ExchangeStart start;
  start.sink = &sink;
  start.wall = WallTime(std::chrono::seconds(1'700'000'000));
  start.steady = SteadyTime(std::chrono::minutes(59));
  start.max_body_bytes = capture.max_body_bytes();
  state->begin(start);
  Exchange exchange(state);
  exchange.request_line(post ? "POST" : "GET", post ? "/api/v1/orders" : "/api/v1/items?page=2&sort=price&q=red+shoes",
                        "HTTP/1.1");
  exchange.scheme("http");
  exchange.peer("10.0.3.4", 51234);
  exchange.request_header_block(kRequestHeaders);
  if (post) {
    exchange.request_header("Content-Type", "application/json");
    if (!body.coding.empty()) exchange.request_header("Content-Encoding", body.coding);
    exchange.request_body(body.bytes);
  }
  exchange.status(200);
  exchange.response_header_block(kResponseHeaders);
  exchange.response_body_size(512, BodyKind::kBuffered);
  exchange.finish();
}

}  // namespace

int main(int argc, char** argv) {
  Config config;
  const std::string_view kind = argc == 3 ? argv[1] : "";
  config.capture_bodies = kind != "unkept";
  const Capture capture(config, TrustedProxies::parse(config.trusted_proxies).value());
  ExchangePool pool;
  NullSink sink(capture, pool);
  if (argc == 3) {
    const Body body = body_of(kind);
    for (long left = std::strtol(argv[2], nullptr, 10); left > 0; --left) exchange_once(capture, pool, sink, body);
    return sink.fields == 0 ? 1 : 0;
  }
  constexpr int kRounds = 200, kPerRound = 200;
  const Body none, some = body_of("post");
  std::vector<double> get_ns, post_ns;
  for (int round = 0; round < kRounds; ++round) {
    for (const bool post : {false, true}) {
      const double begin = bench::thread_cpu_ns();
      for (int i = 0; i < kPerRound; ++i) exchange_once(capture, pool, sink, post ? some : none);
      (post ? post_ns : get_ns).push_back((bench::thread_cpu_ns() - begin) / kPerRound);
    }
  }
  std::printf("capture: median %.0f ns (GET), %.0f ns (POST with its body)\n", bench::median(get_ns),
              bench::median(post_ns));
  return 0;
}
