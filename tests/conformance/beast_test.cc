// The conformance suite on Boost.Beast, and what is special to this library.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "logs_sdk/adapters/beast.h"
#include "tests/conformance/adapter_page.h"
#include "tests/conformance/beast_application.h"
#include "tests/conformance/beast_fixture.h"
#include "tests/conformance/conformance_suite.h"
#include "tests/conformance/golden_suite.h"

namespace logs_sdk::conformance::beast_test {
namespace {

INSTANTIATE_TEST_SUITE_P(beast, ConformanceTest, every_case_on({beast_form()}), case_name);
INSTANTIATE_TEST_SUITE_P(beast, GoldenTest, every_golden_exchange_on({beast_form()}), golden_name);
INSTANTIATE_TEST_SUITE_P(beast, AdapterPageTest, ::testing::Values(beast_description()));

constexpr char kPost[] =
    "POST /echo?a=1 HTTP/1.1\r\nHost: h\r\nX-In: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX-User-ID: forged\r\n\r\n";

TEST_F(BeastTest, a_request_is_the_same_in_pieces_of_every_size) {
  constexpr std::size_t kSizes = sizeof kPost - 1;
  for (std::size_t piece = 1; piece <= kSizes; ++piece) {
    flat_buffer buffer;
    auto stream = stream_with(kPost, piece);
    MemoryStream client = boost::beast::test::connect(stream);
    EXPECT_EQ(read(stream, buffer).body(), "hello world");
    http::write(stream, text("answer"));
  }
  for (const Json& entry : sink_.await_entries(kSizes)) {
    expect_entry(entry, {.fields = {{"method", "POST"},
                                    {"path", "/echo"},
                                    {"query_string", "a=1"},
                                    {"request_body", "hello world"},
                                    {"request_body_size", 11},
                                    {"status_code", 200},
                                    {"response_body", "answer"},
                                    {"is_error", false}},
                         .request_headers = {{"x-in", "1"}}});
  }
}

TEST_F(BeastTest, a_trailer_is_no_header) {
  flat_buffer buffer;
  auto stream = stream_with(kPost);
  MemoryStream client = boost::beast::test::connect(stream);
  read(stream, buffer);
  http::write(stream, text(""));
  expect_entry(entry(), {.fields = {{"user_id", ""}}, .request_headers = {{"x-user-id", nullptr}}});
}

TEST_F(BeastTest, a_server_with_callbacks_is_recorded) {
  flat_buffer buffer;
  PlainRequest request;
  auto response = text("answer");
  auto stream = stream_with(get("/callback"));
  MemoryStream client = boost::beast::test::connect(stream);
  http::async_read(stream, buffer, request, [&](ErrorCode error, std::size_t) {
    ASSERT_FALSE(error);
    http::async_write(stream, response, [](ErrorCode failure, std::size_t) { EXPECT_FALSE(failure); });
  });
  context_.run();
  EXPECT_THAT(std::string(client.str()), ::testing::EndsWith("answer"));
  expect_entry(entry(), {.fields = {{"path", "/callback"}, {"status_code", 200}, {"response_body", "answer"}}});
}

TEST_F(BeastTest, a_body_that_is_read_piece_by_piece_is_seen) {
  flat_buffer buffer;
  auto stream = stream_with("POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789");
  MemoryStream client = boost::beast::test::connect(stream);
  http::request_parser<http::buffer_body> parser;
  http::read_header(stream, buffer, parser);
  char piece[3];
  while (!parser.is_done()) {
    parser.get().body() = {piece, sizeof piece};
    ErrorCode error;
    http::read(stream, buffer, parser, error);
    ASSERT_TRUE(!error || error == http::error::need_buffer);
  }
  http::write(stream, text(""));
  expect_entry(entry(), {.fields = {{"request_body", "0123456789"}, {"request_body_size", 10}}});
}

TEST_F(BeastTest, many_pipelined_requests_have_an_entry_each_in_their_order) {
  constexpr std::size_t kCount = 100;  // far more than wait as exchanges
  std::string all;
  for (std::size_t i = 0; i < kCount; ++i) all += get("/" + std::to_string(i));
  flat_buffer buffer;
  auto stream = stream_with(all);
  MemoryStream client = boost::beast::test::connect(stream);
  for (std::size_t i = 0; i < kCount; ++i) {
    const PlainRequest request = read(stream, buffer);
    http::write(stream, text(std::string(request.target()), i % 2 == 0 ? http::status::ok : http::status::not_found));
  }
  const std::vector<Json> entries = sink_.await_entries(kCount);
  for (std::size_t i = 0; i < kCount; ++i) {
    expect_entry(entries.at(i), {.fields = {{"path", "/" + std::to_string(i)},
                                            {"response_body", "/" + std::to_string(i)},
                                            {"status_code", i % 2 == 0 ? 200 : 404}}});
  }
}

TEST_F(BeastTest, handlers_of_pipelined_requests_have_their_own_exchange) {
  flat_buffer buffer;
  auto stream = stream_with(get("/first") + get("/second"));
  MemoryStream client = boost::beast::test::connect(stream);
  std::vector<http::response<http::string_body>> responses;
  for (int i = 0; i < 2; ++i) {  // both are handled before one is answered
    responses.push_back(::logs_sdk::beast::handle(stream, read(stream, buffer), [](const auto& request) {
      exchange_of(request).set_user(std::string(request.target()));
      return text("");
    }));
  }
  for (const auto& response : responses) http::write(stream, response);
  const std::vector<Json> entries = sink_.await_entries(2);
  expect_entry(entries.at(0), {.fields = {{"path", "/first"}, {"user_id", "/first"}}});
  expect_entry(entries.at(1), {.fields = {{"path", "/second"}, {"user_id", "/second"}}});
}

TEST_F(BeastTest, an_answer_before_the_body_has_come_is_the_answer) {
  flat_buffer buffer;
  auto stream = stream_with("POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nonly a start");
  MemoryStream client = boost::beast::test::connect(stream);
  http::request_parser<http::string_body> parser;
  http::read_header(stream, buffer, parser);
  http::write(stream, text("too large", http::status::payload_too_large));
  expect_entry(entry(),
               {.fields = {{"status_code", 413}, {"response_body", "too large"}, {"error_type", "http_error"}}});
}

TEST_F(BeastTest, an_exception_that_is_not_answered_goes_on_and_is_told) {
  {
    flat_buffer buffer;
    auto stream = stream_with(get("/throw"));
    EXPECT_THROW(::logs_sdk::beast::handle(stream, read(stream, buffer),
                                           [](const PlainRequest&) -> int { throw std::range_error("too far"); }),
                 std::range_error);
  }
  expect_entry(entry(), {.fields = {{"path", "/throw"}, {"status_code", 500}, {"error_type", "panic"}},
                         .contains = {{"error_message", {"std::range_error", "too far"}}}});
}

TEST_F(BeastTest, a_request_that_the_caller_keeps_is_handed_on_as_it_is) {
  flat_buffer buffer;
  auto stream = stream_with(get("/kept"));
  MemoryStream client = boost::beast::test::connect(stream);
  PlainRequest request = read(stream, buffer);
  ::logs_sdk::beast::handle(stream, request, [&](PlainRequest& given) {
    EXPECT_EQ(&given, &request);
    EXPECT_EQ(current_exchange().uuid(), exchange_of(stream).uuid());
    exchange_of(stream).set_user("ada");
  });
  EXPECT_FALSE(current_exchange());
  http::write(stream, text(""));
  EXPECT_FALSE(exchange_of(stream));
  expect_entry(entry(), {.fields = {{"user_id", "ada"}}, .contains = {{"latency_breakdown", {"handler_us"}}}});
}

// A coroutine that goes on in a thread of another pool, and tells its exchange from there.
asio::awaitable<http::response<http::string_body>> answer_elsewhere(
    asio::thread_pool& pool, LogSDK& logs, ::logs_sdk::beast::Request<http::string_body> request) {
  const auto here = std::this_thread::get_id();
  const auto home = co_await asio::this_coro::executor;
  co_await asio::post(asio::bind_executor(pool, asio::use_awaitable));
  EXPECT_NE(std::this_thread::get_id(), here);
  EXPECT_FALSE(current_exchange());
  exchange_of(request).set_user("ada");
  logs.info(exchange_of(request), "elsewhere");
  co_await asio::post(asio::bind_executor(home, asio::use_awaitable));
  co_return text(std::string(exchange_of(request).trace_id()));
}

TEST_F(BeastTest, a_coroutine_that_changes_threads_keeps_its_exchange) {
  asio::thread_pool pool(1);
  flat_buffer buffer;
  auto stream = stream_with(get("/elsewhere"));
  MemoryStream client = boost::beast::test::connect(stream);
  const auto serve = [&]() -> asio::awaitable<void> {
    const auto handler = [&](auto&& request) { return answer_elsewhere(pool, logs_, std::move(request)); };
    const auto response = co_await ::logs_sdk::beast::handle(stream, read(stream, buffer), handler);
    co_await http::async_write(stream, response, asio::use_awaitable);
  };
  const auto work = asio::make_work_guard(context_);
  asio::co_spawn(context_, serve(), [this](const std::exception_ptr& thrown) {
    EXPECT_EQ(thrown, nullptr);
    context_.stop();
  });
  context_.run();
  const std::vector<Json> entries = sink_.await_entries(2);
  EXPECT_EQ(entries.at(0).at("request_body"), "elsewhere");
  EXPECT_EQ(entries.at(0).at("trace_id"), entries.at(1).at("trace_id"));
  expect_entry(entries.at(1), {.fields = {{"user_id", "ada"}, {"response_body", entries.at(1).at("trace_id")}}});
}

TEST_F(BeastTest, a_client_that_was_gone_before_the_answer_is_told_from_one_that_was_answered) {
  {
    auto [ours, client] = connected();
    Stream<boost::beast::tcp_stream> stream(logs_, std::move(ours));
    asio::write(client, asio::buffer(get("/gone")));
    flat_buffer buffer;
    read(stream, buffer);
    client.set_option(asio::socket_base::linger(true, 0));
    client.close();
    ErrorCode error;
    http::write(stream, text("nobody reads this"), error);
    EXPECT_TRUE(error);
  }
  expect_entry(entry(), {.fields = {{"path", "/gone"}, {"status_code", 499}, {"error_type", "aborted"}}});
}

TEST_F(BeastTest, a_connection_that_ends_between_requests_or_before_the_first_makes_no_entry) {
  for (const std::string& bytes : {std::string(), get("/only")}) {
    flat_buffer buffer;
    auto stream = stream_with(bytes);
    MemoryStream client = boost::beast::test::connect(stream);
    client.close();
    if (!bytes.empty()) read(stream, buffer);
    if (!bytes.empty()) http::write(stream, text(""));
    PlainRequest request;
    ErrorCode error;
    http::read(stream, buffer, request, error);
    EXPECT_EQ(error, http::error::end_of_stream);
  }
  EXPECT_TRUE(logs_.close());
  EXPECT_EQ(logs_.stats().spool.captured + logs_.stats().memory.captured, 1u);
}

TEST_F(BeastTest, reading_that_was_cancelled_can_go_on) {
  auto [ours, client] = connected();
  Stream<tcp::socket> stream(logs_, std::move(ours));
  asio::write(client, asio::buffer(std::string("GET /late")));
  flat_buffer buffer;
  asio::cancellation_signal cancel;
  std::optional<ErrorCode> outcome;
  http::request_parser<http::string_body> parser;
  http::async_read(stream, buffer, parser,
                   asio::bind_cancellation_slot(cancel.slot(), [&](ErrorCode error, std::size_t) { outcome = error; }));
  while (buffer.size() == 0) context_.run_one();
  cancel.emit(asio::cancellation_type::terminal);
  context_.restart();
  context_.run();
  EXPECT_EQ(outcome, ErrorCode(asio::error::operation_aborted));
  asio::write(client, asio::buffer(std::string(" HTTP/1.1\r\nHost: h\r\n\r\n")));
  http::read(stream, buffer, parser);
  http::write(stream, text("in time"));
  expect_entry(entry(), {.fields = {{"path", "/late"}, {"status_code", 200}, {"response_body", "in time"}}});
}

TEST_F(BeastTest, a_completion_runs_where_the_caller_wants_it) {
  asio::thread_pool pool(1);
  auto stream = stream_with(get("/where"));
  char bytes[8];
  std::thread::id ran_in;
  stream.async_read_some(asio::buffer(bytes), asio::bind_executor(pool, [&](ErrorCode, std::size_t) {
                           ran_in = std::this_thread::get_id();
                         }));
  context_.run();
  pool.join();
  EXPECT_NE(ran_in, std::thread::id());
  EXPECT_NE(ran_in, std::this_thread::get_id());
}

TEST_F(BeastTest, the_peer_of_a_unix_socket_is_named_so) {
  using Local = asio::local::stream_protocol;
  Local::socket ours(context_), client(context_);
  asio::local::connect_pair(ours, client);
  Stream<Local::socket> stream(logs_, std::move(ours));
  asio::write(client, asio::buffer(get("/local", "X-Forwarded-For: 203.0.113.9\r\n")));
  flat_buffer buffer;
  read(stream, buffer);
  http::write(stream, text(""));
  expect_entry(entry(), {.fields = {{"path", "/local"}, {"client_port", 0}, {"client_ip", "203.0.113.9"}}});
}

TEST_F(BeastTest, a_stream_that_speaks_no_http_is_let_be) {
  flat_buffer buffer;
  auto stream = stream_with(get("/odd") + get("/unseen"));
  MemoryStream client = boost::beast::test::connect(stream);
  read(stream, buffer);
  asio::write(stream, asio::buffer(std::string("220 ready\r\n\r\n")));
  read(stream, buffer);
  http::write(stream, text("still written"));
  EXPECT_THAT(std::string(client.str()), ::testing::EndsWith("still written"));
  expect_entry(entry(), {.fields = {{"path", "/odd"}, {"status_code", 0}, {"is_error", false}}});
}

TEST_F(BeastTest, a_stream_on_a_closed_library_serves_as_before) {
  EXPECT_TRUE(logs_.close());
  flat_buffer buffer;
  auto stream = stream_with(kPost);
  MemoryStream client = boost::beast::test::connect(stream);
  const auto response = ::logs_sdk::beast::handle(stream, read(stream, buffer), [](const auto& request) {
    EXPECT_FALSE(exchange_of(request));
    return text(request.body());
  });
  http::write(stream, response);
  EXPECT_THAT(std::string(client.str()), ::testing::EndsWith("hello world"));
}

}  // namespace
}  // namespace logs_sdk::conformance::beast_test
