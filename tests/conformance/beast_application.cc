#include "tests/conformance/beast_application.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_generator.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "logs_sdk/adapters/beast.h"

namespace logs_sdk::conformance {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;
using boost::beast::tcp_stream;
using SecureStream = boost::beast::ssl_stream<tcp_stream>;
using ErrorCode = boost::system::error_code;

constexpr auto kOutcome = asio::as_tuple(use_awaitable);

// -- Answers that are ready at once

template <typename Body = http::string_body>
http::response<Body> response_to(const http::request_header<>& request, http::status status, bool keep_alive,
                                 const char* type = "text/plain") {
  http::response<Body> response(status, request.version());
  response.set(http::field::content_type, type);
  response.keep_alive(keep_alive);
  return response;
}

http::message_generator text(const http::request<http::string_body>& request, std::string body,
                             http::status status = http::status::ok, const std::string& type = "text/plain") {
  auto response = response_to(request, status, request.keep_alive(), type.c_str());
  response.body() = std::move(body);
  response.prepare_payload();
  if (request.method() != http::verb::head) return response;
  http::response<http::empty_body> head(response.base());
  head.content_length(response.body().size());
  return head;
}

http::message_generator two_headers(const http::request<http::string_body>& request, const char* name,
                                    const char* first, const char* second) {
  auto response = response_to(request, http::status::ok, request.keep_alive());
  response.insert(name, first);
  response.insert(name, second);
  response.prepare_payload();
  return response;
}

http::message_generator file(const http::request<http::string_body>& request, const std::string& path) {
  ErrorCode error;
  http::file_body::value_type body;
  body.open(path.c_str(), boost::beast::file_mode::scan, error);
  if (error) return text(request, "no file\n", http::status::not_found);
  auto response = response_to<http::file_body>(request, http::status::ok, request.keep_alive());
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

// What a handler that knows that it is recorded does.
void tell(Exchange& exchange) {
  exchange.set_user("ada");
  exchange.set_session("visit-1");
  exchange.add_tag("colour", TagValue(std::string("red")));
  exchange.mark_business_error("sold out");
}
void tell_exchange_of(const http::request<http::string_body>&) {}
void tell_exchange_of(const ::logs_sdk::beast::Request<http::string_body>& request) { tell(exchange_of(request)); }

template <typename Request>
http::message_generator answer(const Request& request, const Surroundings& around) {
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
    tell_exchange_of(request);
    return text(request, "mine");
  }
  if (path == "/log") {
    if (around.logs != nullptr) around.logs->info("within", {{"step", 2}});
    return text(request, "logged");
  }
  return text(request, "nothing here\n", http::status::not_found);
}

// -- Answers that are written over time
//
// Every call of Asio is compiled anew for each kind of stream and of buffers, and four kinds of streams take minutes:
// so responses are written by message_generator, and everything else as one buffer. beast_test.cc has the other ways.

template <typename Stream>
awaitable<void> write_response(Stream& stream, http::message_generator response) {
  co_await boost::beast::async_write(stream, std::move(response), use_awaitable);
}

template <typename Stream>
awaitable<void> write_bytes(Stream& stream, asio::const_buffer bytes) {
  co_await asio::async_write(stream, bytes, use_awaitable);
}

template <typename Stream>
awaitable<void> write_head_of_chunks(Stream& stream, const http::request<http::string_body>& request) {
  auto response = response_to<http::empty_body>(request, http::status::ok, request.keep_alive());
  response.chunked(true);
  http::response_serializer<http::empty_body> serializer(response);
  co_await http::async_write_header(stream, serializer, use_awaitable);
}

template <typename Stream>
awaitable<void> write_chunk(Stream& stream, const std::string& chunk) {
  const std::string bytes = boost::beast::buffers_to_string(http::make_chunk(asio::buffer(chunk)));
  co_await write_bytes(stream, asio::buffer(bytes));
}

template <typename Stream>
awaitable<void> stream_chunks(Stream& stream, const http::request<http::string_body>& request) {
  co_await write_head_of_chunks(stream, request);
  if (request.target() == "/throw/midway") {
    co_await write_chunk(stream, "first,");
    throw std::runtime_error("midway");
  }
  if (request.target() == "/stream") {
    for (const char* chunk : {"first,", "second,", "third"}) co_await write_chunk(stream, chunk);
    const std::string end = boost::beast::buffers_to_string(http::make_chunk_last());
    co_await write_bytes(stream, asio::buffer(end));
    co_return;
  }
  const std::string piece(65536, 'e');
  while (true) co_await write_chunk(stream, piece);
}

template <typename Stream>
awaitable<void> upgrade_to_echo(Stream& stream, const http::request<http::string_body>& request,
                                boost::beast::flat_buffer& buffer) {
  http::response<http::empty_body> response(http::status::switching_protocols, request.version());
  response.set(http::field::connection, "Upgrade");
  response.set(http::field::upgrade, "echo");
  co_await write_response(stream, std::move(response));
  co_await write_bytes(stream, buffer.cdata());
  std::array<char, 4096> bytes;
  while (true) {
    const auto [error, size] = co_await stream.async_read_some(asio::buffer(bytes), kOutcome);
    if (error) co_return;
    co_await write_bytes(stream, asio::buffer(bytes.data(), size));
  }
}

// -- A connection

// The two ways in which an application calls its handler.
template <typename Next, typename Request, typename Handler>
auto call(::logs_sdk::beast::Stream<Next>& stream, Request&& request, Handler handler) {
  return ::logs_sdk::beast::handle(stream, std::forward<Request>(request), std::move(handler));
}
template <typename Stream, typename Request, typename Handler>
auto call(Stream&, Request&& request, Handler handler) {
  return handler(std::forward<Request>(request));
}

// The answer to a request that could not be read; none when there is nobody to answer.
std::optional<http::status> status_for(ErrorCode error) {
  if (error == http::error::body_limit) return http::status::payload_too_large;
  if (error == http::error::header_limit) return http::status::request_header_fields_too_large;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  if (error.category() == http::make_error_code(http::error::bad_method).category()) return http::status::bad_request;
  return std::nullopt;
}

template <typename Stream>
class Session {
 public:
  Session(Stream stream, const Surroundings& around) : stream_(std::move(stream)), around_(around) {}
  Stream& stream() { return stream_; }

