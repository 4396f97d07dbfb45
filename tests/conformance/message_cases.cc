// What stands in a request and a response, and how it stands in the entry.
#include <stdexcept>

#include "src/base/compression.h"
#include "tests/conformance/adapter_under_test.h"
#include "tests/conformance/exchange_case.h"

namespace logs_sdk::conformance {
namespace {

using Json = nlohmann::json;

// Whether latency_breakdown has a member.
Sighting time(Sight sight, const std::string& member) {
  const Json part = {{"latency_breakdown", {"\"" + member + "\":"}}};
  return {sight, {.contains = part}, {.lacks = part}};
}

ExchangeCase plain_get() {
  return {"a_get",
          ask(get("/hello?colour=red&x=%20y", "User-Agent: test/1.0\r\n")),
          {{{.fields = {{"method", "GET"},
                        {"path", "/hello"},
                        {"query_string", "colour=red&x=%20y"},
                        {"scheme", kScheme},
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
             .response_headers = {{"content-type", "text/plain"}},
             .contains = {{"full_url", {"://app.example:8080/hello?colour=red&x=%20y"}},
                          {"latency_breakdown", {"\"total_us\":"}}}},
            {{Sight::kClientPort, {.fields = {{"client_port", kClientPort}}}, {.fields = {{"client_port", 0}}}},
             {Sight::kTls,
              {.fields = {{"tls_version", kTlsVersion}, {"tls_cipher", kTlsCipher}}},
              {.fields = {{"tls_version", ""}, {"tls_cipher", ""}}}},
             time(Sight::kFirstByteTime, "first_byte_us"),
             time(Sight::kResponseTime, "response_us")}}}};
}

ExchangeCase post_of_json() {
  const std::string body = R"({"name":"Zo\u00eb","count":3})";
  return {"a_post_of_json",
          ask(post("/echo", "application/json", body)),
          {{{.fields = {{"method", "POST"},
                        {"path", "/echo"},
                        {"content_type", "application/json"},
                        {"status_code", 200},
                        {"request_body", body},
                        {"request_body_size", body.size()},
                        {"response_body", body},
                        {"response_body_size", body.size()}},
             .response_headers = {{"content-type", "application/json"}}},
            {time(Sight::kRequestBodyTime, "request_body_us"), time(Sight::kHandlerTime, "handler_us")}}}};
}

ExchangeCase head() {
  return {"a_head",
          ask("HEAD" + get("/hello").substr(3)),
          {{{.fields = {{"method", "HEAD"},
                        {"path", "/hello"},
                        {"status_code", 200},
                        {"response_body", ""},
                        {"response_body_size", 0}}}}}};
}

ExchangeCase old_protocol() {
  return {
      "a_get_of_http_1_0",
      ask("GET /hello HTTP/1.0\r\n\r\n"),
      {{{.fields = {{"proto", "HTTP/1.0"}, {"status_code", 200}, {"host_header", ""}, {"response_body", "hello"}}}}}};
}

ExchangeCase chunked_request() {
  return {"a_chunked_request",
          ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"
              "Connection: close\r\n\r\n6\r\nfirst,\r\n6\r\nsecond\r\n0\r\n\r\n"),
          {{{.fields = {{"path", "/echo"},
                        {"status_code", 200},
                        {"request_body", "first,second"},
                        {"request_body_size", 12},
                        {"response_body", "first,second"}}}}}};
}

ExchangeCase compressed_request() {
  const std::string body(kMaxBodyBytes, 'z');
  std::string compressed;
  if (!Compressor().compress(Encoding::kGzip, body, compressed).ok()) throw std::runtime_error("gzip");
  return {
      "a_compressed_request",
      ask(post("/echo", "text/plain", compressed, "Content-Encoding: gzip\r\n")),
      {{{.fields = {{"status_code", 200}, {"request_body", body}}, .request_headers = {{"content-encoding", "gzip"}}},
        {{Sight::kEncodedRequestSize,
          {.fields = {{"request_body_size", compressed.size()}}},
          {.fields = {{"request_body_size", body.size()}}}}}}}};
}

ExchangeCase multipart() {
  const std::string form = "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nholiday\r\n--b--\r\n";
  return {"a_multipart_form",
          ask(post("/echo", "multipart/form-data; boundary=b", form)),
          {{{.fields = {{"status_code", 200}, {"request_body_size", form.size()}}},
            {{Sight::kMultipartBody,
              {.contains = {{"request_body", {"title", "holiday"}}}},
              {.fields = {{"request_body", ""}}}}}}}};
}

ExchangeCase streamed() {
  return {"a_chunked_response",
          ask(get("/stream")),
          {{{.fields = {{"path", "/stream"}, {"status_code", 200}, {"is_error", false}, {"tags", ended_by("server")}}},
            {{Sight::kStreamedBody,
              {.fields = {{"response_body", "first,second,third"}, {"response_body_size", 18}}},
              {.fields = {{"response_body", ""}}}}}}}};
}

ExchangeCase file() {
  return {"a_file",
          ask(get("/files/sample.txt")),
          {{{.fields = {{"path", "/files/sample.txt"},
                        {"status_code", 200},
                        {"is_error", false},
                        {"response_body_size", kSampleFileBytes}},
             .response_headers = {{"content-type", "text/plain"}}},
            {{Sight::kFileBody,
              {.fields = {{"response_body", std::string(kMaxBodyBytes, 'f') + "...[truncated]"}}},
              {.fields = {{"response_body", ""}}}}}}}};
}

ExchangeCase body_over_the_limit() {
  const std::string body(10 * kMaxBodyBytes, 'x');
  const std::string cut = std::string(kMaxBodyBytes, 'x') + "...[truncated]";
  return {"a_body_of_which_only_the_beginning_is_kept",
          ask(post("/echo", "text/plain", body)),
          {{{.fields = {{"request_body", cut},
                        {"response_body", cut},
                        {"request_body_size", body.size()},
                        {"response_body_size", body.size()}}}}}};
}

ExchangeCase repeated_headers() {
  return {"repeated_headers",
          ask(get("/headers", "X-In: a\r\nX-IN: b\r\n")),
          {{{.fields = {{"status_code", 200}},
             .request_headers = {{"x-in", "a, b"}},
             .response_headers = {{"x-out", "one, two"}}}}}};
}

ExchangeCase two_cookies() {
  return {"two_cookies_set",
          ask(get("/cookies")),
          {{{.fields = {{"status_code", 200}}, .response_headers = {{"set-cookie", {"***", "***"}}}}}}};
}

ExchangeCase order_of_headers() {
  const std::string as_sent = R"("x-b":"1","x-a":"2")", sorted = R"("x-a":"2","x-b":"1")";
  return {"headers_in_an_order",
          ask(get("/hello", "X-B: 1\r\nX-A: 2\r\n")),
          {{{.request_headers = {{"x-a", "2"}, {"x-b", "1"}}},
            {{Sight::kHeaderOrder,
              {.contains = {{"request_headers", {as_sent}}}},
              {.contains = {{"request_headers", {sorted}}}}}}}}};
}

ExchangeCase encoded_header() {
  return {"a_header_with_percent_signs",
          ask(get("/hello", "X-In: a%41b\r\n")),
          {{{},
            {{Sight::kRawHeaderValues,
              {.request_headers = {{"x-in", "a%41b"}}},
              {.request_headers = {{"x-in", "aAb"}}}}}}}};
}

ExchangeCase encoded_path() {
  return {"a_percent_encoded_path",
          ask(get("/nothing%20h%65re?q=%2Fa+b")),
          {{{.fields = {{"status_code", 404}}},
            {{Sight::kRawTarget,
              {.fields = {{"path", "/nothing%20h%65re"}, {"query_string", "q=%2Fa+b"}}},
              {.fields = {{"path", "/nothing%20here"}}}}}}}};
}

ExchangeCase absolute_target() {
  return {"a_target_in_absolute_form",
          ask(get("http://other.example/nothing?a=1")),
          {{{.fields = {{"path", "/nothing"}, {"query_string", "a=1"}, {"status_code", 404}}}}}};
}

ExchangeCase not_utf8() {
  const std::string body = "caf\xe9 \xff end";
  return {"bytes_that_are_not_utf8",
          ask(post("/echo?\xfe", "text/plain", body, "X-Raw: \xff\r\n")),
          {{{.fields = {{"path", "/echo"},
                        {"query_string", "\xef\xbf\xbd"},
                        {"status_code", 200},
                        {"request_body", "caf\xef\xbf\xbd \xef\xbf\xbd end"},
                        {"request_body_size", body.size()},
                        {"response_body_size", body.size()}},
             .request_headers = {{"x-raw", "\xef\xbf\xbd"}}}}}};
}

ExchangeCase path_not_utf8() {
  return {"a_path_that_is_not_utf8",
          ask(get("/\xe9t\xe9")),
          {{{.fields = {{"path", "/\xef\xbf\xbdt\xef\xbf\xbd"}, {"status_code", 404}}}}}};
}

ExchangeCase secrets() {
  return {"secrets_in_headers_and_query",
          ask(get("/hello?token=hush-hush&ok=1", "Authorization: Bearer hush-hush\r\nCookie: id=hush-hush\r\n")),
          {{{.fields = {{"query_string", "token=***&ok=1"}},
             .request_headers = {{"authorization", "Bearer ***"}, {"cookie", "***"}},
             .contains = {{"full_url", {"://app.example:8080/hello?token=***&ok=1"}}},
             .lacks = {{"request_headers", {"hush"}}}}}}};
}

ExchangeCase continued() {
  const std::string request = post("/echo", "text/plain", "continued", "Expect: 100-continue\r\n");
  const std::size_t end = request.size() - std::string("continued").size();
  return {"a_body_that_waits_for_100_continue",
          {Send{request.substr(0, end)}, ReadBytes{std::string("HTTP/1.1 100 Continue\r\n\r\n").size()},
           Send{request.substr(end)}, ReadToEnd{}},
          {{{.fields = {{"path", "/echo"},
                        {"status_code", 200},
                        {"request_body", "continued"},
                        {"response_body", "continued"}}}}}};
}

}  // namespace

std::vector<ExchangeCase> message_cases() {
  return {plain_get(),
          post_of_json(),
          head(),
          old_protocol(),
          chunked_request(),
          compressed_request(),
          multipart(),
          streamed(),
          file(),
          body_over_the_limit(),
          repeated_headers(),
          two_cookies(),
          order_of_headers(),
          encoded_header(),
          encoded_path(),
          absolute_target(),
          not_utf8(),
          path_not_utf8(),
          secrets(),
          continued()};
}

}  // namespace logs_sdk::conformance
