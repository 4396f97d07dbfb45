#include <logs_sdk/adapters/beast.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "testing/logs_sdk_fixture.h"
#include "testing/raw_wire.h"
#include "tests/errors/error_entry.h"

namespace logs_sdk {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Json = PlatformSink::Json;
using Stream = logs_sdk::beast::Stream<tcp::socket>;
using Request = http::request<http::string_body>;

constexpr std::string_view kGet = "GET /it HTTP/1.1\r\nHost: h\r\n\r\n";

[[gnu::noinline]] void charge_card(int amount) {
  if (amount > 0) throw std::runtime_error("the card was refused");
}

void write_head(Stream& stream) {
  http::response<http::empty_body> response(http::status::ok, 11);
  response.chunked(true);
  http::response_serializer<http::empty_body> serializer(response);
  http::write_header(stream, serializer);
}

void answer(Stream& stream, http::status status) {
  http::response<http::string_body> response(status, 11);
  response.body() = "it";
  response.prepare_payload();
  boost::system::error_code error;
  http::write(stream, response, error);
}

class BeastErrorsTest : public LogSDKTest {
 protected:
  // The entry of one GET that `serve` answers and `client` sends. The connection ends with `serve`, thrown or not.
  Json entry_of(const std::function<void(Stream&, Request)>& serve,
                const std::function<void(std::unique_ptr<RawWire>)>& client) {
    LogSDK logs(config());
    asio::io_context context;
    tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    std::thread serving([&] {
      try {
        Stream stream(logs, acceptor.accept());
        boost::beast::flat_buffer buffer;
        Request request;
        http::read(stream, buffer, request);
        serve(stream, std::move(request));
      } catch (const std::exception&) {
      }
    });
    client(std::make_unique<TcpWire>(acceptor.local_endpoint().port()));
    const Json entry = sink.await_entries(1)[0];
    serving.join();
    return entry;
  }
  static void ask(std::unique_ptr<RawWire> wire) {
    wire->send(kGet);
    std::string answer;
    while (wire->receive(answer)) {
    }
  }
};

TEST_F(BeastErrorsTest, an_exception_that_nobody_answers_is_500_and_shows_where_it_was_thrown) {
  const auto serve = [](Stream& stream, Request request) {
    beast::handle(stream, std::move(request), [](const auto&) { charge_card(7); });
  };
  const Json entry = entry_of(serve, ask);
  expect_error(entry, 500, "panic");
  EXPECT_EQ(entry.at("error_message"), "std::runtime_error: the card was refused");
  expect_throw(entry, "charge_card(int)", "beast_errors_test.cc");
}

TEST_F(BeastErrorsTest, an_exception_after_the_head_was_sent_keeps_the_status_that_was_sent) {
  const auto serve = [](Stream& stream, Request request) {
    beast::handle(stream, std::move(request), [&](const auto&) {
      write_head(stream);
      charge_card(7);
    });
  };
  const Json entry = entry_of(serve, ask);
  expect_error(entry, 200, "panic");
  expect_throw(entry, "charge_card(int)", "beast_errors_test.cc");
}

TEST_F(BeastErrorsTest, a_client_that_left_before_the_answer_is_499) {
  std::promise<void> asked, left;
  const auto serve = [&](Stream& stream, const Request&) {
    asked.set_value();
    left.get_future().wait();
    answer(stream, http::status::ok);
  };
  const auto leave = [&](std::unique_ptr<RawWire> wire) {
    wire->send(kGet);
    asked.get_future().wait();
    wire->reset_on_close();
    wire.reset();
    left.set_value();
  };
  expect_error(entry_of(serve, leave), 499, "aborted");
}

TEST_F(BeastErrorsTest, a_client_that_leaves_in_the_middle_of_the_answer_is_aborted_with_the_status_it_got) {
  const auto serve = [](Stream& stream, const Request&) {
    write_head(stream);
    const std::string line(65536, 'x');
    for (boost::system::error_code error; !error;) asio::write(stream, http::make_chunk(asio::buffer(line)), error);
  };
  const auto leave_midway = [](std::unique_ptr<RawWire> wire) {
    wire->send(kGet);
    std::string answer;
    wire->receive(answer, 100);
    wire->reset_on_close();
  };
  expect_error(entry_of(serve, leave_midway), 200, "aborted");
}

TEST_F(BeastErrorsTest, a_handler_that_never_answers_is_499_when_the_connection_ends) {
  expect_error(entry_of([](Stream&, const Request&) {}, ask), 499, "aborted");
}

TEST_F(BeastErrorsTest, a_handler_that_ends_in_the_middle_of_its_answer_is_aborted_with_the_status_that_was_sent) {
  expect_error(entry_of([](Stream& stream, const Request&) { write_head(stream); }, ask), 200, "aborted");
}

TEST_F(BeastErrorsTest, an_answer_of_504_is_a_timeout) {
  const auto serve = [](Stream& stream, const Request&) { answer(stream, http::status::gateway_timeout); };
  expect_error(entry_of(serve, ask), 504, "timeout");
}

}  // namespace
}  // namespace logs_sdk
