// A small service with cpp-httplib and everything that can happen to a request: answers, errors, exceptions, forms,
// slow and streamed responses. What makes it a recorded one are the lines marked (*); check_out() shows what a handler
// may add to what is recorded.
//
//     LOGS_SDK_ENDPOINT=… LOGS_SDK_API_KEY=… LOGS_SDK_API_SECRET=… LOGS_SDK_PROJECT_SLUG=… httplib_service --port 8080
//
// It prints the address it listens on. SIGTERM or SIGINT ends it in order.
#include <logs_sdk/adapters/httplib.h>  // (*)
#include <pthread.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

using httplib::Request;
using httplib::Response;

std::string json_string(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    json += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return json + '"';
}

void show_item(const Request& request, Response& response) {
  response.set_content("{\"id\":" + json_string(request.matches[1]) + ",\"in_stock\":true}\n", "application/json");
}

void take_order(const Request& request, Response& response) {
  if (request.body.empty() || request.body.front() != '{') {
    response.status = 400;
    response.set_content("{\"error\":\"a JSON object is expected\"}\n", "application/json");
    return;
  }
  response.status = 201;
  response.set_content("{\"accepted\":" + request.body + "}\n", "application/json");
}

void take_form(const Request& request, Response& response) {
  response.set_content("read " + std::to_string(request.params.size()) + " fields\n", "text/plain");
}

// What only the application knows: who it was, what it was about, what was said meanwhile, and that it failed although
// the status says nothing of it.
void check_out(logs_sdk::LogSDK& logs, const Request& request, Response& response) {
  logs_sdk::Exchange& exchange = logs_sdk::current_exchange();
  exchange.set_user(request.get_param_value("user"));
  exchange.set_session(request.get_param_value("session"));
  exchange.add_tag("basket", request.matches[1].str());
  const std::string item = request.get_param_value("item");
  logs.info("checking out " + item, {{"item", item}, {"attempt", std::int64_t{1}}});
  const bool sold_out = item == "teapot";
  if (sold_out) exchange.mark_business_error("sold out: " + item);
  response.set_content(sold_out ? "{\"ok\":false}\n" : "{\"ok\":true}\n", "application/json");
}

void log_in(const Request& request, Response& response) {
  const bool known = request.get_param_value("user") == "ada";
  response.status = known ? 200 : 401;
  response.set_content(known ? "welcome\n" : "who are you?\n", "text/plain");
}

// What fails here fails some calls below the handler: the stack of its entry shows the way.
int ask_warehouse(const std::string& item) {
  if (!item.empty()) throw std::runtime_error("the warehouse does not answer");
  return 0;
}

void reserve(const Request& request, Response& response) {
  response.set_content(std::to_string(ask_warehouse(request.path)) + " left\n", "text/plain");
}

void answer_slowly(const Request&, Response& response) {
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  response.set_content("at last\n", "text/plain");
}

void stream(const Request&, Response& response) {
  response.set_chunked_content_provider("text/plain", [](std::size_t offset, httplib::DataSink& sink) {
    const std::string line = "line at " + std::to_string(offset) + "\n";
    if (!sink.write(line.data(), line.size())) return false;
    if (offset > 100) sink.done();
    return true;
  });
}

void add_routes(httplib::Server& server, logs_sdk::LogSDK& logs) {
  server.Get(R"(/items/([^/]+))", show_item);
  server.Get(R"(/api/v1/orders/(\d+))", show_item);
  server.Post(R"(/orders/[^/]+)", take_order);
  server.Post("/api/v1/orders", take_order);
  server.Post(R"(/forms/[^/]+)", take_form);
  server.Post("/login", log_in);
  server.Post(R"(/checkout/([^/]+))",
              [&logs](const Request& request, Response& response) { check_out(logs, request, response); });
  server.Post("/echo", [](const Request& request, Response& response) {
    response.set_content(request.body, request.get_header_value("Content-Type"));
  });
  server.Get("/slow", answer_slowly);
  server.Get("/stream", stream);
  server.Get(R"((?:/boom|/fail/std/[^/]+))", reserve);
  server.Get(R"((?:/odd|/fail/other/[^/]+))", [](const Request&, Response&) { throw 42; });
}

// Waits for SIGTERM or SIGINT, which every thread has blocked, and then ends the server.
void stop_on_signal(httplib::Server& server, const sigset_t& signals, const std::atomic<bool>& ended) {
  int number = 0;
  sigwait(&signals, &number);
  while (!ended && !server.is_running()) std::this_thread::yield();  // stop() before listening has no effect
  if (!ended) server.stop();
}

// What operates the service has something to tell as well, in a form of its own.
void tell_of_start(logs_sdk::LogSDK& logs, const std::string& address) {
  logs_sdk::InfraLogEntry entry;
  entry.source_type = "process";
  entry.source_name = "httplib_service";
  entry.message = "listening on " + address;
  entry.metadata = "{\"library\":\"" + std::string(logs_sdk::kVersion) + "\"}";
  logs.upload_infra_log(std::move(entry));
}

int serve(const std::string& host, int wanted_port) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread is started: they inherit it

  logs_sdk::LogSDK logs(logs_sdk::Config::from_environment());  // (*)
  logs_sdk::httplib::Server<> server(logs);                     // (*) in place of: httplib::Server server;
  add_routes(server, logs);
  server.set_keep_alive_max_count(1000);
  server.set_keep_alive_timeout(1);

  int port = wanted_port;
  if (port == 0) port = server.bind_to_any_port(host);
  if (port < 0 || (wanted_port != 0 && !server.bind_to_port(host, port))) {
    std::cerr << "cannot listen on " << host << ":" << wanted_port << std::endl;
    return 1;
  }
  const std::string address = "http://" + host + ":" + std::to_string(port);
  tell_of_start(logs, address);
  std::cout << "listening on " << address << std::endl;
  std::atomic<bool> ended{false};
  std::thread stopper([&] { stop_on_signal(server, signals, ended); });
  const bool ended_in_order = server.listen_after_bind();
  ended = true;
  pthread_kill(stopper.native_handle(), SIGTERM);  // in case that no signal has ended it
  stopper.join();
  return ended_in_order ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A sample service recorded by logs-sdk; its options for the library come from LOGS_SDK_... variables.");
  std::string host = "127.0.0.1";
  int port = 8080;
  app.add_option("--host", host, "Address to listen on")->capture_default_str();
  app.add_option("--port", port, "Port to listen on, 0 for any")->capture_default_str()->check(CLI::Range(0, 65535));
  CLI11_PARSE(app, argc, argv);
  try {
    return serve(host, port);
  } catch (const logs_sdk::ConfigError& error) {
    std::cerr << "configuration: " << error.what() << std::endl;
    return 2;
  }
}
