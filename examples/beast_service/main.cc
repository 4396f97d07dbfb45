// The sample service of httplib_service once more, as a coroutine server with Boost.Beast, over HTTP and HTTPS. What
// makes it a recorded one are the lines marked (*); check_out() shows what a handler may add to what is recorded.
//
//     LOGS_SDK_ENDPOINT=… LOGS_SDK_API_KEY=… LOGS_SDK_API_SECRET=… LOGS_SDK_PROJECT_SLUG=… beast_service --port 8080
//     … --tls-port 8443 --certificate certificate.pem --key key.pem
//
// It prints the addresses it listens on. SIGTERM or SIGINT ends it in order.
#include <logs_sdk/adapters/beast.h>  // (*)

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_generator.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using PlainStream = logs_sdk::beast::Stream<beast::tcp_stream>;                      // (*) was: beast::tcp_stream
using SecureStream = logs_sdk::beast::Stream<beast::ssl_stream<beast::tcp_stream>>;  // (*) likewise
using Request = logs_sdk::beast::Request<http::string_body>;                         // (*) was: http::request<…>

constexpr auto kOutcome = asio::as_tuple(use_awaitable);
constexpr std::chrono::seconds kIdleTime{30};
constexpr int kThreads = 2;

// -- What the service does

std::string json_string(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    json += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return json + '"';
}

// The value of a field of a form, as it was sent; empty when it is not there.
std::string form_value(const std::string& form, const std::string& name) {
  const std::string fields = "&" + form + "&", key = "&" + name + "=";
  const std::size_t at = fields.find(key);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + key.size();
  return fields.substr(begin, fields.find('&', begin) - begin);
}

http::message_generator respond(const Request& request, http::status status, const std::string& type,
                                std::string body) {
  http::response<http::string_body> response(status, request.version());
  response.set(http::field::content_type, type);
  response.keep_alive(request.keep_alive());
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

http::message_generator show_item(const Request& request, std::string_view id) {
  return respond(request, http::status::ok, "application/json", "{\"id\":" + json_string(id) + ",\"in_stock\":true}\n");
}

http::message_generator take_order(const Request& request) {
  if (request.body().empty() || request.body().front() != '{') {
    return respond(request, http::status::bad_request, "application/json",
                   "{\"error\":\"a JSON object is expected\"}\n");
  }
  return respond(request, http::status::created, "application/json", "{\"accepted\":" + request.body() + "}\n");
}

http::message_generator take_form(const Request& request) {
  const auto fields = request.body().empty() ? 0 : 1 + std::count(request.body().begin(), request.body().end(), '&');
  return respond(request, http::status::ok, "text/plain", "read " + std::to_string(fields) + " fields\n");
}

http::message_generator log_in(const Request& request) {
  if (form_value(request.body(), "user") != "ada")
    return respond(request, http::status::unauthorized, "text/plain", "who are you?\n");
  return respond(request, http::status::ok, "text/plain", "welcome\n");
}

// What only the application knows: who it was, what it was about, what was said meanwhile, and that it failed although
// the status says nothing of it.
http::message_generator check_out(logs_sdk::LogSDK& logs, const Request& request, const std::string& basket) {
  logs_sdk::Exchange& exchange = exchange_of(request);
  exchange.set_user(form_value(request.body(), "user"));
  exchange.set_session(form_value(request.body(), "session"));
  exchange.add_tag("basket", basket);
  const std::string item = form_value(request.body(), "item");
  logs.info(exchange, "checking out " + item, {{"item", item}, {"attempt", std::int64_t{1}}});
  const bool sold_out = item == "teapot";
  if (sold_out) exchange.mark_business_error("sold out: " + item);
  return respond(request, http::status::ok, "application/json", sold_out ? "{\"ok\":false}\n" : "{\"ok\":true}\n");
}

// What fails here fails some calls below the handler: the stack of its entry shows the way.
int ask_warehouse(const std::string& item) {
  if (!item.empty()) throw std::runtime_error("the warehouse does not answer");
  return 0;
}

http::message_generator reserve(const Request& request, const std::string& item) {
  return respond(request, http::status::ok, "text/plain", std::to_string(ask_warehouse(item)) + " left\n");
}

// A coroutine that waits goes on in whichever thread is free.
awaitable<http::message_generator> answer_slowly(const Request& request) {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(300));
  co_await timer.async_wait(use_awaitable);
  co_return respond(request, http::status::ok, "text/plain", "at last\n");
}

