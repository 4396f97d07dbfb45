// Session: the sample application on one connection, over any stream of Boost.Beast. For beast_serving.h.
//
// Every call of Asio is compiled anew for each kind of stream and of buffers: so responses are written by
// message_generator, and everything else as one buffer. beast_test.cc has the other ways.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_BEAST_SESSION_H_
#define LOGS_SDK_TESTS_CONFORMANCE_BEAST_SESSION_H_

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_generator.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "tests/conformance/adapter_under_test.h"
#include "tests/conformance/beast_answers.h"

namespace logs_sdk::conformance {

inline constexpr auto kOutcome = boost::asio::as_tuple(boost::asio::use_awaitable);

// The answer to a request that could not be read; none when there is nobody to answer.
inline std::optional<boost::beast::http::status> status_for(boost::system::error_code error) {
  namespace http = boost::beast::http;
  if (error == http::error::body_limit) return http::status::payload_too_large;
  if (error == http::error::header_limit) return http::status::request_header_fields_too_large;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  if (error.category() == http::make_error_code(http::error::bad_method).category()) return http::status::bad_request;
  return std::nullopt;
}

// How an application calls its handler, and what the handler finds: here without us.
struct UnrecordedCalls {
  template <typename Stream, typename Handler>
  static auto call(Stream&, BeastRequest&& request, Handler handler) {
    return handler(std::move(request));
  }
  static Exchange* exchange(const BeastRequest&) { return nullptr; }
};

template <typename Stream, typename Calls>
class Session {
 public:
  Session(Stream& stream, const Surroundings& around) : stream_(stream), around_(around) {}

  boost::asio::awaitable<void> run() {
    for (bool open = true; open;) open = co_await serve_one();
  }

  // Reads what the client had under way, so that it sees the end of the answer and no reset.
  boost::asio::awaitable<void> linger() {
    using boost::asio::ip::tcp;
    tcp::socket& socket = boost::beast::get_lowest_layer(stream_).socket();
    boost::system::error_code error;
    socket.shutdown(tcp::socket::shutdown_send, error);
    std::array<char, 4096> bytes;
    while (!error) {
      std::tie(error, std::ignore) = co_await socket.async_read_some(boost::asio::buffer(bytes), kOutcome);
    }
  }

 private:
  template <typename Result>
  using Awaitable = boost::asio::awaitable<Result>;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  Awaitable<bool> serve_one() {
    Parser parser;
    parser.body_limit(kMaxRequestBody);
    if (const boost::system::error_code error = co_await read(parser)) {
      if (const auto status = status_for(error)) co_await write(refusal(*status));
      co_return false;
    }
    const bool keep_alive = parser.get().keep_alive();
    const std::string target(parser.get().target());
    if (around_.script != nullptr && around_.script->now().streams()) {
      co_await Calls::call(stream_, parser.release(),
                           [this](const auto& request) -> Awaitable<void> { return this->stream_script(request); });
      co_return keep_alive;
    }
    if (target == "/upgrade" && around_.script == nullptr) {
      co_await Calls::call(stream_, parser.release(),
                           [this](const auto& request) -> Awaitable<void> { return upgrade_to_echo(request); });
      co_return false;
    }
    if (target == "/stream" || target == "/endless" || target == "/throw/midway") {
      co_await Calls::call(stream_, parser.release(),
                           [this](const auto& request) -> Awaitable<void> { return stream_chunks(request); });
      co_return keep_alive;
    }
    co_await write(answer_or_500(parser.release()));
    co_return keep_alive;
  }

  Awaitable<boost::system::error_code> read(Parser& parser) {
    namespace http = boost::beast::http;
    auto [error, size] = co_await http::async_read_header(stream_, buffer_, parser, kOutcome);
    if (error) co_return error;
    if (parser.get()[http::field::expect] == "100-continue") {
      co_await write(http::response<http::empty_body>(http::status::continue_, parser.get().version()));
    }
    std::tie(error, size) = co_await http::async_read(stream_, buffer_, parser, kOutcome);
    co_return error;
  }

