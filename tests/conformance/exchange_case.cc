#include "tests/conformance/exchange_case.h"

namespace logs_sdk::conformance {
namespace {

using Json = nlohmann::json;

constexpr char kHost[] = "Host: app.example:8080\r\n";
constexpr char kLast[] = "Connection: close\r\n\r\n";

std::string get(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\n" + kHost + headers + kLast;
}

std::string post(const std::string& target, const std::string& type, const std::string& body) {
  return "POST " + target + " HTTP/1.1\r\n" + kHost + "Content-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + kLast + body;
}

ExchangeCase plain_get() {
  return {"a_get",
          get("/hello?colour=red&x=%20y", "User-Agent: test/1.0\r\n"),
          {{.fields = {{"method", "GET"},
                       {"path", "/hello"},
                       {"query_string", "colour=red&x=%20y"},
                       {"full_url", "http://app.example:8080/hello?colour=red&x=%20y"},
                       {"scheme", "http"},
                       {"host_header", "app.example:8080"},
                       {"proto", "HTTP/1.1"},
                       {"status_code", 200},
                       {"is_error", false},
                       {"error_type", ""},
                       {"user_agent", "test/1.0"},
                       {"client_ip", "127.0.0.1"},
                       {"request_body", ""},
                       {"request_body_size", 0},
                       {"response_body", "hello"},
                       {"response_body_size", 5},
                       {"project_slug", "conformance"},
                       {"service_name", "sample"}},
            .request_headers = {{"host", "app.example:8080"}, {"user-agent", "test/1.0"}},
            .response_headers = {{"content-type", "text/plain"}}}}};
}

ExchangeCase post_of_json() {
  const std::string body = R"({"name":"Zo\u00eb","count":3})";
  return {"a_post_of_json",
          post("/echo", "application/json", body),
          {{.fields = {{"method", "POST"},
                       {"path", "/echo"},
                       {"content_type", "application/json"},
                       {"status_code", 200},
                       {"request_body", body},
                       {"request_body_size", body.size()},
                       {"response_body", body},
                       {"response_body_size", body.size()}},
            .response_headers = {{"content-type", "application/json"}}}}};
}

ExchangeCase unknown_path() {
  return {"an_unknown_path",
          get("/nothing/here"),
          {{.fields = {
                {"path", "/nothing/here"}, {"status_code", 404}, {"is_error", true}, {"error_type", "http_error"}}}}};
}

ExchangeCase standard_exception() {
  return {"an_exception_of_the_standard_library",
          get("/throw/std"),
          {{.fields = {{"path", "/throw/std"}, {"status_code", 500}, {"is_error", true}, {"error_type", "panic"}},
            .contains = {{"error_message", {"std::runtime_error", "broken"}}}}}};
}

ExchangeCase other_exception() {
  return {"an_exception_of_another_type",
          get("/throw/other"),
          {{.fields = {{"path", "/throw/other"}, {"status_code", 500}, {"is_error", true}, {"error_type", "panic"}},
            .contains = {{"error_message", {"int"}}}}}};
}

ExchangeCase late_exception() {
  return {"an_exception_after_half_an_answer",
          get("/throw/late"),
          {{.fields = {{"path", "/throw/late"}, {"status_code", 500}, {"error_type", "panic"}},
            .contains = {{"error_message", {"late"}}}}}};
}

// Ranges, had they been applied to what a handler left before it threw, would change the bytes.
ExchangeCase late_exception_with_ranges() {
  ExchangeCase one = late_exception();
  one.name = "an_exception_after_half_an_answer_of_which_ranges_were_wanted";
  one.sent = get("/throw/late", "Range: bytes=0-3, 5-6\r\nAccept-Encoding: gzip\r\n");
  return one;
}

ExchangeCase two_on_one_connection() {
  return {"two_requests_on_one_connection",
          "GET /hello HTTP/1.1\r\n" + std::string(kHost) + "\r\n",
          {{.fields = {{"path", "/hello"}, {"status_code", 200}, {"request_body_size", 0}}},
           {.fields = {{"path", "/echo"}, {"status_code", 200}, {"request_body", "second"}}}},
          Leaving::kWhenServerCloses,
          0,
          post("/echo", "text/plain", "second")};
}

ExchangeCase repeated_headers() {
  return {"repeated_headers",
          get("/headers", "X-In: a\r\nX-IN: b\r\n"),
          {{.fields = {{"status_code", 200}},
            .request_headers = {{"x-in", "a, b"}},
            .response_headers = {{"x-out", "one, two"}}}}};
}

ExchangeCase not_utf8() {
  const std::string body = "caf\xe9 \xff end";
  ExchangeCase one{"bytes_that_are_not_utf8",
                   post("/echo?\xfe", "text/plain", body),
                   {{.fields = {{"path", "/echo"},
                                {"query_string", "\xef\xbf\xbd"},
                                {"status_code", 200},
                                {"request_body", "caf\xef\xbf\xbd \xef\xbf\xbd end"},
                                {"request_body_size", body.size()},
                                {"response_body_size", body.size()}},
                     .request_headers = {{"x-raw", "\xef\xbf\xbd"}}}}};
  one.sent.insert(one.sent.find("Connection:"), "X-Raw: \xff\r\n");
  return one;
}

ExchangeCase path_not_utf8() {
  return {"a_path_that_is_not_utf8",
          get("/\xe9t\xe9"),
          {{.fields = {{"path", "/\xef\xbf\xbdt\xef\xbf\xbd"}, {"status_code", 404}}}}};
}

ExchangeCase body_over_the_limit() {
  const std::string body(10 * kMaxBodyBytes, 'x');
  const std::string cut = std::string(kMaxBodyBytes, 'x') + "...[truncated]";
  return {"a_body_over_the_limit",
          post("/echo", "text/plain", body),
          {{.fields = {{"request_body", cut},
                       {"response_body", cut},
                       {"request_body_size", body.size()},
                       {"response_body_size", body.size()}}}}};
}

ExchangeCase head() {
  return {"a_head",
          "HEAD /hello HTTP/1.1\r\n" + std::string(kHost) + kLast,
          {{.fields = {{"method", "HEAD"},
                       {"path", "/hello"},
                       {"status_code", 200},
                       {"response_body", ""},
                       {"response_body_size", 0}}}}};
}

ExchangeCase streamed() {
  return {"a_streamed_response",
          get("/stream"),
          {{.fields = {{"path", "/stream"},
                       {"status_code", 200},
                       {"response_body", "first,second,third"},
                       {"response_body_size", 18}}}}};
}

ExchangeCase aborted_request() {
  return {"a_client_that_leaves_in_the_middle_of_its_body",
          "POST /echo HTTP/1.1\r\n" + std::string(kHost) +
              "Content-Type: text/plain\r\nContent-Length: 100\r\n\r\nonly so much",
          {{.fields = {{"method", "POST"},
                       {"path", "/echo"},
                       {"status_code", 499},
                       {"is_error", true},
                       {"error_type", "aborted"},
                       {"request_body_size", 12}}}},
          Leaving::kAtOnce};
}

ExchangeCase aborted_response() {
  return {"a_client_that_leaves_in_the_middle_of_the_response",
          get("/endless"),
          {{.fields = {{"path", "/endless"}, {"is_error", true}, {"error_type", "aborted"}}}},
          Leaving::kAtOnce,
          1000};
}

ExchangeCase malformed() {
  return {"a_request_that_cannot_be_read",
          "what is this\r\n\r\n",
          {{.fields = {{"status_code", 400}, {"is_error", true}, {"error_type", "http_error"}}}},
          Leaving::kWhenServerCloses,
          0,
          "",
          true};
}

ExchangeCase secrets() {
  return {
      "secrets_in_headers_and_query",
      get("/hello?token=hush-hush&ok=1", "Authorization: Bearer hush-hush\r\nCookie: id=hush-hush\r\n"),
      {{.fields = {{"query_string", "token=***&ok=1"}, {"full_url", "http://app.example:8080/hello?token=***&ok=1"}},
        .request_headers = {{"authorization", "Bearer ***"}, {"cookie", "***"}}}}};
}

}  // namespace

const std::vector<ExchangeCase>& exchange_cases() {
  static const std::vector<ExchangeCase> cases = {plain_get(),
                                                  post_of_json(),
                                                  unknown_path(),
                                                  standard_exception(),
                                                  other_exception(),
                                                  late_exception(),
                                                  late_exception_with_ranges(),
                                                  two_on_one_connection(),
                                                  repeated_headers(),
                                                  not_utf8(),
                                                  path_not_utf8(),
                                                  body_over_the_limit(),
                                                  head(),
                                                  streamed(),
                                                  aborted_request(),
                                                  aborted_response(),
                                                  malformed(),
                                                  secrets()};
  return cases;
}

}  // namespace logs_sdk::conformance
