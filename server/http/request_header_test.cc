// Which request headers the server takes, over real sockets: what two readers may understand in two ways is refused,
// and the connection ends, so that nothing of it can be taken for another request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/http_server.h"
#include "testing/raw_client.h"

namespace logs_server {
namespace {

using logs_sdk::RawAnswer;
using logs_sdk::RawClient;
using testing::HasSubstr;

using namespace std::string_literals;

// What follows on the same connection: answered after a request that was taken, never after one that was refused.
constexpr std::string_view kNext = "GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view kValue = "unmistakable";

struct Refused {
  std::string header;  // of a POST to /echo, as sent
  std::string reason;  // a part of the answer
};

std::string post(std::string_view fields) {
  return "POST /echo HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) + "\r\n";
}

std::string repeated(std::string_view name) {
  return post(std::string(name) + ": " + std::string(kValue) + "\r\nX-Between: 1\r\n" + std::string(name) + ": " +
              std::string(kValue) + "\r\n");
}

const std::vector<Refused>& refused_headers() {
  static const std::vector<Refused> kRefused = {
      // Stands for one thing, and stands twice.
      {repeated("X-API-Secret"), "x-api-secret"},
      {repeated("x-api-key"), "x-api-key"},
      {repeated("AUTHORIZATION"), "authorization"},
      {repeated("Content-Type"), "content-type"},
      {repeated("Content-Encoding"), "content-encoding"},
      {repeated("X-Batch-Id"), "x-batch-id"},
      {repeated("X-Logs-Instance"), "x-logs-instance"},
      {repeated("X-Logs-Ledger"), "x-logs-ledger"},
      {repeated("X-SDK-Type"), "x-sdk-type"},
      {repeated("X-SDK-Version"), "x-sdk-version"},
      {repeated("X-SDK-Hash"), "x-sdk-hash"},
      {repeated("Expect"), "expect"},
      {repeated("Last-Event-ID"), "last-event-id"},
      {repeated("Sec-Fetch-Site"), "sec-fetch-site"},
      {post("Host: localhost\r\n"), "host"},
      {"POST /echo HTTP/1.1\r\n\r\n", "Host"},
      // Where the body ends.
      {post("Content-Length: 5\r\nContent-Length: 5\r\n") + "12345", "content-length"},
      {post("Content-Length: 5\r\nContent-Length: 6\r\n") + "12345", ""},
      {post("Content-Length: 5, 5\r\n") + "12345", ""},
      {post("Content-Length: 5,\r\n") + "12345", ""},
      {post("Content-Length: +5\r\n") + "12345", ""},
      {post("Content-Length: 5 5\r\n") + "12345", ""},
      {post("Content-Length: 0x5\r\n") + "12345", ""},
      {post("Content-Length:\r\n") + "12345", ""},
      {post("Content-Length: 99999999999999999999999\r\n") + "12345", ""},
      {post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", ""},
      {post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") + "0\r\n\r\n", ""},
      {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", ""},
      {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n") + "0\r\n\r\n", ""},
      {post("Transfer-Encoding: chunked, chunked\r\n") + "0\r\n\r\n", ""},
      {post("Transfer-Encoding: \x0b"
            "chunked\r\n") +
           "0\r\n\r\n",
       ""},
      // Lines that are folded (RFC 9112 5.2), or none.
      {post("Transfer-Encoding:\r\n chunked\r\n") + "0\r\n\r\n", "continued"},
      {post("Transfer-Encoding: chunked\r\n\t\r\n") + "0\r\n\r\n", "continued"},
      {post("X-Any: a\r\n b\r\n"), "continued"},
      {post("X-Any: a\r\n \r\n"), "continued"},
      {"POST /echo HTTP/1.1\r\n Host: localhost\r\n\r\n", "continued"},
      {post("Transfer-Encoding : chunked\r\n") + "0\r\n\r\n", ""},
      {post("Content-Length\t: 5\r\n") + "12345", ""},
      {post(": nameless\r\n"), ""},
      {post("no colon\r\n"), ""},
      // What frames a body: trailers, which nobody reads, and extensions of chunks that hold a line end.
      {post("Transfer-Encoding: chunked\r\n") + "5\r\n12345\r\n0\r\nX-API-Key: k\r\n\r\n", "trailer"},
      {post("Transfer-Encoding: chunked\r\n") + "0\r\nX: a\r\n b\r\n\r\n", "trailer"},
      {post("Transfer-Encoding: chunked\r\n") + "0\r\nContent-Length: 5\r\n\r\n", ""},
      {post("Transfer-Encoding: chunked\r\n") + "1;a=\"\n\"\r\nx\r\n0\r\n\r\n", ""},
      {post("Transfer-Encoding: chunked\r\n") + "1\nx\n0\n\n", ""},
      {post("Transfer-Encoding: chunked\r\n") + "ffffffffffffffffff\r\nx\r\n0\r\n\r\n", ""},
      // Line ends that are none, and what no line can hold.
      {post("X-Any: a\rb\r\n"), "line"},
      {post("X-Any: a\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", "line"},
      {"POST /echo HTTP/1.1\nHost: localhost\n\n", "line"},
      {"POST /echo HTTP/1.1\r\nHost: localhost\r\n\n", "line"},
      {"POST /echo HTTP/1.1\r\nHost: localhost\r\r\n\r\n", "line"},
      {post("X-Any: a\0b\r\n"s), "NUL"},
      {post("X-\0Any: ab\r\n"s), "NUL"},
      {"POST /echo\0 HTTP/1.1\r\nHost: localhost\r\n\r\n"s, "NUL"},
      {"\r\nPOST /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", ""},
  };
  return kRefused;
}

// What may stand twice, or looks like the above and is none of it: followed by a body of 5 bytes.
const std::vector<std::string>& taken_headers() {
  static const std::vector<std::string> kTaken = {
      post("Content-Length: 5\r\n"),
      post("Content-Length:5\r\n"),
      post("Content-Length: \t5 \t\r\n"),
      post("Content-Length: 0005\r\n"),
      post("Content-Length: 5\r\nAccept: a/b\r\nAccept: c/d\r\n"),
      post("Content-Length: 5\r\nAccept-Encoding: gzip\r\nAccept-Encoding: zstd\r\n"),
      post("Content-Length: 5\r\nCookie: a=1\r\nCookie: b=2\r\n"),
      post("Content-Length: 5\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n"),
      post("Content-Length: 5\r\nForwarded: for=192.0.2.1\r\nForwarded: for=192.0.2.2\r\n"),
      post("Content-Length: 5\r\nVia: 1.1 a\r\nVia: 1.1 b\r\n"),
      post("Content-Length: 5\r\nCache-Control: no-store\r\nCache-Control: no-cache\r\n"),
      post("Content-Length: 5\r\nConnection: keep-alive\r\nConnection: x\r\n"),
      post("Content-Length: 5\r\nX-Nobody-Reads: 1\r\nX-Nobody-Reads: 2\r\n"),
      post("Content-Length: 5\r\nX-Text: \xc3\xa9\ttab, \"quoted\"\r\n"),
      post("Content-Length: 5\r\nX-Empty:\r\nX-Blank:  \r\n"),
  };
  return kTaken;
}

class RequestHeaderTest : public testing::Test {
 protected:
  RequestHeaderTest() {
    Route route;
    route.method = "POST";
    route.pattern = "/echo";
    route.max_body_bytes = 100;
    Router router;
    router.add_async(route, [](Request& request, const Responder& responder) {
      Response response;
      response.body = request.body;
      responder.send(std::move(response));
    });
    route.method = "GET";
    route.pattern = "/next";
    router.add_async(std::move(route), [](Request&, const Responder& responder) { responder.send(Response{}); });
    server_ = std::move(HttpServer::start({}, std::move(router))).value();
  }
  // Sent in pieces of that size, each of which reaches the server as one read or as several.
  std::unique_ptr<RawClient> send(std::string_view bytes, std::size_t piece) {
    auto client = std::make_unique<RawClient>(server_->port());
    for (std::size_t at = 0; at < bytes.size(); at += piece) client->send(bytes.substr(at, piece));
    return client;
  }
  void expect_refused(const Refused& row, std::size_t piece) {
    const auto client = send(row.header + std::string(kNext), piece);
    const RawAnswer answer = client->read_answer();
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.body, HasSubstr(row.reason));
    EXPECT_THAT(answer.body, Not(HasSubstr(kValue)));
    EXPECT_EQ(answer.field("connection"), "close");
    EXPECT_TRUE(client->ends());
  }
  void expect_taken(std::string_view header, std::size_t piece) {
    const auto client = send(std::string(header) + "12345" + std::string(kNext), piece);
    EXPECT_EQ(client->read_answer().body, "12345");
    EXPECT_EQ(client->read_answer().status, 200);
  }

  std::unique_ptr<HttpServer> server_;
};

TEST_F(RequestHeaderTest, what_can_be_read_in_two_ways_is_refused_and_the_connection_ends) {
  for (const Refused& row : refused_headers()) {
    SCOPED_TRACE(testing::PrintToString(row.header));
    expect_refused(row, row.header.size() + kNext.size());
  }
}

TEST_F(RequestHeaderTest, what_is_refused_is_refused_in_pieces_of_any_size_too) {
  for (const std::size_t piece : {1UL, 2UL, 3UL, 7UL}) {
    for (const Refused& row : refused_headers()) {
      SCOPED_TRACE(testing::PrintToString(row.header));
      expect_refused(row, piece);
    }
  }
}

TEST_F(RequestHeaderTest, what_may_stand_twice_is_taken_in_pieces_of_any_size) {
  for (const std::size_t piece : {1UL, 2UL, 3UL, 7UL, 1000UL}) {
    for (const std::string& header : taken_headers()) {
      SCOPED_TRACE(testing::PrintToString(header));
      expect_taken(header, piece);
    }
  }
}

TEST_F(RequestHeaderTest, chunks_are_taken_with_extensions_and_in_pieces_of_any_size) {
  const std::string body = "2;a=b\r\n12\r\n3;c=\"d e\"\r\n345\r\n0\r\n\r\n";
  for (const std::size_t piece : {1UL, 2UL, 3UL, 7UL, 1000UL}) {
    const auto client = send(post("Transfer-Encoding: chunked\r\n") + body + std::string(kNext), piece);
    EXPECT_EQ(client->read_answer().body, "12345");
    EXPECT_EQ(client->read_answer().status, 200);
  }
}

// The parser below throws at a field of 65,534 bytes, from where nobody could catch it.
TEST_F(RequestHeaderTest, no_trailer_or_extension_of_any_length_ends_the_server) {
  for (const std::size_t size : {1UL, 32'000UL, 33'000UL, 65'533UL, 65'534UL, 66'000UL, 140'000UL, 1'000'000UL}) {
    const std::string long_text(size, 'a');
    for (const std::string& body : {"0\r\nX: " + long_text + "\r\n\r\n", "0\r\n" + long_text + ": x\r\n\r\n",
                                    "1;" + long_text + "\r\nx\r\n0\r\n\r\n", "0\r\n" + long_text}) {
      RawClient client(server_->port());
      client.send("GET /next HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    }
    const auto next = send(kNext, kNext.size());
    EXPECT_EQ(next->read_answer().status, 200) << size;
  }
}

TEST_F(RequestHeaderTest, a_header_has_its_bound_to_the_byte) {
  constexpr std::size_t kMaxHeaderBytes = 32 * 1024;
  for (const std::size_t size : {kMaxHeaderBytes, kMaxHeaderBytes + 1}) {
    std::string fields = "Content-Length: 5\r\nX-Long: ";
    fields.append(size - post(fields).size() - 2, 'x').append("\r\n");
    const auto client = send(post(fields) + "12345", size);
    EXPECT_EQ(client->read_answer().status, size == kMaxHeaderBytes ? 200 : 431) << size;
  }
}

}  // namespace
}  // namespace logs_server
