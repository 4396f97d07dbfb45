#include <logs_sdk/adapters/httplib.h>

#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "testing/logs_sdk_fixture.h"
#include "testing/raw_wire.h"
#include "tests/errors/error_entry.h"

namespace logs_sdk {
namespace {

using ::httplib::DataSink;
using ::httplib::Request;
using ::httplib::Response;
using Json = PlatformSink::Json;

constexpr std::string_view kGet = "GET /it HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

[[gnu::noinline]] void charge_card(int amount) {
  if (amount > 0) throw std::runtime_error("the card was refused");
}

class HttplibErrorsTest : public LogSDKTest {
 protected:
  // The entry of one GET that `handler` answers and `client` sends.
  Json entry_of(::httplib::Server::Handler handler, const std::function<void(std::unique_ptr<RawWire>)>& client) {
    LogSDK logs(config());
    httplib::Server<> server(logs);
    server.Get("/it", std::move(handler));
    const int port = server.bind_to_any_port("127.0.0.1");
    std::thread serving([&] { server.listen_after_bind(); });
    client(std::make_unique<TcpWire>(static_cast<std::uint16_t>(port)));
    const Json entry = sink.await_entries(1)[0];
    server.stop();
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

TEST_F(HttplibErrorsTest, an_exception_is_answered_500_and_shows_where_it_was_thrown) {
  const Json entry = entry_of([](const Request&, Response&) { charge_card(7); }, ask);
  expect_error(entry, 500, "panic");
  EXPECT_EQ(entry.at("error_message"), "std::runtime_error: the card was refused");
  expect_throw(entry, "charge_card(int)", "httplib_errors_test.cc");
}

TEST_F(HttplibErrorsTest, an_answer_of_504_is_a_timeout) {
  expect_error(entry_of([](const Request&, Response& response) { response.status = 504; }, ask), 504, "timeout");
}

TEST_F(HttplibErrorsTest, a_client_that_leaves_in_the_middle_of_the_answer_is_aborted_with_the_status_it_got) {
  const auto endless = [](const Request&, Response& response) {
    response.set_chunked_content_provider(
        "text/plain", [](std::size_t, DataSink& to) { return to.write(std::string(65536, 'x').data(), 65536); });
  };
  const auto leave_midway = [](std::unique_ptr<RawWire> wire) {
    wire->send(kGet);
    std::string answer;
    wire->receive(answer, 100);
    wire->reset_on_close();
  };
  expect_error(entry_of(endless, leave_midway), 200, "aborted");
}

// The framework writes, and does not tell whether it could.
TEST_F(HttplibErrorsTest, a_client_that_left_before_the_answer_looks_as_if_it_had_got_it) {
  std::promise<void> asked, left;
  const auto wait = [&](const Request&, Response& response) {
    asked.set_value();
    left.get_future().wait();
    response.set_content("too late", "text/plain");
  };
  const auto leave = [&](std::unique_ptr<RawWire> wire) {
    wire->send(kGet);
    asked.get_future().wait();
    wire->reset_on_close();
    wire.reset();
    left.set_value();
  };
  expect_error(entry_of(wait, leave), 200, "");
}

TEST_F(HttplibErrorsTest, a_handler_that_says_nothing_is_answered_by_the_framework) {
  expect_error(entry_of([](const Request&, Response&) {}, ask), 200, "");
}

}  // namespace
}  // namespace logs_sdk
