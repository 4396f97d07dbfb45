// Whose word counts: every header by which a proxy or a caller tells who asks, from a trusted peer and from another.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/capture/capture_fixture.h"

namespace logs_sdk {
namespace {

using Lines = std::vector<std::pair<std::string_view, std::string_view>>;

constexpr std::string_view kTrace = "4bf92f3577b34da6a3ce929d0e0e4736", kOther = "5bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr std::string_view kOtherParent = "00-5bf92f3577b34da6a3ce929d0e0e4736-11f067aa0ba902b7-01";
constexpr std::string_view kUuid = "0192f0c1a2b37c4d8e5f60718293a4b5";  // the recorder's
constexpr std::string_view kRequestId = "8293a4b5";

struct Case {
  std::string_view what;
  Lines headers;
  std::string_view EntryView::*field;
  std::string_view trusted, untrusted;
};

class TrustTest : public CaptureFixture {
 protected:
  const EntryView& capture(std::string_view peer, const Lines& headers) {
    begin().peer(peer, 1);
    exchange_.request_line("GET", "/a", "HTTP/1.1");
    exchange_.scheme("http");
    exchange_.request_header("Host", "inner");
    for (const auto& [name, value] : headers) exchange_.request_header(name, value);
    return finish();
  }
  void check(const std::vector<Case>& cases) {
    for (const Case& c : cases) {
      for (const std::string_view peer : {"127.0.0.1", "10.1.2.3", "fe80::1%eth0", "::ffff:192.168.0.1", "unix"})
        EXPECT_EQ(capture(peer, c.headers).*c.field, c.trusted) << c.what << " from " << peer;
      for (const std::string_view peer : {"203.0.113.9", "2001:db8::1", "::ffff:203.0.113.9", "localhost", ""})
        EXPECT_EQ(capture(peer, c.headers).*c.field, c.untrusted) << c.what << " from " << peer;
    }
  }
};

TEST_F(TrustTest, identity_and_trace_count_from_a_trusted_peer_only) {
  using E = EntryView;
  check({
      {"user", {{"X-User-ID", "u1"}}, &E::user_id, "u1", ""},
      {"user, again", {{"X-User-ID", "sent"}, {"x-user-id", "set"}}, &E::user_id, "set", ""},
      {"user, empty", {{"X-User-ID", " "}}, &E::user_id, "", ""},
      {"session", {{"X-Session-ID", "abc"}}, &E::session_id, "sha256:ba7816bf8f01cfea", ""},
      {"session, again",
       {{"X-Session-ID", "x"}, {"X-Session-ID", "abc"}},
       &E::session_id,
       "sha256:ba7816bf8f01cfea",
       ""},
      {"session, empty", {{"X-Session-ID", ""}}, &E::session_id, "", ""},
      {"request", {{"X-Request-ID", "req-1"}}, &E::request_id, "req-1", kRequestId},
      {"request, again", {{"X-Request-ID", "sent"}, {"X-Request-ID", "set"}}, &E::request_id, "set", kRequestId},
      {"request, empty", {{"X-Request-ID", ""}}, &E::request_id, kRequestId, kRequestId},
      {"traceparent", {{"traceparent", kParent}}, &E::trace_id, kTrace, kUuid},
      {"traceparent", {{"Traceparent", kParent}}, &E::parent_span_id, "00f067aa0ba902b7", ""},
      {"a later version",
       {{"traceparent", "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what"}},
       &E::trace_id,
       kTrace,
       kUuid},
      {"no version",
       {{"traceparent", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}},
       &E::trace_id,
       kUuid,
       kUuid},
      {"no parent",
       {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"}},
       &E::trace_id,
       kUuid,
       kUuid},
      {"upper case",
       {{"traceparent", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01"}},
       &E::trace_id,
       kUuid,
       kUuid},
      {"two of them", {{"traceparent", kParent}, {"traceparent", kOtherParent}}, &E::trace_id, kUuid, kUuid},
      {"two of them", {{"traceparent", kParent}, {"traceparent", kOtherParent}}, &E::parent_span_id, "", ""},
      {"tracestate alone", {{"tracestate", "rojo=00f067aa0ba902b7"}}, &E::trace_id, kUuid, kUuid},
      {"tracestate beside it", {{"traceparent", kParent}, {"tracestate", "junk, junk,="}}, &E::trace_id, kTrace, kUuid},
      {"trace", {{"X-Trace-ID", kTrace}}, &E::trace_id, kTrace, kUuid},
      {"trace, again", {{"X-Trace-ID", kOther}, {"X-Trace-ID", kTrace}}, &E::trace_id, kTrace, kUuid},
      {"traceparent goes first", {{"X-Trace-ID", kOther}, {"traceparent", kParent}}, &E::trace_id, kTrace, kUuid},
      {"but not an invalid one", {{"X-Trace-ID", kOther}, {"traceparent", "00-x"}}, &E::trace_id, kOther, kUuid},
      {"parent span", {{"X-Parent-Span-ID", "b7ad6b7169203331"}}, &E::parent_span_id, "b7ad6b7169203331", ""},
      {"parent span, again",
       {{"X-Parent-Span-ID", "x"}, {"X-Parent-Span-ID", "b7ad6b7169203331"}},
       &E::parent_span_id,
       "b7ad6b7169203331",
       ""},
      {"traceparent's goes first",
       {{"X-Parent-Span-ID", "b7ad6b7169203331"}, {"traceparent", kParent}},
       &E::parent_span_id,
       "00f067aa0ba902b7",
       ""},
      {"request start",
       {{"X-Request-Start", "t=1699999999.5"}},
       &E::latency_breakdown,
       R"({"queue_us":500000,"total_us":12499})",
       R"({"total_us":12499})"},
      {"request start, again",
       {{"X-Request-Start", "t=1"}, {"X-Request-Start", "t=1699999999.5"}},
       &E::latency_breakdown,
       R"({"queue_us":500000,"total_us":12499})",
       R"({"total_us":12499})"},
  });
}

TEST_F(TrustTest, scheme_and_host_are_those_of_the_proxy_that_named_the_client) {
  using E = EntryView;
  check({
      {"scheme", {{"X-Forwarded-Proto", "https"}}, &E::scheme, "https", "http"},
      {"scheme", {{"X-Forwarded-Proto", "https"}}, &E::full_url, "https://inner/a", "http://inner/a"},
      {"scheme of a websocket", {{"X-Forwarded-Proto", "wss"}}, &E::scheme, "wss", "http"},
      {"scheme in any case", {{"X-Forwarded-Proto", "HTTPS"}}, &E::scheme, "https", "http"},
      {"no scheme", {{"X-Forwarded-Proto", "javascript"}}, &E::scheme, "http", "http"},
      {"no scheme", {{"X-Forwarded-Proto", "https://"}}, &E::scheme, "http", "http"},
      {"no scheme", {{"X-Forwarded-Proto", ""}}, &E::scheme, "http", "http"},
      {"host", {{"X-Forwarded-Host", "outer:8443"}}, &E::host_header, "outer:8443", "inner"},
      {"host", {{"X-Forwarded-Host", "outer"}}, &E::full_url, "http://outer/a", "http://inner/a"},
      {"host with user info", {{"X-Forwarded-Host", "u:p@outer"}}, &E::host_header, "outer", "inner"},
      {"no host", {{"X-Forwarded-Host", " , "}}, &E::host_header, "inner", "inner"},
      // One proxy: what stands before its own element was sent by the client.
      {"appended", {{"X-Forwarded-Host", "spoofed, outer"}}, &E::host_header, "outer", "inner"},
      {"appended", {{"X-Forwarded-Host", "spoofed"}, {"X-Forwarded-Host", "outer"}}, &E::host_header, "outer", "inner"},
      {"appended", {{"X-Forwarded-Proto", "http,https"}}, &E::scheme, "https", "http"},
      {"appended",
       {{"X-Forwarded-For", "6.6.6.6, 1.1.1.1"}, {"X-Forwarded-Host", "spoofed, outer"}},
       &E::host_header,
       "outer",
       "inner"},
      // Two: the one that named the client is the second from the right.
      {"two appended",
       {{"X-Forwarded-For", "1.1.1.1, 10.0.0.2"}, {"X-Forwarded-Host", "outer, middle"}},
       &E::host_header,
       "outer",
       "inner"},
      {"two appended to more",
       {{"X-Forwarded-For", "6.6.6.6, 1.1.1.1, 10.0.0.2"}, {"X-Forwarded-Host", "spoofed, outer, , middle"}},
       &E::host_header,
       "outer",
       "inner"},
      {"two appended",
       {{"Forwarded", "for=1.1.1.1, for=10.0.0.2"}, {"X-Forwarded-Proto", "https, http"}},
       &E::scheme,
       "https",
       "http"},
      // The first of them alone wrote it, or each wrote over what was there.
      {"one of two",
       {{"X-Forwarded-For", "1.1.1.1, 10.0.0.2"}, {"X-Forwarded-Proto", "https"}},
       &E::scheme,
       "https",
       "http"},
      // Of Forwarded nothing but the address counts.
      {"of Forwarded",
       {{"Forwarded", "for=1.1.1.1;proto=https;host=outer"}},
       &E::full_url,
       "http://inner/a",
       "http://inner/a"},
  });
}

TEST_F(TrustTest, what_says_what_a_client_is_counts_from_everybody) {
  using E = EntryView;
  check({{"client type", {{"X-Client-Type", "app"}}, &E::client_type, "app", "app"},
         {"caller", {{"X-Caller-Service", "billing"}}, &E::origin, "server:billing/", "server:billing/"}});
}

TEST_F(TrustTest, the_application_is_told_the_identity_that_the_entry_has) {
  for (const bool trusted : {true, false}) {
    begin().peer(trusted ? "10.1.2.3" : "203.0.113.9", 1);
    exchange_.request_header("traceparent", kParent);
    exchange_.request_header("X-Request-ID", "req-1");
    EXPECT_EQ(exchange_.trace_id(), trusted ? kTrace : exchange_.uuid());
    EXPECT_EQ(exchange_.request_id(), trusted ? "req-1" : kRequestId);
    const std::string trace_id(exchange_.trace_id());
    EXPECT_EQ(finish().trace_id, trace_id);
  }
}

TEST_F(TrustTest, a_trace_that_is_none_is_kept_as_a_tag_of_a_trusted_peer) {
  capture("10.0.0.1", {{"X-Trace-ID", "trace-7"}});
  ASSERT_NE(tag("x_trace_id"), nullptr);
  EXPECT_EQ(tag("x_trace_id")->text, "trace-7");
  capture("203.0.113.9", {{"X-Trace-ID", "trace-7"}});
  EXPECT_EQ(tag("x_trace_id"), nullptr);
}

// The proxy's own line may be the one for which there was no room: then none of that name counts.
TEST_F(TrustTest, of_a_header_that_was_not_kept_to_its_end_nothing_counts) {
  const std::string filler(kMaxCopiedHeaderBytes - 200, 'x');
  for (const std::string_view name : {"X-User-ID", "X-Session-ID", "X-Request-ID", "X-Trace-ID", "X-Parent-Span-ID",
                                      "X-Forwarded-Proto", "X-Forwarded-Host", "X-Request-Start", "traceparent"}) {
    const std::string_view value = name == "traceparent"         ? kParent
                                   : name == "X-Trace-ID"        ? kTrace
                                   : name == "X-Forwarded-Proto" ? "https"
                                                                 : "t=1699999999";
    const EntryView& entry = capture("10.0.0.1", {{name, value}, {"X-Filler", filler}, {name, filler}});
    EXPECT_EQ(entry.user_id, "") << name;
    EXPECT_EQ(entry.session_id, "") << name;
    EXPECT_EQ(entry.request_id, kRequestId) << name;
    EXPECT_EQ(entry.trace_id, kUuid) << name;
    EXPECT_EQ(entry.parent_span_id, "") << name;
    EXPECT_EQ(entry.full_url, "http://inner/a") << name;
    EXPECT_EQ(entry.latency_breakdown, R"({"total_us":12499})") << name;
  }
}

TEST_F(TrustTest, what_was_repeated_or_lost_in_one_exchange_counts_in_the_next) {
  const std::string filler(kMaxCopiedHeaderBytes, 'x');
  capture("10.0.0.1", {{"traceparent", kParent}, {"traceparent", kParent}, {"X-User-ID", filler}});
  exchange_ = recorder_->begin();  // from the same pool
  exchange_.peer("10.0.0.1", 1);
  exchange_.request_header("traceparent", kParent);
  exchange_.request_header("X-User-ID", "u1");
  const EntryView& entry = finish();
  EXPECT_EQ(entry.trace_id, kTrace);
  EXPECT_EQ(entry.user_id, "u1");
}

}  // namespace
}  // namespace logs_sdk
