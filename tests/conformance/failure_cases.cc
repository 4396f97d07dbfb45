// Exceptions, and requests that are refused.
#include "tests/conformance/adapter_under_test.h"
#include "tests/conformance/exchange_case.h"

namespace logs_sdk::conformance {
namespace {

using Json = nlohmann::json;

ExchangeCase refused(std::string name, Conversation conversation, int status, Json fields = Json::object()) {
  fields.update({{"status_code", status}, {"is_error", true}, {"error_type", "http_error"}});
  return {std::move(name), std::move(conversation), {{{.fields = std::move(fields)}}}};
}

ExchangeCase only_if(Sight sight, ExchangeCase made) {
  made.entries[0].only_if = sight;
  return made;
}

ExchangeCase thrown(std::string name, const std::string& path, std::vector<std::string> message) {
  return {std::move(name),
          ask(get(path)),
          {{{.fields = {{"path", path}, {"status_code", 500}, {"is_error", true}, {"error_type", "panic"}},
             .contains = {{"error_message", std::move(message)}}}}}};
}

// Ranges, had they been applied to what a handler left before it threw, would change the bytes.
ExchangeCase late_exception_with_ranges() {
  ExchangeCase one = thrown("an_exception_after_half_an_answer_of_which_ranges_were_wanted", "/throw/late", {"late"});
  one.conversation = ask(get("/throw/late", "Range: bytes=0-3, 5-6\r\nAccept-Encoding: gzip\r\n"));
  return one;
}

ExchangeCase exception_midway() {
  return {"an_exception_in_the_middle_of_the_response",
          ask(get("/throw/midway")),
          {{{.fields = {{"path", "/throw/midway"}, {"status_code", 200}, {"response_body", "first,"}}},
            {{Sight::kExceptionMidway,
              {.fields = {{"is_error", true}, {"error_type", "panic"}, {"tags", ended_by("handler")}},
               .contains = {{"error_message", {"midway"}}}},
              {}}}}}};
}

// Nothing follows what is refused: a framework that goes on reading would take the rest for another request.
ExchangeCase oversized_head() {
  const std::string head = "GET /hello HTTP/1.1\r\nHost: h\r\nX-Large: " + std::string(12 << 10, 'h') + "\r\n";
  return only_if(
      Sight::kOversizedHead,
      {"a_head_over_the_limit", ask_last(head), {{{.fields = {{"is_error", true}, {"error_type", "http_error"}}}}}});
}

ExchangeCase oversized_body() {
  const std::string request = post("/echo", "text/plain", std::string(2 * kMaxRequestBody, 'b'));
  return only_if(Sight::kOversizedBody, refused("a_body_over_the_limit", ask(request), 413, {{"path", "/echo"}}));
}

}  // namespace

std::vector<ExchangeCase> failure_cases() {
  return {refused("an_unknown_path", ask(get("/nothing/here")), 404, {{"path", "/nothing/here"}}),
          {"a_method_that_the_path_does_not_have",
           ask(post("/hello", "text/plain", "unasked")),
           {{{.fields = {{"method", "POST"}, {"path", "/hello"}, {"is_error", true}, {"error_type", "http_error"}}}}}},
          only_if(Sight::kMalformedRequest,
                  refused("a_request_that_cannot_be_read", ask_last("what is unreadable\r\n"), 400)),
          oversized_head(),
          oversized_body(),
          thrown("an_exception_of_the_standard_library", "/throw/std", {"std::runtime_error", "broken"}),
          thrown("an_exception_of_another_type", "/throw/other", {"int"}),
          thrown("an_exception_after_half_an_answer", "/throw/late", {"std::logic_error", "late"}),
          late_exception_with_ranges(),
          exception_midway()};
}

}  // namespace logs_sdk::conformance
