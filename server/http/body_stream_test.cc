#include "server/http/body_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <thread>

#include "server/http/http_server.h"
#include "testing/raw_client.h"

namespace logs_server {
namespace {

using logs_sdk::RawAnswer;
using logs_sdk::RawClient;
using State = BodyStream::State;

TEST(BodyStream, is_bounded_and_tells_when_there_is_room_again) {
  int changes = 0;
  BodyStream stream([&] { ++changes; });
  EXPECT_TRUE(stream.write(std::string(kMaxStreamWaitingBytes - 1, 'a')));
  EXPECT_TRUE(stream.write("whole, although it passes the bound"));
  EXPECT_FALSE(stream.write("b"));
  EXPECT_EQ(changes, 0);
  EXPECT_GT(stream.take().bytes.size(), kMaxStreamWaitingBytes);
  EXPECT_EQ(changes, 1);
  EXPECT_TRUE(stream.write("b"));
  EXPECT_EQ(stream.take().bytes, "b");
  EXPECT_EQ(changes, 1) << "nobody waited for room";
}

TEST(BodyStream, what_was_written_before_the_end_is_taken_with_it_and_for_the_last_word_there_is_room) {
  BodyStream stream([] {});
  const std::string much(kMaxStreamWaitingBytes, 'a');
  stream.write(much);
  stream.end("last word");
  EXPECT_FALSE(stream.write("too late"));
  stream.end("too late");
  const BodyStream::Taken taken = stream.take();
  EXPECT_EQ(taken.bytes, much + "last word");
  EXPECT_TRUE(taken.is_last);
}

TEST(BodyStream, whoever_takes_is_woken_once_for_what_gathered) {
  int wakes = 0;
  BodyStream stream([] {});
  stream.attach([&] { ++wakes; });
  stream.write("a");
  stream.write("b");
  EXPECT_EQ(wakes, 1);
  EXPECT_EQ(stream.take().bytes, "ab");
  stream.write("c");
  EXPECT_EQ(wakes, 2);
}

// GET /stream hands its stream to the test.
class StreamsOverHttp : public testing::Test {
 protected:
  StreamsOverHttp() {
    Route route;
    route.method = "GET";
    route.pattern = "/stream";
    router_.add_async(std::move(route), [this](Request&, const Responder& responder) {
      Response response;
      response.stream = stream_;
      responder.send(std::move(response));
      arrived_.set_value();
    });
    server_ = std::move(HttpServer::start({}, router_)).value();
  }
  // A client whose answer has begun.
  std::unique_ptr<RawClient> open(std::string_view version = "1.1") {
    auto client = std::make_unique<RawClient>(server_->port());
    client->send("GET /stream HTTP/" + std::string(version) + "\r\nHost: localhost\r\n\r\n");
    arrived_.get_future().wait();
    head_ = client->read_answer();
    return client;
  }
  void wait_for(State state) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stream_->state() == state; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<BodyStream> stream_ = std::make_shared<BodyStream>([this] {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  std::promise<void> arrived_;
  RawAnswer head_;
  Router router_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(StreamsOverHttp, pieces_arrive_when_they_are_written_and_the_connection_serves_on_after_the_end) {
  const auto client = open();
  EXPECT_EQ(head_.field("Transfer-Encoding"), "chunked");
  EXPECT_EQ(head_.field("Content-Length"), "");
  EXPECT_EQ(head_.field("X-Content-Type-Options"), "nosniff");
  stream_->write("one");
  EXPECT_EQ(client->read_chunk(), "one");
  stream_->write("two");
  EXPECT_EQ(client->read_chunk(), "two");
  stream_->end();
  EXPECT_EQ(client->read_chunk(), "");
  EXPECT_EQ(client->ask("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 404);
}

TEST_F(StreamsOverHttp, an_older_client_reads_until_the_connection_closes) {
  const auto client = open("1.0");
  EXPECT_EQ(head_.field("Transfer-Encoding"), "");
  EXPECT_EQ(head_.field("Connection"), "close");
  stream_->write("all");
  stream_->end();
  EXPECT_EQ(client->read_to_end(), "all");
}

TEST_F(StreamsOverHttp, a_client_that_goes_is_seen_without_a_write) {
  open().reset();
  wait_for(State::kOver);
  EXPECT_FALSE(stream_->write("to nobody"));
}

TEST_F(StreamsOverHttp, a_client_that_does_not_read_fills_its_bound_and_nothing_more) {
  const auto client = open();
  const std::string piece(64 * 1024, 'x');
  std::size_t written = 0;
  while (stream_->write(piece)) written += piece.size();  // the kernel's buffers take some of it
  std::size_t read = 0;
  while (read < written) read += client->read_chunk().size();
  EXPECT_EQ(read, written);
  EXPECT_TRUE(stream_->write(piece));
}

TEST_F(StreamsOverHttp, a_drain_asks_for_the_end_and_lets_the_last_word_through) {
  const auto client = open();
  std::thread drain([this] { server_->drain(std::chrono::seconds(60)); });
  wait_for(State::kEnding);
  stream_->write("good-bye");
  stream_->end();
  EXPECT_EQ(client->read_chunk(), "good-bye");
  EXPECT_EQ(client->read_chunk(), "");
  EXPECT_TRUE(client->ends());
  drain.join();
}

TEST_F(StreamsOverHttp, a_stream_that_does_not_end_is_cut_at_the_bound_of_a_drain) {
  const auto client = open();
  server_->drain(std::chrono::milliseconds(1));
  EXPECT_EQ(stream_->state(), State::kOver);
  EXPECT_EQ(client->read_chunk(), "");
}

}  // namespace
}  // namespace logs_server
