// A service for every_body.py: it sends back what it gets, and ends streams in each way.
#include <logs_sdk/adapters/beast.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <iostream>
#include <string>
#include <thread>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Stream = logs_sdk::beast::Stream<boost::beast::tcp_stream>;
using Request = http::request<http::string_body>;
using Error = boost::system::error_code;

void echo(Stream& stream, const Request& request) {
  http::response<http::string_body> response(http::status::ok, request.version());
  for (const http::field field : {http::field::content_type, http::field::content_encoding})
    if (request.count(field) > 0) response.set(field, request[field]);
  response.body() = request.body();
  response.keep_alive(request.keep_alive());
  response.prepare_payload();
  http::write(stream, response);
}

bool write_chunk(Stream& stream, const std::string& piece) {
  Error error;
  asio::write(stream, http::make_chunk(asio::buffer(piece)), error);
  return !error;
}

// False when it has left the stream unfinished.
bool send_pieces(Stream& stream, const Request& request) {
  const std::string end(request.target().substr(request.target().rfind('/') + 1));
  http::response<http::empty_body> response(http::status::ok, request.version());
  response.set(http::field::content_type, "text/plain");
  response.chunked(true);
  http::response_serializer<http::empty_body> serializer(response);
  http::write_header(stream, serializer);
  bool taken = write_chunk(stream, "password=hunter2 first\n");
  if (end == "handler") return false;
  while (end == "client" && taken) taken = write_chunk(stream, std::string(4096, 'x') + "\n");
  if (!taken) return false;
  asio::write(stream, http::make_chunk_last());
  return true;
}

void serve(Stream stream) {
  boost::beast::flat_buffer buffer;
  for (bool open = true; open;) {
    Request request;
    Error error;
    http::read(stream, buffer, request, error);
    if (error) return;
    if (request.method() == http::verb::post)
      echo(stream, request);
    else
      open = send_pieces(stream, request);
  }
}

}  // namespace

int main() {
  logs_sdk::LogSDK logs(logs_sdk::Config::from_environment());
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  std::cout << "listening on 127.0.0.1:" << acceptor.local_endpoint().port() << std::endl;
  while (true) std::thread(serve, Stream(logs, acceptor.accept())).detach();
}
