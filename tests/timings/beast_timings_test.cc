// Every stage of an exchange as the adapter for Boost.Beast measures it: by blocking calls, and by coroutines.
#include <gtest/gtest.h>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "logs_sdk/adapters/beast.h"
#include "testing/raw_wire.h"
#include "tests/timings/course.h"

namespace logs_sdk::timings {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::beast::flat_buffer;
using Stream = ::logs_sdk::beast::Stream<boost::beast::tcp_stream>;
using PlainRequest = http::request<http::string_body>;

http::response<http::empty_body> chunked_head() {
  http::response<http::empty_body> head(http::status::ok, 11);
  head.set(http::field::content_type, "text/plain");
  head.chunked(true);
  return head;
}

http::response<http::empty_body> failure() {
  http::response<http::empty_body> response(http::status::internal_server_error, 11);
  response.prepare_payload();
  return response;
}

void work(Course& course) {
  course.handler_entered.open();
  course.handler_may_end.wait();
  if (course.throws) throw std::runtime_error("as it should");
}

// Serves one connection with one request, in a thread of its own.
class BeastApplication : public Application {
 public:
  BeastApplication(LogSDK& logs, Course& course)
      : logs_(logs), course_(course), acceptor_(context_, {asio::ip::address_v4::loopback(), 0}) {}
  ~BeastApplication() override { thread_.join(); }
  std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }

 protected:
  Stream accept() { return Stream(logs_, acceptor_.accept()); }

  LogSDK& logs_;
  Course& course_;
  asio::io_context context_;
  tcp::acceptor acceptor_;
  std::thread thread_;
};

class BlockingApplication final : public BeastApplication {
 public:
  BlockingApplication(LogSDK& logs, Course& course) : BeastApplication(logs, course) {
    thread_ = std::thread([this] { serve(accept()); });
  }

 private:
  void serve(Stream stream) {
    flat_buffer buffer;
    http::request_parser<http::string_body> parser;
    http::read_header(stream, buffer, parser);
    course_.head_read.open();
    http::read(stream, buffer, parser);
    try {
      ::logs_sdk::beast::handle(stream, parser.release(), [&](const PlainRequest&) { work(course_); });
    } catch (const std::runtime_error&) {
      http::write(stream, failure());
      return;
    }
    auto head = chunked_head();
    http::response_serializer<http::empty_body> serializer(head);
    http::write_header(stream, serializer);
    asio::write(stream, http::make_chunk(asio::buffer("first,", 6)));
    course_.piece_written.open();
    course_.may_write_on.wait();
    asio::write(stream, http::make_chunk(asio::buffer("second", 6)));
    asio::write(stream, http::make_chunk_last());
  }
};

class CoroutineApplication final : public BeastApplication {
 public:
  CoroutineApplication(LogSDK& logs, Course& course) : BeastApplication(logs, course) {
    thread_ = std::thread([this] {
      asio::co_spawn(context_, serve(accept()), asio::detached);
      context_.run();
    });
  }

 private:
  // Goes on in a thread of another pool while it waits, so that it is suspended at home.
  asio::awaitable<void> handle(PlainRequest) {
    const auto home = co_await asio::this_coro::executor;
    co_await asio::post(asio::bind_executor(elsewhere_, asio::use_awaitable));
    work(course_);
    co_await asio::post(asio::bind_executor(home, asio::use_awaitable));
  }
  asio::awaitable<void> serve(Stream stream) {
    flat_buffer buffer;
    http::request_parser<http::string_body> parser;
    co_await http::async_read_header(stream, buffer, parser, asio::use_awaitable);
    course_.head_read.open();
    co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
    bool failed = false;
    try {
      co_await ::logs_sdk::beast::handle(stream, parser.release(),
                                         [this](PlainRequest request) { return handle(std::move(request)); });
    } catch (const std::runtime_error&) {
      failed = true;
    }
    if (failed) {
      const auto response = failure();
      co_await http::async_write(stream, response, asio::use_awaitable);
      co_return;
    }
    auto head = chunked_head();
    http::response_serializer<http::empty_body> serializer(head);
    co_await http::async_write_header(stream, serializer, asio::use_awaitable);
    co_await asio::async_write(stream, http::make_chunk(asio::buffer("first,", 6)), asio::use_awaitable);
    course_.piece_written.open();
    co_await asio::post(asio::bind_executor(elsewhere_, asio::use_awaitable));
    course_.may_write_on.wait();
    co_await asio::async_write(stream, http::make_chunk(asio::buffer("second", 6)), asio::use_awaitable);
    co_await asio::async_write(stream, http::make_chunk_last(), asio::use_awaitable);
  }

  asio::thread_pool elsewhere_{1};
};

template <typename Kind>
std::unique_ptr<Application> start(LogSDK& logs, Course& course) {
  return std::make_unique<Kind>(logs, course);
}

TEST(BeastTimings, every_stage_is_as_long_as_it_was) { expect_every_stage_measured(start<BlockingApplication>); }

TEST(BeastTimings, every_stage_of_a_coroutine_is_as_long_as_it_was) {
  expect_every_stage_measured(start<CoroutineApplication>);
}

TEST(BeastTimings, a_handler_that_throws_is_measured) {
  expect_handler_that_throws_measured(start<BlockingApplication>);
}

TEST(BeastTimings, a_coroutine_that_throws_is_measured) {
  expect_handler_that_throws_measured(start<CoroutineApplication>);
}

}  // namespace
}  // namespace logs_sdk::timings
