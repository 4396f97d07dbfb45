#include "logs_sdk/exchange.h"

#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "src/capture/capture_fixture.h"
#include "src/capture/exception_text.h"

namespace logs_sdk {
namespace {

using ExchangeTest = CaptureFixture;

TEST_F(ExchangeTest, an_empty_one_does_nothing) {
  Exchange exchange;
  EXPECT_FALSE(exchange);
  exchange.request_line("GET", "/", "HTTP/1.1");
  exchange.exception(std::make_exception_ptr(1));
  exchange.add_tag("a", TagValue(true));
  EXPECT_EQ(exchange.uuid(), "");
  EXPECT_EQ(exchange.trace_id(), "");
  EXPECT_EQ(exchange.span_id(), "");
  EXPECT_EQ(exchange.request_id(), "");
  exchange.finish();
}

TEST_F(ExchangeTest, ends_once_however_it_ends) {
  begin().finish();
  exchange_.finish();
  EXPECT_EQ(recorder_->finished, 1);
  { const Exchange dropped = recorder_->begin(); }
  EXPECT_EQ(recorder_->finished, 2);
  EXPECT_EQ(recorder_->entry.error_type, "aborted");
}

TEST_F(ExchangeTest, moves_and_finishes_what_it_replaces) {
  Exchange first = std::move(begin());
  EXPECT_FALSE(exchange_);
  EXPECT_TRUE(first);
  Exchange second = recorder_->begin();
  first = std::move(second);
  EXPECT_EQ(recorder_->finished, 1);
  Exchange& itself = first;
  first = std::move(itself);
  EXPECT_TRUE(first);
  first.finish();
  EXPECT_EQ(recorder_->finished, 2);
}

TEST_F(ExchangeTest, header_lines_are_read_as_they_come) {
  begin().request_header_block("A: 1\r\nB:2\nC :  3  \r\nno colon\r\nD: 4\r\n  goes on\r\n: nameless\r\nE:\r\n\r\n");
  const EntryView& entry = finish();
  const auto pairs = entry.request_headers.pairs;
  ASSERT_EQ(pairs.size(), 6u);
  EXPECT_EQ(pairs[0].value, "1");
  EXPECT_EQ(pairs[1].value, "2");
  EXPECT_EQ(pairs[2].name, "c");
  EXPECT_EQ(pairs[2].value, "3");
  EXPECT_EQ(pairs[3].value, "4    goes on");
  EXPECT_EQ(pairs[4].name, "e");
  EXPECT_EQ(pairs[5].name, "...");
}

TEST_F(ExchangeTest, identity_stays_while_the_exchange_grows) {
  begin().peer("127.0.0.1", 1);
  exchange_.request_header("X-Request-ID", "r-1");
  const std::string_view trace = exchange_.trace_id(), request = exchange_.request_id(), span = exchange_.span_id();
  const std::string before = std::string(trace) + std::string(request) + std::string(span);
  exchange_.request_header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  for (int i = 0; i < 50; ++i) exchange_.response_header("name", std::string(1000, 'x'));
  EXPECT_EQ(std::string(trace) + std::string(request) + std::string(span), before);
  EXPECT_EQ(finish().trace_id, recorder_->entry.uuid);
}

TEST_F(ExchangeTest, is_inert_in_a_forked_child_and_lives_on_in_the_parent) {
  begin().request_line("GET", "/", "HTTP/1.1");
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    exchange_.status(200);
    const bool inert = exchange_.uuid().empty() && exchange_.trace_id().empty();
    exchange_.finish();
    _exit(inert && recorder_->finished == 0 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(finish().method, "GET");
}

TEST(ExchangePoolTest, gives_out_what_it_got_and_keeps_no_more_than_told) {
  ExchangePool pool(2);
  ExchangeState* states[] = {pool.take(), pool.take(), pool.take()};
  for (ExchangeState* state : states) pool.give_back(state);
  EXPECT_EQ(pool.idle_count(), 2u);
  ExchangeState* again = pool.take();
  EXPECT_TRUE(again == states[0] || again == states[1]);
  pool.give_back(again);
}

// -- Exceptions

struct Silent {};
struct NullWhat : std::exception {
  const char* what() const noexcept override { return nullptr; }
};

template <typename Thrown>
ExceptionText text_of(const Thrown& thrown) {
  return exception_text(std::make_exception_ptr(thrown));
}

TEST(ExceptionText, tells_type_and_text) {
  EXPECT_EQ(text_of(std::out_of_range("index 7")).type, "std::out_of_range");
  EXPECT_EQ(text_of(std::out_of_range("index 7")).message, "index 7");
  EXPECT_EQ(text_of(std::string("thrown text")).message, "thrown text");
  EXPECT_EQ(text_of(static_cast<const char*>("literal")).message, "literal");
  EXPECT_EQ(text_of(42).type, "int");
  EXPECT_EQ(text_of(42).message, "");
  EXPECT_NE(text_of(Silent()).type.find("Silent"), std::string::npos);
  EXPECT_EQ(exception_text(nullptr).type, "");
}

TEST(ExceptionText, survives_a_hostile_what) {
  EXPECT_EQ(text_of(NullWhat()).message, "");
  EXPECT_EQ(text_of(std::runtime_error(std::string(1 << 20, 'x'))).message.size(), 8192u);
}

std::exception_ptr nested(int depth) {
  try {
    try {
      if (depth == 0) throw std::logic_error("root");
      std::rethrow_exception(nested(depth - 1));
    } catch (...) {
      std::throw_with_nested(std::runtime_error("level " + std::to_string(depth)));
    }
  } catch (...) {
    return std::current_exception();
  }
}

TEST(ExceptionText, names_the_causes_as_far_as_is_sensible) {
  const ExceptionText text = exception_text(nested(1));
  EXPECT_EQ(text.type, "std::runtime_error");
  EXPECT_NE(text.message.find("level 1; caused by "), std::string::npos);
  EXPECT_TRUE(text.message.ends_with("std::logic_error: root")) << text.message;
  EXPECT_EQ(exception_text(nested(100)).message.find("root"), std::string::npos);
}

}  // namespace
}  // namespace logs_sdk
