#include "testing/sample_entries.h"

#include <array>
#include <cstdio>

#include "src/base/hex.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::array<std::string_view, 8> kPaths = {
    "/api/v1/orders",      "/api/v1/orders/{}/items", "/api/v2/cart/{}",     "/api/v1/users/{}/addresses",
    "/api/v1/products/{}", "/api/v1/search",          "/api/v2/payments/{}", "/api/v1/coupons/{}/redeem"};
constexpr std::array<std::string_view, 4> kUserAgents = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 "
    "Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0"};
constexpr std::array<std::string_view, 6> kGoods = {"无线蓝牙耳机", "纯棉短袖衬衫",     "不锈钢保温杯",
                                                    "便携式充电宝", "机械键盘（青轴）", "儿童绘本套装"};
constexpr std::string_view kStack =
    "std::runtime_error: upstream said \"no\"\n"
    "  at OrderService::reserve(Order const&) (/srv/shop/src/orders/order_service.cc:214)\n"
    "  at OrderService::place(Request const&) (/srv/shop/src/orders/order_service.cc:97)\n"
    "  at OrderHandler::operator()(Request const&) (/srv/shop/src/http/order_handler.cc:58)\n"
    "  at Router::dispatch(Request const&) (/srv/shop/src/http/router.cc:131)\n"
    "  at Server::serve(Connection&) (/srv/shop/src/http/server.cc:402)\n"
    "  at Worker::run() (/srv/shop/src/http/worker.cc:77)\n"
    "  at start_thread (./nptl/pthread_create.c:442)";

// One number of many, the same in every run.
std::uint64_t scramble(std::uint64_t x) {
  x = (x + 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;
  return x ^ (x >> 29);
}

std::string hex_digits(std::uint64_t seed, std::size_t count) {
  return (to_hex(scramble(seed)) + to_hex(scramble(~seed))).substr(0, count);
}

std::string filled(std::string_view pattern, std::uint64_t number) {
  std::string text(pattern);
  if (const std::size_t at = text.find("{}"); at != std::string::npos) text.replace(at, 2, std::to_string(number));
  return text;
}

std::string body_of(std::uint64_t number) {
  const auto goods = [number](std::size_t i) { return std::string(kGoods[(number + i) % kGoods.size()]); };
  return "{\"order_no\":\"" + std::to_string(20260000000 + number % 99991) + "\",\"items\":[{\"sku\":\"" +
         hex_digits(number, 10) + "\",\"name\":\"" + goods(0) + "\",\"qty\":2},{\"sku\":\"" +
         hex_digits(number + 7, 10) + "\",\"name\":\"" + goods(1) +
         "\",\"qty\":1}],\"note\":\"客户说：\\\"请在下午送货\\\"，谢谢\"" +
         ",\"address\":{\"city\":\"杭州市\",\"street\":\"文三路" + std::to_string(number % 400) +
         "号\",\"zip\":\"310012\"},\"amount\":" + std::to_string(number % 90000) + ".50,\"currency\":\"CNY\"}";
}

std::string timestamp_of(std::size_t number) {
  char text[40];
  std::snprintf(text, sizeof text, "2026-03-04T05:%02u:%02u.%06uZ", static_cast<unsigned>(number / 60 % 60),
                static_cast<unsigned>(number % 60), static_cast<unsigned>(scramble(number) % 1'000'000));
  return text;
}

}  // namespace

SampleEntries::SampleEntries(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) views_.push_back(make(i));
}

ProcessIdentity SampleEntries::identity() {
  return {"web-shop", "production", "order-service", "shop-7d9f8b6c5-x2x4q", "31337"};
}