  awaitable<void> run() {
    for (bool open = true; open;) open = co_await serve_one();
  }

 private:
  using Parser = http::request_parser<http::string_body>;

  awaitable<bool> serve_one() {
    Parser parser;
    parser.body_limit(kMaxRequestBody);
    if (const ErrorCode error = co_await read(parser)) {
      if (const auto status = status_for(error)) co_await refuse(*status);
      co_return false;
    }
    const bool keep_alive = parser.get().keep_alive();
    const std::string target(parser.get().target());
    if (target == "/upgrade") {
      co_await call(stream_, parser.release(), [this](const auto& request) -> awaitable<void> {
        return upgrade_to_echo(stream_, request, buffer_);
      });
      co_return false;
    }
    if (target == "/stream" || target == "/endless" || target == "/throw/midway") {
      co_await call(stream_, parser.release(),
                    [this](const auto& request) -> awaitable<void> { return stream_chunks(stream_, request); });
      co_return keep_alive;
    }
    co_await write_response(stream_, answer_or_500(parser.release()));
    co_return keep_alive;
  }

  awaitable<ErrorCode> read(Parser& parser) {
    auto [error, size] = co_await http::async_read_header(stream_, buffer_, parser, kOutcome);
    if (error) co_return error;
    if (parser.get()[http::field::expect] == "100-continue") {
      http::response<http::empty_body> go_on(http::status::continue_, parser.get().version());
      co_await write_response(stream_, std::move(go_on));
    }
    std::tie(error, size) = co_await http::async_read(stream_, buffer_, parser, kOutcome);
    co_return error;
  }

