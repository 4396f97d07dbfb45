#include "tests/conformance/beast_answers.h"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/file_body.hpp>
#include <boost/beast/http/write.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace logs_sdk::conformance {
namespace {

namespace http = boost::beast::http;

template <typename Body = http::string_body>
http::response<Body> response_to(const BeastRequest& request, http::status status, const char* type = "text/plain") {
  http::response<Body> response(status, request.version());
  response.set(http::field::content_type, type);
  response.keep_alive(request.keep_alive());
  return response;
}

http::message_generator text(const BeastRequest& request, std::string body, http::status status = http::status::ok,
                             const std::string& type = "text/plain") {
  auto response = response_to(request, status, type.c_str());
  response.body() = std::move(body);
  response.prepare_payload();
  if (request.method() != http::verb::head) return response;
  http::response<http::empty_body> head(response.base());
  head.content_length(response.body().size());
  return head;
}

http::message_generator two_headers(const BeastRequest& request, const char* name, const char* first,
                                    const char* second) {
  auto response = response_to(request, http::status::ok);
  response.insert(name, first);
  response.insert(name, second);
  response.prepare_payload();
  return response;
}

http::message_generator file(const BeastRequest& request, const std::string& path) {
  boost::system::error_code error;
  http::file_body::value_type body;
  body.open(path.c_str(), boost::beast::file_mode::scan, error);
  if (error) return text(request, "no file\n", http::status::not_found);
  auto response = response_to<http::file_body>(request, http::status::ok);
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

void say(const Script& script, Exchange* exchange) {
  if (exchange != nullptr) golden::tell(script.now(), *exchange);
  if (script.now().throws()) golden::throw_exception(script.now());
}

template <typename Body>
http::response<Body> scripted_response(const BeastRequest& request, const golden::Handler& handler) {
  http::response<Body> response(static_cast<http::status>(handler.status), request.version());
  for (const auto& [name, value] : handler.headers) response.insert(name, value);
  response.keep_alive(request.keep_alive());
  return response;
}

// What a handler that knows that it is recorded does.
void tell(Exchange& exchange) {
  exchange.set_user("ada");
  exchange.set_session("visit-1");
  exchange.add_tag("colour", TagValue(std::string("red")));
  exchange.mark_business_error("sold out");
}

}  // namespace

http::message_generator answer_of(const BeastRequest& request, const Surroundings& around, Exchange* exchange) {
  const std::string path(request.target().substr(0, request.target().find('?')));
  const bool get = request.method() == http::verb::get;
  if (path == "/hello" && (get || request.method() == http::verb::head)) return text(request, "hello");
  if (path == "/echo" && request.method() == http::verb::post)
    return text(request, request.body(), http::status::ok, std::string(request[http::field::content_type]));
  if (path == "/hello" || path == "/echo") return text(request, "no such method\n", http::status::method_not_allowed);
  if (path == "/headers") return two_headers(request, "X-Out", "one", "two");
  if (path == "/cookies") return two_headers(request, "Set-Cookie", "a=1; Path=/", "b=2; HttpOnly");
  if (path == "/large") return text(request, std::string(kLargeBytes, 'l'));
  if (path == "/files/sample.txt") return file(request, around.files_folder + "/sample.txt");
  if (path == "/throw/std") throw std::runtime_error("broken\r\npart");
  if (path == "/throw/other") throw 42;
  if (path == "/throw/late") {
    const auto half = text(request, "half an answer", http::status::accepted);
    throw std::logic_error("late");
  }
  if (path == "/mine") {
    if (exchange != nullptr) tell(*exchange);
    return text(request, "mine");
  }
  if (path == "/log") {
    if (around.logs != nullptr) around.logs->info("within", {{"step", 2}});
    return text(request, "logged");
  }
  return text(request, "nothing here\n", http::status::not_found);
}

http::message_generator scripted_answer(const BeastRequest& request, const Script& script, Exchange* exchange) {
  say(script, exchange);
  auto response = scripted_response<http::string_body>(request, script.now());
  if (!script.now().chunks.empty()) response.body() = script.now().chunks.front();
  response.prepare_payload();
  return response;
}

std::string scripted_head_of_chunks(const BeastRequest& request, const Script& script, Exchange* exchange) {
  say(script, exchange);
  auto response = scripted_response<http::empty_body>(request, script.now());
  response.chunked(true);
  return (std::ostringstream() << response.base()).str();
}

std::string head_of_chunks(const BeastRequest& request) {
  auto response = response_to<http::empty_body>(request, http::status::ok);
  response.chunked(true);
  return (std::ostringstream() << response.base()).str();
}

http::message_generator answer_to_exception(const BeastRequest& request, const char* text) {
  http::response<http::string_body> failed(http::status::internal_server_error, request.version());
  failed.keep_alive(request.keep_alive());
  failed.body() = text;
  failed.prepare_payload();
  return failed;
}

http::message_generator refusal(http::status status) {
  http::response<http::string_body> response(status, 11);
  response.body() = "refused\n";
  response.keep_alive(false);
  response.prepare_payload();
  return response;
}

}  // namespace logs_sdk::conformance