EntryView SampleEntries::make(std::size_t number) {
  const std::uint64_t random = scramble(number);
  const bool is_post = number % 5 < 3, is_failure = number % 25 == 4;
  EntryView entry;
  // Version 7, in the order in which they were made.
  entry.uuid =
      keep("019cb6f2" + to_hex(number).substr(12) + "7" + hex_digits(random, 3) + "8" + hex_digits(~random, 15));
  entry.timestamp = keep(timestamp_of(number));
  entry.duration_ms = static_cast<std::int64_t>(random % 400);
  entry.method = is_post ? "POST" : "GET";
  entry.scheme = "https";
  entry.host_header = "shop.example.com";
  entry.path = keep(filled(kPaths[random % kPaths.size()], random % 100'000));
  entry.query_string = keep("page=" + std::to_string(random % 50) + "&size=20&sort=-created_at&channel=app");
  entry.full_url = keep("https://shop.example.com" + std::string(entry.path) + "?" + std::string(entry.query_string));
  entry.origin = "https://shop.example.com/checkout?step=2";
  entry.user_agent = kUserAgents[random % kUserAgents.size()];
  entry.referer = entry.origin;
  entry.client_ip = keep("203.0.113." + std::to_string(random % 250));
  entry.client_ip_chain = keep(std::string(entry.client_ip) + ", 10.0.3.17");
  entry.client_type = "web";
  entry.client_port = static_cast<std::int64_t>(20'000 + random % 40'000);
  entry.content_type = is_post ? "application/json" : "";
  if (is_post) entry.request_body.text = keep(body_of(random));
  entry.response_body.text =
      is_failure ? R"({"code":500,"message":"upstream said \"no\""})" : R"({"code":0,"message":"ok"})";
  entry.request_body_size = entry.request_body.text.size();
  entry.response_body_size = entry.response_body.text.size();
  entry.status_code = is_failure ? 500 : 200;
  entry.tls_version = "1.3";
  entry.tls_cipher = "TLS_AES_256_GCM_SHA384";
  entry.proto = "HTTP/1.1";
  entry.api_version = entry.path.substr(5, 2);
  entry.latency_breakdown = keep("{\"handler_us\":" + std::to_string(random % 300'000) +
                                 ",\"first_byte_us\":" + std::to_string(random % 310'000) +
                                 ",\"total_us\":" + std::to_string(random % 320'000) + "}");
  entry.request_id = keep(hex_digits(random + 1, 8));
  entry.trace_id = keep(hex_digits(random + 2, 32));
  entry.span_id = keep(hex_digits(random + 3, 16));
  entry.parent_span_id = keep(hex_digits(random + 4, 16));
  entry.user_id = keep("u" + std::to_string(random % 1'000'000));
  entry.session_id = keep("sha256:" + hex_digits(random + 5, 16));
  if (is_failure) {
    entry.is_error = true;
    entry.error_type = "panic";
    entry.error_message = "std::runtime_error: upstream said \"no\"";
    entry.error_stack = kStack;
    entry.panic_location = "OrderService::reserve /srv/shop/src/orders/order_service.cc:214";
  }
  entry.request_headers.pairs = request_headers(entry);
  entry.response_headers.pairs = response_headers(entry);
  return entry;
}

std::span<const HeaderView> SampleEntries::request_headers(const EntryView& entry) {
  std::vector<HeaderView>& headers = headers_.emplace_back();
  headers = {
      {"host", entry.host_header},
      {"user-agent", entry.user_agent},
      {"accept", "application/json, text/plain, */*"},
      {"accept-language", "zh-CN,zh;q=0.9,en;q=0.8"},
      {"accept-encoding", "gzip, deflate, br, zstd"},
      {"authorization", "Bearer ***"},
      {"cookie", "***"},
      {"referer", entry.referer},
      {"sec-ch-ua", R"("Chromium";v="124", "Google Chrome";v="124", "Not-A.Brand";v="99")"},
      {"x-forwarded-for", entry.client_ip},
      {"x-request-id", entry.request_id},
      {"traceparent", keep("00-" + std::string(entry.trace_id) + "-" + std::string(entry.parent_span_id) + "-01")}};
  return headers;
}

std::span<const HeaderView> SampleEntries::response_headers(const EntryView& entry) {
  std::vector<HeaderView>& headers = headers_.emplace_back();
  headers = {{"content-type", "application/json; charset=utf-8"},
             {"content-length", keep(std::to_string(entry.response_body_size))},
             {"x-request-id", entry.request_id}};
  return headers;
}

std::vector<std::string> encoded_sample_entries(std::size_t count) {
  const SampleEntries samples(count);
  const EntryEncoder encoder({}, SampleEntries::identity());
  std::vector<std::string> entries;
  for (const EntryView& view : samples.views()) encoder.encode(view, entries.emplace_back());
  return entries;
}

}  // namespace logs_sdk::inline v1