awaitable<http::message_generator> answer(logs_sdk::LogSDK& logs, Request request) {
  const std::string_view target(request.target().data(), request.target().size());
  const std::string_view path = target.substr(0, target.find('?'));
  const bool get = request.method() == http::verb::get, post = request.method() == http::verb::post;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (get && (path.starts_with("/items/") || path.starts_with("/api/v1/orders/"))) co_return show_item(request, name);
  if (post && (path.starts_with("/orders/") || path == "/api/v1/orders")) co_return take_order(request);
  if (post && path.starts_with("/forms/")) co_return take_form(request);
  if (post && path == "/login") co_return log_in(request);
  if (post && path.starts_with("/checkout/")) co_return check_out(logs, request, std::string(name));
  if (post && path == "/echo")
    co_return respond(request, http::status::ok, std::string(request[http::field::content_type]), request.body());
  if (get && path == "/slow") co_return co_await answer_slowly(request);
  if (get && (path == "/boom" || path.starts_with("/fail/std/"))) co_return reserve(request, std::string(name));
  if (get && (path == "/odd" || path.starts_with("/fail/other/"))) throw 42;
  co_return respond(request, http::status::not_found, "text/plain", "there is nothing here\n");
}

// Writes its response itself, a chunk at a time.
template <typename Stream>
awaitable<void> stream_lines(Stream& stream, Request request) {
  http::response<http::empty_body> response(http::status::ok, request.version());
  response.set(http::field::content_type, "text/plain");
  response.keep_alive(request.keep_alive());
  response.chunked(true);
  http::response_serializer<http::empty_body> serializer(response);
  co_await http::async_write_header(stream, serializer, use_awaitable);
  for (std::size_t offset = 0; offset <= 100;) {
    const std::string line = "line at " + std::to_string(offset) + "\n";
    co_await asio::async_write(stream, http::make_chunk(asio::buffer(line)), use_awaitable);
    offset += line.size();
  }
  co_await asio::async_write(stream, http::make_chunk_last(), use_awaitable);
}

// -- The server

// What becomes of an exception of a handler: an answer, as most services want it.
http::message_generator failed(unsigned version, bool keep_alive) {
  http::response<http::string_body> response(http::status::internal_server_error, version);
  response.set(http::field::content_type, "text/plain");
  response.keep_alive(keep_alive);
  response.body() = "something went wrong\n";
  response.prepare_payload();
  return response;
}

template <typename Stream>
awaitable<http::message_generator> answer_or_failed(logs_sdk::LogSDK& logs, Stream& stream,
                                                    http::request<http::string_body> request) {
  const unsigned version = request.version();
  const bool keep_alive = request.keep_alive();
  try {
    const auto handler = [&logs](Request given) { return answer(logs, std::move(given)); };
    co_return co_await logs_sdk::beast::handle(stream, std::move(request), handler);  // (*) was: handler(request)
  } catch (...) {
    co_return failed(version, keep_alive);
  }
}

template <typename Stream>
awaitable<void> serve(logs_sdk::LogSDK& logs, Stream& stream) {
  beast::flat_buffer buffer;
  for (bool keep_alive = true; keep_alive;) {
    http::request<http::string_body> request;
    beast::get_lowest_layer(stream).expires_after(kIdleTime);
    const auto [error, size] = co_await http::async_read(stream, buffer, request, kOutcome);
    if (error) co_return;
    keep_alive = request.keep_alive();
    if (request.method() == http::verb::get && request.target() == "/stream") {
      co_await logs_sdk::beast::handle(stream, std::move(request), [&stream](Request given) {  // (*)
        return stream_lines(stream, std::move(given));
      });
    } else {
      http::message_generator response = co_await answer_or_failed(logs, stream, std::move(request));
      co_await beast::async_write(stream, std::move(response), use_awaitable);
    }
  }
}

