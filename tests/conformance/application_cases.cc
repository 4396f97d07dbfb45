// What a handler tells of the exchange that it serves.
#include <gtest/gtest.h>

#include "tests/conformance/exchange_case.h"

namespace logs_sdk::conformance {
namespace {

using Json = nlohmann::json;

ExchangeCase told() {
  return {"what_the_handler_knows",
          ask(get("/mine")),
          {{{.fields = {{"status_code", 200},
                        {"user_id", "ada"},
                        {"session_id", "visit-1"},
                        {"tags", {{"colour", "red"}, {"ip_rule", "peer"}}},
                        {"is_error", true},
                        {"error_type", "business_error"},
                        {"error_message", "sold out"}}}}}};
}

// The handler's entry is made first, since its exchange goes on.
ExchangeCase manual_entry_within() {
  return {.name = "a_manual_entry_from_within_a_handler",
          .conversation = ask(get("/log", "traceparent: 00-0123456789abcdef0123456789abcdef-0123456789abcdef-01\r\n")),
          .entries = {{{.fields = {{"method", "MANUAL"},
                                   {"path", "/_log/info"},
                                   {"origin", "manual"},
                                   {"request_body", "within"},
                                   {"tags", {{"step", 2}}},
                                   {"trace_id", "0123456789abcdef0123456789abcdef"},
                                   {"is_error", false}}}},
                      {{.fields = {{"method", "GET"},
                                   {"path", "/log"},
                                   {"status_code", 200},
                                   {"trace_id", "0123456789abcdef0123456789abcdef"},
                                   {"parent_span_id", "0123456789abcdef"}}}}},
          .also = [](const std::vector<Json>& entries) {
            EXPECT_EQ(entries.at(0).at("parent_span_id"), entries.at(1).at("span_id"));
            EXPECT_NE(entries.at(0).at("span_id"), entries.at(1).at("span_id"));
          }};
}

}  // namespace

std::vector<ExchangeCase> application_cases() { return {told(), manual_entry_within()}; }

}  // namespace logs_sdk::conformance