  http::message_generator answer_or_500(http::request<http::string_body> request) {
    http::response<http::string_body> failed(http::status::internal_server_error, request.version());
    failed.keep_alive(request.keep_alive());
    try {
      return call(stream_, std::move(request), [this](const auto& given) { return answer(given, around_); });
    } catch (const std::exception& error) {
      failed.body() = "failed\n";
    } catch (...) {
      failed.body() = "failed oddly\n";
    }
    failed.prepare_payload();
    return failed;
  }

  awaitable<void> refuse(http::status status) {
    http::response<http::string_body> response(status, 11);
    response.body() = "refused\n";
    response.keep_alive(false);
    response.prepare_payload();
    co_await write_response(stream_, std::move(response));
  }

  Stream stream_;
  const Surroundings& around_;
  boost::beast::flat_buffer buffer_;
};

// Reads what the client had under way, so that it sees the end of the answer and no reset.
awaitable<void> linger(tcp::socket& socket) {
  ErrorCode error;
  socket.shutdown(tcp::socket::shutdown_send, error);
  std::array<char, 4096> bytes;
  while (!error) std::tie(error, std::ignore) = co_await socket.async_read_some(asio::buffer(bytes), kOutcome);
}

template <typename Stream>
awaitable<void> run_session(Stream stream, const Surroundings& around) {
  constexpr bool kSecure = std::is_base_of_v<SecureStream, Stream>;
  Session<Stream> session(std::move(stream), around);
  if constexpr (kSecure) co_await session.stream().async_handshake(asio::ssl::stream_base::server, use_awaitable);
  co_await session.run();
  if constexpr (kSecure) co_await session.stream().async_shutdown(kOutcome);
  co_await linger(boost::beast::get_lowest_layer(session.stream()).socket());
}

// -- The server

class BeastApplication : public Application {
 public:
  explicit BeastApplication(const Surroundings& around)
      : around_(around), acceptor_(context_, {asio::ip::address_v4::loopback(), 0}) {
    if (secure()) {
      tls_.use_certificate_chain_file(around_.certificate_file);
      tls_.use_private_key_file(around_.key_file, asio::ssl::context::pem);
    }
    asio::co_spawn(context_, accept(), asio::detached);
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { context_.run(); });
  }
  ~BeastApplication() override {
    context_.stop();
    for (std::thread& thread : threads_) thread.join();
  }
  std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }

 private:
  bool secure() const { return !around_.certificate_file.empty(); }

  awaitable<void> accept() {
    while (true) {
      // Each connection has a strand: its coroutine may go on in either thread.
      tcp::socket socket(asio::make_strand(context_));
      co_await acceptor_.async_accept(socket, use_awaitable);
      const auto executor = socket.get_executor();
      // What a coroutine throws ends its connection, as it would in most servers.
      asio::co_spawn(executor, serve(std::move(socket)), [](const std::exception_ptr&) {});
    }
  }

  awaitable<void> serve(tcp::socket socket) {
    if (around_.logs == nullptr) {
      return secure() ? run_session(SecureStream(std::move(socket), tls_), around_)
                      : run_session(tcp_stream(std::move(socket)), around_);
    }
    using ::logs_sdk::beast::Stream;
    return secure() ? run_session(Stream<SecureStream>(*around_.logs, std::move(socket), tls_), around_)
                    : run_session(Stream<tcp_stream>(*around_.logs, std::move(socket)), around_);
  }

  const Surroundings around_;
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  asio::io_context context_{2};
  tcp::acceptor acceptor_;
  std::vector<std::thread> threads_;
};

}  // namespace

AdapterUnderTest beast_form() {
  return {"coroutines", beast_description(),
          [](const Surroundings& around) { return std::make_unique<BeastApplication>(around); }};
}

}  // namespace logs_sdk::conformance
