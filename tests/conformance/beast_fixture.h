// BeastTest: streams of Boost.Beast that are recorded, for tests of that adapter alone.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_BEAST_FIXTURE_H_
#define LOGS_SDK_TESTS_CONFORMANCE_BEAST_FIXTURE_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <string>
#include <utility>

#include "logs_sdk/adapters/beast.h"
#include "tests/conformance/conformance_suite.h"

namespace logs_sdk::conformance::beast_test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::beast::flat_buffer;
using ::logs_sdk::beast::Stream;
using Json = PlatformSink::Json;
using ErrorCode = boost::system::error_code;
using MemoryStream = boost::beast::test::stream;
using PlainRequest = http::request<http::string_body>;

inline std::string get(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
}

inline http::response<http::string_body> text(std::string body, http::status status = http::status::ok) {
  http::response<http::string_body> response(status, 11);
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

class BeastTest : public Recorded {
 protected:
  // A stream that has received `bytes`, of which it gives `piece` at a time, and takes as many.
  Stream<MemoryStream> stream_with(const std::string& bytes, std::size_t piece = 1 << 16) {
    MemoryStream stream(context_, bytes);
    stream.read_size(piece);
    stream.write_size(piece);
    return Stream<MemoryStream>(logs_, std::move(stream));
  }
  template <typename AnyStream>
  static PlainRequest read(AnyStream& stream, flat_buffer& buffer) {
    PlainRequest request;
    http::read(stream, buffer, request);
    return request;
  }
  Json entry() { return sink_.await_entries(1).at(0); }

  // A connection by TCP: ours, and the client's.
  std::pair<tcp::socket, tcp::socket> connected() {
    tcp::acceptor acceptor(context_, {asio::ip::address_v4::loopback(), 0});
    tcp::socket client(context_);
    client.connect(acceptor.local_endpoint());
    return {acceptor.accept(), std::move(client)};
  }

  asio::io_context context_;
};

}  // namespace logs_sdk::conformance::beast_test

#endif  // LOGS_SDK_TESTS_CONFORMANCE_BEAST_FIXTURE_H_