awaitable<void> serve_plain(logs_sdk::LogSDK& logs, tcp::socket socket) {
  PlainStream stream(logs, std::move(socket));
  co_await serve(logs, stream);
  beast::error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

awaitable<void> serve_secure(logs_sdk::LogSDK& logs, tcp::socket socket, asio::ssl::context& tls) {
  SecureStream stream(logs, std::move(socket), tls);
  beast::get_lowest_layer(stream).expires_after(kIdleTime);
  co_await stream.async_handshake(asio::ssl::stream_base::server, use_awaitable);
  co_await serve(logs, stream);
  co_await stream.async_shutdown(kOutcome);
}

// Each connection has a strand of its own. What ends one with an exception is a client that has left, or a handler that
// threw while it wrote: either way there is nobody to tell.
template <typename Serve>
awaitable<void> accept(tcp::acceptor& acceptor, Serve serve_connection) {
  while (true) {
    tcp::socket socket(asio::make_strand(acceptor.get_executor()));
    co_await acceptor.async_accept(socket, use_awaitable);
    const auto strand = socket.get_executor();
    asio::co_spawn(strand, serve_connection(std::move(socket)), [](const std::exception_ptr&) {});
  }
}

// What operates the service has something to tell as well, in a form of its own.
void tell_of_start(logs_sdk::LogSDK& logs, const std::string& address) {
  logs_sdk::InfraLogEntry entry;
  entry.source_type = "process";
  entry.source_name = "beast_service";
  entry.message = "listening on " + address;
  entry.metadata = "{\"library\":\"" + std::string(logs_sdk::kVersion) + "\"}";
  logs.upload_infra_log(std::move(entry));
}

std::string address_of(const char* scheme, const std::string& host, const tcp::acceptor& acceptor) {
  return std::string(scheme) + "://" + host + ":" + std::to_string(acceptor.local_endpoint().port());
}

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  std::uint16_t tls_port = 0;
  std::string certificate, key;
};

void run(const Options& options) {
  logs_sdk::LogSDK logs(logs_sdk::Config::from_environment());  // (*)
  asio::io_context context(kThreads);
  asio::signal_set signals(context, SIGTERM, SIGINT);
  signals.async_wait([&context](auto...) { context.stop(); });

  const auto address = asio::ip::make_address(options.host);
  tcp::acceptor acceptor(context, {address, options.port});
  asio::co_spawn(context,
                 accept(acceptor, [&logs](tcp::socket socket) { return serve_plain(logs, std::move(socket)); }),
                 asio::detached);
  std::string addresses = address_of("http", options.host, acceptor);

  asio::ssl::context tls(asio::ssl::context::tls_server);
  tcp::acceptor secure_acceptor(context);
  if (!options.certificate.empty()) {
    tls.use_certificate_chain_file(options.certificate);
    tls.use_private_key_file(options.key, asio::ssl::context::pem);
    secure_acceptor = tcp::acceptor(context, {address, options.tls_port});
    asio::co_spawn(
        context,
        accept(secure_acceptor, [&](tcp::socket socket) { return serve_secure(logs, std::move(socket), tls); }),
        asio::detached);
    addresses += " " + address_of("https", options.host, secure_acceptor);
  }
  tell_of_start(logs, addresses);
  std::cout << "listening on " << addresses << std::endl;

  std::vector<std::thread> threads;
  for (int i = 1; i < kThreads; ++i) threads.emplace_back([&context] { context.run(); });
  context.run();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A sample service recorded by logs-sdk; its options for the library come from LOGS_SDK_... variables.");
  Options options;
  app.add_option("--host", options.host, "Address to listen on")->capture_default_str();
  app.add_option("--port", options.port, "Port to listen on for HTTP, 0 for any")->capture_default_str();
  auto* certificate = app.add_option("--certificate", options.certificate, "PEM file; with it HTTPS is served as well");
  auto* key = app.add_option("--key", options.key, "PEM file of the certificate's key")->needs(certificate);
  certificate->needs(key);
  app.add_option("--tls-port", options.tls_port, "Port to listen on for HTTPS, 0 for any")->needs(certificate);
  CLI11_PARSE(app, argc, argv);
  try {
    run(options);
    return 0;
  } catch (const logs_sdk::ConfigError& error) {
    std::cerr << "configuration: " << error.what() << std::endl;
    return 2;
  } catch (const std::exception& error) {  // a port that is taken, a certificate that cannot be read
    std::cerr << "cannot serve: " << error.what() << std::endl;
    return 1;
  }
}