  boost::beast::http::message_generator answer_or_500(BeastRequest request) {
    const BeastRequest head(request.base());  // of which the answer to an exception is made
    try {
      return Calls::call(stream_, std::move(request), [this](const auto& given) {
        Exchange* const exchange = Calls::exchange(given);
        return around_.script == nullptr ? answer_of(given, around_, exchange)
                                         : scripted_answer(given, *around_.script, exchange);
      });
    } catch (const std::exception& error) {
      return answer_to_exception(head, "failed\n");
    } catch (...) {
      return answer_to_exception(head, "failed oddly\n");
    }
  }

  Awaitable<void> write(boost::beast::http::message_generator response) {
    co_await boost::beast::async_write(stream_, std::move(response), boost::asio::use_awaitable);
  }
  Awaitable<void> write(boost::asio::const_buffer bytes) {
    co_await boost::asio::async_write(stream_, bytes, boost::asio::use_awaitable);
  }

  Awaitable<void> write_chunk(const std::string& chunk) {
    using boost::beast::http::make_chunk;
    const std::string bytes = boost::beast::buffers_to_string(make_chunk(boost::asio::buffer(chunk)));
    co_await write(boost::asio::buffer(bytes));
  }
  Awaitable<void> end_chunks() {
    const std::string end = boost::beast::buffers_to_string(boost::beast::http::make_chunk_last());
    co_await write(boost::asio::buffer(end));
  }
  // `request` as Calls gives it, or what it converts to.
  template <typename Given>
  Awaitable<void> stream_script(const Given& request) {
    const std::string head = scripted_head_of_chunks(request, *around_.script, Calls::exchange(request));
    co_await write(boost::asio::buffer(head));
    for (const std::string& chunk : around_.script->now().chunks) co_await write_chunk(chunk);
    co_await end_chunks();
  }
  Awaitable<void> stream_chunks(const BeastRequest& request) {
    const std::string head = head_of_chunks(request);
    co_await write(boost::asio::buffer(head));
    if (request.target() == "/throw/midway") {
      co_await write_chunk("first,");
      throw std::runtime_error("midway");
    }
    if (request.target() == "/stream") {
      for (const char* chunk : {"first,", "second,", "third"}) co_await write_chunk(chunk);
      co_await end_chunks();
      co_return;
    }
    const std::string piece(65536, 'e');
    while (true) co_await write_chunk(piece);
  }

  Awaitable<void> upgrade_to_echo(const BeastRequest& request) {
    namespace http = boost::beast::http;
    http::response<http::empty_body> response(http::status::switching_protocols, request.version());
    response.set(http::field::connection, "Upgrade");
    response.set(http::field::upgrade, "echo");
    co_await write(std::move(response));
    co_await write(buffer_.cdata());
    std::array<char, 4096> bytes;
    while (true) {
      const auto [error, size] = co_await stream_.async_read_some(boost::asio::buffer(bytes), kOutcome);
      if (error) co_return;
      co_await write(boost::asio::buffer(bytes.data(), size));
    }
  }

  Stream& stream_;
  const Surroundings& around_;
  boost::beast::flat_buffer buffer_;
};

// The whole life of a connection.
template <typename Calls, typename Stream>
boost::asio::awaitable<void> serve_over_tcp(Stream stream, const Surroundings& around) {
  Session<Stream, Calls> session(stream, around);
  co_await session.run();
  co_await session.linger();
}
template <typename Calls, typename Stream>
boost::asio::awaitable<void> serve_over_tls(Stream stream, const Surroundings& around) {
  co_await stream.async_handshake(Stream::server, boost::asio::use_awaitable);
  Session<Stream, Calls> session(stream, around);
  co_await session.run();
  co_await stream.async_shutdown(kOutcome);
  co_await session.linger();
}

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_BEAST_SESSION_H_
