// WebSockets over a recorded stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <string>
#include <utility>

#include "tests/conformance/beast_fixture.h"

namespace logs_sdk::conformance::beast_test {
namespace {

namespace websocket = boost::beast::websocket;

constexpr char kUpgrade[] =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

TEST_F(BeastTest, a_websocket_on_top_of_the_stream_works_and_is_an_upgrade) {
  flat_buffer buffer;
  auto stream = stream_with(get("/socket", kUpgrade));
  MemoryStream client = boost::beast::test::connect(stream);
  const PlainRequest request = read(stream, buffer);
  ASSERT_TRUE(websocket::is_upgrade(request));
  websocket::stream<Stream<MemoryStream>> socket(std::move(stream));
  socket.accept(request);
  expect_entry(entry(), {.fields = {{"path", "/socket"}, {"status_code", 101}, {"is_error", false}},
                         .response_headers = {{"upgrade", "websocket"}}});
  socket.write(asio::buffer(std::string("hello")));
  EXPECT_THAT(std::string(client.str()), ::testing::EndsWith("hello"));
}

TEST_F(BeastTest, whoever_takes_the_socket_of_a_request_to_upgrade_goes_on_with_it) {
  auto [ours, client] = connected();
  asio::write(client, asio::buffer(get("/taken", kUpgrade)));
  Stream<boost::beast::tcp_stream> stream(logs_, std::move(ours));
  flat_buffer buffer;
  const PlainRequest request = read(stream, buffer);
  websocket::stream<boost::beast::tcp_stream> socket(stream.release_socket());
  socket.accept(request);
  expect_entry(entry(), {.fields = {{"path", "/taken"}, {"status_code", 101}, {"is_error", false}}});
}

}  // namespace
}  // namespace logs_sdk::conformance::beast_test
