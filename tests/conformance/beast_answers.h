// The answers of the sample application on Boost.Beast that are ready at once. They know nothing of streams.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_BEAST_ANSWERS_H_
#define LOGS_SDK_TESTS_CONFORMANCE_BEAST_ANSWERS_H_

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/message_generator.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "logs_sdk/exchange.h"
#include "tests/conformance/adapter_under_test.h"

namespace logs_sdk::conformance {

using BeastRequest = boost::beast::http::request<boost::beast::http::string_body>;

// `exchange` is null without us. Throws what a handler throws.
boost::beast::http::message_generator answer_of(const BeastRequest& request, const Surroundings& around,
                                                Exchange* exchange);

// Tells `exchange`, unless it is null, and throws or answers as the script says; of an answer in chunks the head, as
// it is written.
boost::beast::http::message_generator scripted_answer(const BeastRequest& request, const Script& script,
                                                      Exchange* exchange);
std::string scripted_head_of_chunks(const BeastRequest& request, const Script& script, Exchange* exchange);

// The head, as it is written, of an answer that follows in chunks.
std::string head_of_chunks(const BeastRequest& request);

// Instead of what a handler threw.
boost::beast::http::message_generator answer_to_exception(const BeastRequest& request, const char* text);

// To a request that could not be read; the connection ends with it.
boost::beast::http::message_generator refusal(boost::beast::http::status status);

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_BEAST_ANSWERS_H_
