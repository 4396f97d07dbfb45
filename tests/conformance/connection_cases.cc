// Several exchanges on one connection, connections that become something else, and clients that leave.
#include "tests/conformance/adapter_under_test.h"
#include "tests/conformance/exchange_case.h"

namespace logs_sdk::conformance {
namespace {

// A client that takes less than the server has to give, so that the server has to wait.
constexpr int kSmallWindow = 16384;

ExchangeCase two_on_one_connection() {
  return {"two_requests_on_one_connection",
          {Send{keep_alive_get("/hello")}, ReadAnswer{}, Send{post("/echo", "text/plain", "second")}, ReadToEnd{}},
          {{{.fields = {{"path", "/hello"}, {"status_code", 200}, {"request_body_size", 0}}}},
           {{.fields = {{"path", "/echo"}, {"status_code", 200}, {"request_body", "second"}}}}}};
}

ExchangeCase two_at_once() {
  return {"two_pipelined_requests",
          ask(keep_alive_get("/hello?first") + get("/hello?second")),
          {{{.fields = {{"query_string", "first"}, {"status_code", 200}, {"response_body", "hello"}}}},
           {.always = {.fields = {{"query_string", "second"}, {"status_code", 200}, {"response_body", "hello"}}},
            .only_if = Sight::kSecondPipelinedRequest}}};
}

ExchangeCase upgraded() {
  return {"an_upgrade",
          {Send{"GET /upgrade HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"}, ReadAnswer{},
           Send{"bytes of another protocol"}, ReadBytes{25}, StopSending{}, ReadToEnd{}},
          {{{.fields = {{"path", "/upgrade"}, {"is_error", false}}},
            {{Sight::kUpgrade,
              {.fields = {{"status_code", 101}, {"response_body", ""}}, .response_headers = {{"upgrade", "echo"}}},
              {}}}}}};
}

ExchangeCase not_upgraded() {
  return {"an_upgrade_that_is_not_taken",
          ask_last("GET /hello HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"),
          {{{.fields = {{"status_code", 200}, {"response_body", "hello"}}, .request_headers = {{"upgrade", "echo"}}}}}};
}

ExchangeCase slow_reader() {
  return {.name = "a_reader_that_is_slow",
          .conversation = {Send{get("/large")}, ReadSlowly{}},
          .entries = {{{.fields = {{"path", "/large"},
                                   {"status_code", 200},
                                   {"is_error", false},
                                   {"response_body", std::string(kMaxBodyBytes, 'l') + "...[truncated]"},
                                   {"response_body_size", kLargeBytes}}}}},
          .window_bytes = kSmallWindow};
}

ExchangeCase aborted_request() {
  return {
      "a_client_that_leaves_in_the_middle_of_its_body",
      {Send{"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nonly a start"}},
      {{.always = {.fields = {{"method", "POST"},
                              {"path", "/echo"},
                              {"status_code", 499},
                              {"is_error", true},
                              {"error_type", "aborted"},
                              {"request_body_size", 12}}},
        .only_if = Sight::kAbortedRequest}}};
}

// What an entry says of a client that is gone, and what it says where that is not seen.
Sighting aborted(Sight sight) {
  return {sight,
          {.fields = {{"is_error", true}, {"error_type", "aborted"}}},
          {.fields = {{"is_error", false}, {"error_type", ""}}}};
}

Sighting aborted_stream_sighting() {
  Sighting sighting = aborted(Sight::kAbortedStream);
  sighting.seen.fields["tags"] = ended_by("client");
  return sighting;
}

ExchangeCase aborted_stream() {
  return {"a_client_that_leaves_in_the_middle_of_a_chunked_response",
          {Send{get("/endless")}, ReadBytes{1000}, Reset{}},
          {{{.fields = {{"path", "/endless"}, {"status_code", 200}}}, {aborted_stream_sighting()}}}};
}

ExchangeCase aborted_response() {
  return {.name = "a_client_that_leaves_in_the_middle_of_a_response_with_length",
          .conversation = {Send{get("/large")}, ReadBytes{1000}, Reset{}},
          .entries = {{{.fields = {{"path", "/large"}, {"status_code", 200}}}, {aborted(Sight::kAbortedResponse)}}},
          .window_bytes = kSmallWindow};
}

}  // namespace

std::vector<ExchangeCase> connection_cases() {
  return {two_on_one_connection(), two_at_once(),     upgraded(),       not_upgraded(),
          slow_reader(),           aborted_request(), aborted_stream(), aborted_response()};
}

}  // namespace logs_sdk::conformance
