#include "src/capture/capture.h"

#include <limits>
#include <string>
#include <vector>

#include "src/capture/capture_fixture.h"
#include "src/entry/limits.h"

namespace logs_sdk {
namespace {

using namespace std::chrono_literals;
using CaptureTest = CaptureFixture;

Config with_bodies() {
  Config config;
  config.capture_bodies = true;
  return config;
}

TEST_F(CaptureTest, a_plain_request_fills_the_fields_it_shows) {
  Exchange& exchange = begin();
  exchange.request_line("GET", "/api/v2/items?page=2&q=a%20b", "HTTP/1.1");
  exchange.scheme("https");
  exchange.peer("203.0.113.9", 51234);
  exchange.tls("1.3", "TLS_AES_128_GCM_SHA256");
  exchange.request_header_block("Host: shop.example\r\nUser-Agent: curl/8.0\r\nAccept: */*\r\n");
  exchange.status(200);
  exchange.response_header("Content-Type", "application/json");
  const EntryView& entry = finish();
  EXPECT_EQ(entry.uuid, "0192f0c1a2b37c4d8e5f60718293a4b5");
  EXPECT_EQ(entry.timestamp, "2023-11-14T22:13:20.000000Z");
  EXPECT_EQ(entry.duration_ms, 12);
  EXPECT_EQ(entry.method, "GET");
  EXPECT_EQ(entry.scheme, "https");
  EXPECT_EQ(entry.host_header, "shop.example");
  EXPECT_EQ(entry.path, "/api/v2/items");
  EXPECT_EQ(entry.query_string, "page=2&q=a%20b");
  EXPECT_EQ(entry.full_url, "https://shop.example/api/v2/items?page=2&q=a%20b");
  EXPECT_EQ(entry.api_version, "v2");
  EXPECT_EQ(entry.proto, "HTTP/1.1");
  EXPECT_EQ(entry.tls_version, "1.3");
  EXPECT_EQ(entry.tls_cipher, "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(entry.client_ip, "203.0.113.9");
  EXPECT_EQ(entry.client_port, 51234);
  EXPECT_EQ(entry.client_type, "other");
  EXPECT_EQ(entry.origin, "unknown");
  EXPECT_EQ(entry.user_agent, "curl/8.0");
  EXPECT_EQ(entry.status_code, 200);
  EXPECT_FALSE(entry.is_error);
  EXPECT_EQ(entry.trace_id, entry.uuid);
  EXPECT_EQ(entry.request_id, "8293a4b5");
  EXPECT_EQ(entry.span_id.size(), 16u);
  EXPECT_EQ(entry.latency_breakdown, R"({"total_us":12499})");
  ASSERT_EQ(entry.request_headers.pairs.size(), 3u);
  EXPECT_EQ(entry.request_headers.pairs[1].name, "user-agent");
  EXPECT_EQ(header(entry.response_headers.pairs, "content-type"), "application/json");
}

TEST_F(CaptureTest, every_form_of_target_is_understood) {
  struct Case {
    std::string_view method, target, path, query, full_url;
  };
  const Case cases[] = {
      {"GET", "/", "/", "", "http://h/"},
      {"GET", "/a?", "/a", "", "http://h/a"},
      {"GET", "/a?b?c=d", "/a", "b?c=d", "http://h/a?b?c=d"},
      {"GET", "/%41%2F?x", "/%41%2F", "x", "http://h/%41%2F?x"},
      {"GET", "http://u:p@other/a?b=c", "/a", "b=c", "http://h/a?b=c"},
      {"GET", "http://other", "/", "", "http://h/"},
      {"GET", "//double//slash", "//double//slash", "", "http://h//double//slash"},
      {"OPTIONS", "*", "*", "", "http://h"},
      {"CONNECT", "db.example:443", "db.example:443", "", "http://h"},
      {"GET", "/a?token=abc&b=1", "/a", "token=***&b=1", "http://h/a?token=***&b=1"},
      {"GET", "/pay/4111111111111111?x=1", "/pay/***", "x=1", "http://h/pay/***?x=1"},
      {"GET", "", "", "", "http://h"},
  };
  for (const Case& c : cases) {
    Exchange& exchange = begin();
    exchange.request_line(c.method, c.target, "HTTP/1.1");
    exchange.scheme("http");
    exchange.request_header("Host", "h");
    const EntryView& entry = finish();
    EXPECT_EQ(entry.path, c.path) << c.target;
    EXPECT_EQ(entry.query_string, c.query) << c.target;
    EXPECT_EQ(entry.full_url, c.full_url) << c.target;
  }
}

TEST_F(CaptureTest, a_decoded_path_is_encoded_again) {
  Exchange& exchange = begin();
  exchange.request_line_decoded("GET", "/a b/\xE4\xBD\xA0?%", "x=1", "HTTP/2");
  const EntryView& entry = finish();
  EXPECT_EQ(entry.path, "/a%20b/%E4%BD%A0%3F%25");
  EXPECT_EQ(entry.query_string, "x=1");
}

TEST_F(CaptureTest, client_type_and_origin_follow_the_first_rule_that_applies) {
  struct Case {
    std::vector<std::pair<std::string_view, std::string_view>> headers;
    std::string_view type, origin;
  };
  constexpr std::string_view kBrowser = "Mozilla/5.0 (X11) Firefox/120.0";
  const Case cases[] = {
      {{}, "other", "unknown"},
      {{{"User-Agent", kBrowser}}, "other", "unknown"},
      {{{"User-Agent", kBrowser}, {"Referer", "https://h/p?token=a"}}, "web", "https://h/p?token=***"},
      {{{"User-Agent", kBrowser}, {"Origin", "https://h"}}, "web", "https://h"},
      {{{"User-Agent", kBrowser}, {"Origin", "https://o"}, {"Referer", "https://r/"}}, "web", "https://r/"},
      {{{"User-Agent", kBrowser}, {"Sec-Fetch-Site", "same-origin"}}, "web", "unknown"},
      {{{"User-Agent", "curl/8"}, {"Referer", "https://h/"}}, "other", "unknown"},
      {{{"User-Agent", "Mozilla/5.0 MICROMESSENGER/8"}, {"Referer", "https://h/"}}, "miniprogram", "miniprogram:"},
      {{{"User-Agent", "x miniProgram"}, {"X-MiniProgram-AppId", "wx1"}, {"X-MiniProgram-Path", "/p"}},
       "miniprogram",
       "miniprogram:wx1/p"},
      {{{"X-Caller-Service", "billing"}, {"X-Caller-Version", "1.2"}}, "server", "server:billing/1.2"},
      {{{"X-Caller-Service", "billing"}, {"X-App-Name", "a"}}, "server", "server:billing/"},
      {{{"X-App-Name", "shop"}, {"X-App-Version", "3"}, {"X-App-Scene", "home"}}, "app", "app:shop/3/home"},
      {{{"X-Client-Type", "app"}, {"X-Caller-Service", "b"}}, "app", "app://"},
      {{{"X-Client-Type", "toaster"}, {"X-Caller-Service", "b"}}, "server", "server:b/"},
      {{{"X-Client-Type", "web"}}, "web", "unknown"},
  };
  for (const Case& c : cases) {
    Exchange& exchange = begin();
    for (const auto& [name, value] : c.headers) exchange.request_header(name, value);
    const EntryView& entry = finish();
    EXPECT_EQ(entry.client_type, c.type) << c.origin;
    EXPECT_EQ(entry.origin, c.origin);
  }
}

TEST_F(CaptureTest, the_trace_comes_from_what_is_valid) {
  struct Case {
    std::string_view traceparent, x_trace_id, trace_id, tag;
  };
  constexpr std::string_view kUuid = "0192f0c1a2b37c4d8e5f60718293a4b5";
  const Case cases[] = {
      {"", "4BF92F35-77B3-4DA6-A3CE-929D0E0E4736", "4bf92f3577b34da6a3ce929d0e0e4736", ""},
      {"", "trace-7", kUuid, "trace-7"},
      {"", "00000000000000000000000000000000", kUuid, "00000000000000000000000000000000"},
      {"00-bad", "4bf92f3577b34da6a3ce929d0e0e4736", "4bf92f3577b34da6a3ce929d0e0e4736", ""},
      {"00-5bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", "x", "5bf92f3577b34da6a3ce929d0e0e4736", "x"},
  };
  for (const Case& c : cases) {
    Exchange& exchange = begin();
    exchange.peer("127.0.0.1", 1);
    if (!c.traceparent.empty()) exchange.request_header("traceparent", c.traceparent);
    exchange.request_header("X-Trace-ID", c.x_trace_id);
    exchange.request_header("X-Parent-Span-ID", "b7ad6b7169203331");
    const EntryView& entry = finish();
    EXPECT_EQ(entry.trace_id, c.trace_id);
    EXPECT_EQ(tag("x_trace_id") == nullptr ? "" : tag("x_trace_id")->text, c.tag);
    EXPECT_EQ(entry.parent_span_id, c.traceparent.size() == 55 ? "00f067aa0ba902b7" : "b7ad6b7169203331");
  }
}

TEST_F(CaptureTest, what_the_application_says_of_user_and_session_wins_and_stays) {
  Exchange& exchange = begin();
  exchange.peer("127.0.0.1", 1);
  exchange.request_header("X-User-ID", "header");
  exchange.request_header("X-Session-ID", "header");
  exchange.set_user("ann");
  exchange.set_session("s-1");
  const EntryView& entry = finish();
  EXPECT_EQ(entry.user_id, "ann");
  EXPECT_EQ(entry.session_id, "s-1");
}

TEST_F(CaptureTest, status_and_outcome_decide_what_failed) {
  struct Case {
    int status;
    Outcome outcome;
    bool thrown, business;
    int status_code;
    std::string_view type;
  };
  const Case cases[] = {
      {200, Outcome::kComplete, false, false, 200, ""},
      {399, Outcome::kComplete, false, false, 399, ""},
      {404, Outcome::kComplete, false, false, 404, "http_error"},
      {500, Outcome::kComplete, false, false, 500, "http_error"},
      {504, Outcome::kComplete, false, false, 504, "timeout"},
      {0, Outcome::kTimeout, false, false, 504, "timeout"},
      {503, Outcome::kTimeout, false, false, 503, "timeout"},
      {0, Outcome::kAborted, false, false, 499, "aborted"},
      {200, Outcome::kAborted, false, false, 200, "aborted"},
      {0, Outcome::kAbandoned, false, false, 499, "aborted"},
      {204, Outcome::kAbandoned, false, false, 204, ""},
      {0, Outcome::kComplete, true, false, 500, "panic"},
      {200, Outcome::kComplete, true, false, 200, "panic"},
      {0, Outcome::kAborted, true, false, 500, "panic"},
      {0, Outcome::kUpgraded, false, false, 101, ""},
      {400, Outcome::kRejected, false, false, 400, "http_error"},
      {200, Outcome::kComplete, false, true, 200, "business_error"},
      {422, Outcome::kComplete, false, true, 422, "business_error"},
      {0, Outcome::kComplete, false, false, 0, ""},
  };
  for (const Case& c : cases) {
    Exchange& exchange = begin();
    if (c.status != 0) exchange.status(c.status);
    if (c.thrown) exchange.exception(std::make_exception_ptr(std::runtime_error("boom")));
    if (c.business) exchange.mark_business_error("out of stock, token=abc");
    const EntryView& entry = finish(c.outcome);
    EXPECT_EQ(entry.status_code, c.status_code) << c.status << c.type;
    EXPECT_EQ(entry.error_type, c.type) << c.status;
    EXPECT_EQ(entry.is_error, !c.type.empty());
    EXPECT_EQ(entry.error_message, c.thrown ? "std::runtime_error: boom" : c.business ? "out of stock, token=***" : "");
  }
}

TEST_F(CaptureTest, the_newest_frames_of_a_stack_are_kept) {
  Config config;
  config.max_stack_size = 40;
  Exchange& exchange = begin(config);
  exchange.exception("KeyError", "'password': 'x'", "oldest frame\nmiddle frame\nnewest frame\n", "views.py:7 in show");
  exchange.exception("Second", "is ignored", "", "");
  const EntryView& entry = finish();
  EXPECT_EQ(entry.error_message, "KeyError: 'password': '***'");
  EXPECT_EQ(entry.error_stack, "oldest frame\nmiddle frame\nnewest frame\n");
  config.max_stack_size = 30;
  begin(config).exception("KeyError", "", "oldest frame\nmiddle frame\nnewest frame\n", "views.py:7 in show");
  EXPECT_EQ(finish().error_stack, "...[truncated]\nnewest frame\n");
  EXPECT_EQ(recorder_->entry.panic_location, "views.py:7 in show");
}

TEST_F(CaptureTest, bodies_are_counted_and_only_copied_on_request) {
  Config counted_only;
  counted_only.capture_bodies = false;
  begin(counted_only).request_body("{\"a\":1}");
  exchange_.response_body_size(1 << 20, BodyKind::kFile);
  const EntryView& counted = finish();
  EXPECT_EQ(counted.request_body.text, "");
  EXPECT_EQ(counted.request_body_size, 7u);
  EXPECT_EQ(counted.response_body_size, 1u << 20);

  begin(with_bodies()).request_header("Content-Type", "application/json");
  exchange_.request_body("{\"password\":\"a");
  exchange_.request_body("bc\",\"b\":1}");
  const EntryView& copied = finish();
  EXPECT_EQ(copied.request_body.text, R"({"password":"***","b":1})");
  EXPECT_FALSE(copied.request_body.cut);
  EXPECT_EQ(copied.request_body_size, 24u);
}

TEST_F(CaptureTest, a_long_body_is_bounded_counted_and_masked_at_its_cut) {
  Config config = with_bodies();
  config.max_body_size = 100;
  begin(config);
  const std::string filler(150, 'x');
  exchange_.response_body(filler + " 4111 1111 1");
  exchange_.response_body("111 1111 and much more");
  const EntryView& entry = finish();
  EXPECT_EQ(entry.response_body_size, 150u + 12 + 22);
  EXPECT_TRUE(entry.response_body.cut);
  EXPECT_EQ(entry.response_body.text, filler + " ***");
}

TEST_F(CaptureTest, what_is_no_text_is_told_by_type_and_size) {
  struct Case {
    std::string_view type, encoding, body, text;
  };
  constexpr std::string_view kNul("a\0b", 3);
  const Case cases[] = {
      {"image/png", "", "x", "[binary image/png 1 bytes]"},
      {"application/octet-stream", "", "\x01y", "[binary application/octet-stream 2 bytes]"},
      {"application/json", "aes128gcm", "xyz", "[binary application/json 3 bytes]"},
      {"text/plain; charset=ibm037", "", "\xA7\xA8\xA9", "[binary text/plain 3 bytes]"},
      {"", "", kNul, "[binary application/octet-stream 3 bytes]"},
      {"text/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijklmnop", "", kNul, "[binary text/*** 3 bytes]"},
      {"", "", "plain", "plain"},
      {"image/svg+xml", "", "<svg/>", "<svg/>"},
      {"application/problem+json; charset=utf-8", "identity", "{}", "{}"},
      {"application/x-www-form-urlencoded", "", "a=1&pwd=x", "a=1&pwd=***"},
  };
  for (const Case& c : cases) {
    begin(with_bodies()).request_header("content-type", c.type);
    exchange_.request_header("content-encoding", c.encoding);
    exchange_.request_body(c.body);
    EXPECT_EQ(finish().request_body.text, c.text) << c.type;
  }
}

TEST_F(CaptureTest, a_failing_response_explains_itself) {
  begin(with_bodies()).status(422);
  exchange_.response_body("{\"error\":\"bad\",\"token\":\"abc\"}");
  EXPECT_EQ(finish().error_message, R"({"error":"bad","token":"***"})");
}

TEST_F(CaptureTest, tags_keep_their_kind_and_lose_their_secrets) {
  begin().add_tag("plan", TagValue(std::string("gold")));
  exchange_.add_tag("plan", TagValue(std::string("silver")));
  exchange_.add_tag("items", TagValue(std::int64_t{3}));
  exchange_.add_tag("ratio", TagValue(0.5));
  exchange_.add_tag("new", TagValue(true));
  exchange_.add_tag("api_key", TagValue(std::string("abc")));
  exchange_.add_tag("pwd", TagValue(std::int64_t{1234}));
  exchange_.add_tag("number", TagValue(std::int64_t{4111111111111111}));
  exchange_.add_tag("k ghp_abcdefghijklmnopqrstuvwxyz0123456789", TagValue(true));
  exchange_.route("/items/{id}");
  const EntryView& entry = finish();
  EXPECT_EQ(entry.tags.size(), 10u);
  EXPECT_EQ(tag("plan")->text, "silver");
  EXPECT_EQ(tag("items")->integer, 3);
  EXPECT_EQ(tag("ratio")->real, 0.5);
  EXPECT_TRUE(tag("new")->boolean);
  EXPECT_EQ(tag("api_key")->text, "***");
  EXPECT_EQ(tag("pwd")->kind, TagView::Kind::kText);
  EXPECT_EQ(tag("pwd")->text, "***");
  EXPECT_EQ(tag("number")->text, "***");
  EXPECT_NE(tag("k ***"), nullptr);
  EXPECT_EQ(tag("route")->text, "/items/{id}");
}

TEST_F(CaptureTest, secrets_leave_headers_and_urls_wherever_they_stand) {
  begin().request_line("POST", "/login?token=S3CRET", "HTTP/1.1");
  exchange_.peer("127.0.0.1", 1);
  exchange_.request_header_block(
      "Host: h\r\nAuthorization: Bearer S3CRET\r\nCookie: sid=S3CRET\r\n\tfolded=S3CRET\r\nReferer: "
      "https://h/?password=S3CRET\r\nX-Api-Key: S3CRET\r\nX-Parent-Span-ID: token=S3CRET\r\nUser-Agent: "
      "pwd=S3CRET\r\n");
  exchange_.response_header("Set-Cookie", "sid=S3CRET");
  exchange_.response_header("Location", "https://u:S3CRET@h/");
  exchange_.status(302);
  const EntryView& entry = finish();
  for (const auto& side : {entry.request_headers, entry.response_headers})
    for (const HeaderView& each : side.pairs) EXPECT_EQ(each.value.find("S3CRET"), std::string_view::npos) << each.name;
  for (const std::string_view field : {entry.full_url, entry.query_string, entry.path, entry.referer, entry.origin,
                                       entry.user_agent, entry.parent_span_id})
    EXPECT_EQ(field.find("S3CRET"), std::string_view::npos) << field;
  EXPECT_EQ(header(entry.request_headers.pairs, "authorization"), "Bearer ***");
  EXPECT_EQ(entry.referer, "https://h/?password=***");
}

TEST_F(CaptureTest, an_absurd_number_of_headers_is_bounded) {
  begin();
  for (int i = 0; i < 100'000; ++i) exchange_.request_header("x-" + std::to_string(i), "value");
  exchange_.response_header("big", std::string(1 << 20, 'x'));
  exchange_.response_header("after", "y");
  const EntryView& entry = finish();
  EXPECT_EQ(entry.request_headers.pairs.size(), kMaxCopiedHeaders + 1);
  EXPECT_EQ(entry.request_headers.pairs.back().name, "...");
  EXPECT_LE(entry.response_headers.pairs.front().value.size(), kMaxCopiedHeaderBytes);
  EXPECT_EQ(entry.response_headers.pairs.back().name, "...");
}

TEST_F(CaptureTest, saying_the_same_again_and_again_takes_bounded_memory) {
  begin();
  const std::string large(kMaxCopiedTextBytes, 'x');
  for (int i = 0; i < 1000; ++i) exchange_.add_tag("name", TagValue(large));
  exchange_.set_user("late");
  finish();
  EXPECT_FALSE(recorder_->damaged);
  EXPECT_EQ(recorder_->entry.user_id, "");
}

TEST_F(CaptureTest, excluded_paths_are_matched_without_their_query) {
  Config config;
  config.exclude_paths = {"/healthz", "/static/*"};
  const std::pair<std::string_view, bool> cases[] = {
      {"/healthz", true}, {"/healthz?a=b", true}, {"/healthz/x", false},     {"/static/a.js", true},
      {"/static", false}, {"/", false},           {"http://h/healthz", true}};
  for (const auto& [target, excluded] : cases) {
    begin(config).request_line("GET", target, "HTTP/1.1");
    finish();
    EXPECT_EQ(recorder_->excluded, excluded) << target;
  }
}

TEST_F(CaptureTest, nothing_of_one_exchange_is_seen_in_the_next) {
  recorder_.emplace(with_bodies());
  std::string first;
  for (int round = 0; round < 3; ++round) {
    exchange_ = recorder_->begin();
    if (round == 0) {
      exchange_.request_line("POST", "/a?b=c", "HTTP/1.1");
      exchange_.request_header("X-App-Name", "app");
      exchange_.request_body("body");
      exchange_.exception("E", "m", "s", "l");
      exchange_.add_tag("t", TagValue(true));
      exchange_.mark(Mark::kFirstByte);
      exchange_.set_user("u");
    }
    exchange_.finish();
  }
  const EntryView& entry = recorder_->entry;
  EXPECT_EQ(entry.method, "");
  EXPECT_EQ(entry.query_string, "");
  EXPECT_EQ(entry.client_type, "other");
  EXPECT_EQ(entry.request_body_size, 0u);
  EXPECT_EQ(entry.request_body.text, "");
  EXPECT_FALSE(entry.is_error);
  EXPECT_EQ(entry.tags.size(), 1u) << "ip_rule";
  EXPECT_EQ(entry.latency_breakdown, R"({"total_us":12499})");
  EXPECT_EQ(entry.user_id, "");
}

}  // namespace
}  // namespace logs_sdk
