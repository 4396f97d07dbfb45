#include "logs_sdk/response_tap.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "src/capture/capture_fixture.h"
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

using State = ResponseTap::State;

constexpr char kNext[] = "HTTP/1.1 200 OK\r\n";  // what follows a response that ends by itself

struct TapCase {
  std::string name;
  std::string method;
  std::string bytes;
  int status = 200;
  std::string body = {};
  State state = State::kDone;
  std::string x_a = "1";  // the value of the header X-A
};

const std::vector<TapCase>& cases() {
  static const std::vector<TapCase> all = {
      {"with a length", "GET", "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 5\r\n\r\nhello", 200, "hello"},
      {"with an empty body", "GET", "HTTP/1.1 404 Not Found\r\nX-A: 1\r\nContent-Length: 0\r\n\r\n", 404},
      {"without reason", "GET", "HTTP/1.1 200\r\nX-A: 1\r\nContent-Length: 1\r\n\r\n!", 200, "!"},
      {"with bare line ends", "GET", "HTTP/1.1 200 OK\nX-A: 1\nContent-Length: 2\n\nok", 200, "ok"},
      {"with the same length twice", "GET",
       "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nok", 200, "ok"},
      {"in chunks", "GET",
       "HTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: "
       "chunked\r\n\r\n6\r\nfirst,\r\n7\r\nsecond,\r\n5\r\nthird\r\n0\r\n\r\n",
       200, "first,second,third"},
      {"in chunks with extensions and trailers", "POST",
       "HTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: gzip , Chunked\r\n\r\n"
       "00A;name=value;other=\"a;b\"\r\n0123456789\r\n2 \r\n\r\n\r\n0;last\r\nTrailer: one\r\nX-A: 2\r\n\r\n",
       200, "0123456789\r\n"},
      {"in no chunk but the last", "GET", "HTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"chunked whatever length it claims", "GET",
       "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\n0\n\n", 200, "x"},
      {"after interim responses", "POST",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-A: early\r\nLink: </a>\r\n\r\n"
       "HTTP/1.1 201 Created\r\nX-A: 1\r\nContent-Length: 4\r\n\r\ndone",
       201, "done"},
      {"to HEAD", "HEAD", "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 5\r\n\r\n"},
      {"to HEAD, chunked", "HEAD", "HTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"without content", "DELETE", "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n", 204},
      {"not modified", "GET", "HTTP/1.1 304 Not Modified\r\nX-A: 1\r\nContent-Length: 5\r\n\r\n", 304},
      {"until the end", "GET", "HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\nall of\r\n\r\nthis", 200, "all of\r\n\r\nthis",
       State::kBody},
      {"of a coding without end of its own", "GET",
       "HTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\nabcd", 200, "abcd",
       State::kBody},
      {"with two lengths", "GET", "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabcd",
       200, "abcd", State::kBody},
      {"upgraded", "GET", "HTTP/1.1 101 Switching Protocols\r\nX-A: 1\r\nUpgrade: echo\r\n\r\n\x81\x05hello", 101, "",
       State::kUpgraded},
      {"of a tunnel", "CONNECT", "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 5\r\n\r\nanything", 200, "",
       State::kUpgraded},
      {"of a refused tunnel", "CONNECT", "HTTP/1.1 403 Forbidden\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nno", 403, "no"},
  };
  return all;
}

class ResponseTapTest : public CaptureFixture {
 protected:
  // A new exchange sees `pieces`; what is not taken is added up.
  void write(const std::string& method, const std::vector<std::string_view>& pieces) {
    Config config;
    config.capture_bodies = true;
    begin(config);
    tap_.begin(method);
    left_ = 0;
    for (const std::string_view piece : pieces) left_ += piece.size() - tap_.write(exchange_, piece);
  }
  void expect(const TapCase& one) {
    EXPECT_EQ(tap_.state(), one.state);
    const EntryView& entry = finish(tap_.outcome_at_end());
    EXPECT_EQ(entry.status_code, one.status);
    EXPECT_EQ(entry.response_body.text, one.body);
    EXPECT_EQ(entry.response_body_size, one.body.size());
    EXPECT_EQ(header(entry.response_headers.pairs, "x-a"), one.x_a);
    EXPECT_EQ(entry.error_type, one.status >= 400 ? "http_error" : "");
  }

  ResponseTap tap_;
  std::size_t left_ = 0;
};

std::vector<std::string_view> pieces_of(std::string_view bytes, std::size_t size) {
  std::vector<std::string_view> pieces;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size()))) pieces.push_back(bytes.substr(0, size));
  return pieces;
}

TEST_F(ResponseTapTest, a_response_is_the_same_in_pieces_of_every_size) {
  for (const TapCase& one : cases()) {
    for (std::size_t size = 1; size <= one.bytes.size(); ++size) {
      SCOPED_TRACE(one.name + ", pieces of " + std::to_string(size));
      write(one.method, pieces_of(one.bytes, size));
      EXPECT_EQ(left_, 0u);
      expect(one);
    }
  }
}

TEST_F(ResponseTapTest, a_response_is_the_same_when_it_is_split_anywhere) {
  for (const TapCase& one : cases()) {
    const std::string_view bytes = one.bytes;
    for (std::size_t at = 0; at <= bytes.size(); ++at) {
      SCOPED_TRACE(one.name + ", split at " + std::to_string(at));
      write(one.method, {bytes.substr(0, at), {}, bytes.substr(at)});
      expect(one);
    }
  }
}

TEST_F(ResponseTapTest, what_follows_a_response_belongs_to_the_next) {
  for (const TapCase& one : cases()) {
    if (one.state != State::kDone) continue;
    SCOPED_TRACE(one.name);
    write(one.method, {one.bytes + kNext});
    EXPECT_EQ(left_, sizeof kNext - 1);
    expect(one);
  }
}

TEST_F(ResponseTapTest, a_response_cut_short_has_been_aborted) {
  for (const TapCase& one : cases()) {
    if (one.state != State::kDone) continue;
    const std::string_view bytes = one.bytes;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      SCOPED_TRACE(one.name + ", cut at " + std::to_string(size));
      write(one.method, {bytes.substr(0, size)});
      EXPECT_EQ(tap_.outcome_at_end(), Outcome::kAborted);
      const bool head_seen = tap_.state() == State::kBody;
      const EntryView& entry = finish(tap_.outcome_at_end());
      EXPECT_EQ(entry.status_code, head_seen ? one.status : 499);
      EXPECT_EQ(entry.error_type, "aborted");
    }
  }
}

TEST_F(ResponseTapTest, bytes_that_are_no_response_are_taken_without_a_word) {
  for (const char* bytes :
       {"\n\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 20\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 OK\r\nContent-Length: 1\r\n\r\n"}) {
    SCOPED_TRACE(bytes);
    write("GET", {bytes, "more\r\n\r\n"});
    EXPECT_EQ(tap_.state(), State::kLost);
    EXPECT_EQ(left_, 0u);
    const EntryView& entry = finish(tap_.outcome_at_end());
    EXPECT_EQ(entry.status_code, 0);
    EXPECT_EQ(entry.error_type, "");
  }
}

TEST_F(ResponseTapTest, chunks_that_are_none_end_what_is_seen_of_the_body) {
  for (const char* chunk :
       {"x\r\n", "\r\n", ";a\r\n", "5x\r\n", "5\r\nhello!\r\n", "10000000000000000\r\n", "-1\r\n"}) {
    SCOPED_TRACE(chunk);
    write("GET", {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", chunk, "0\r\n\r\n"});
    EXPECT_EQ(tap_.state(), State::kLost);
    const EntryView& entry = finish(tap_.outcome_at_end());
    EXPECT_EQ(entry.status_code, 200);
    EXPECT_EQ(entry.response_body.text.substr(0, 2), "ok");
  }
}

TEST_F(ResponseTapTest, a_head_without_end_is_given_up) {
  const std::string line = "X-Filler: " + std::string(1000, 'x') + "\r\n";
  write("GET", {"HTTP/1.1 200 OK\r\n"});
  for (std::size_t size = 0; size < ResponseTap::kMaxHeadBytes; size += line.size()) {
    EXPECT_EQ(tap_.state(), State::kHead);
    tap_.write(exchange_, line);
  }
  EXPECT_EQ(tap_.state(), State::kLost);
  finish();
}

TEST_F(ResponseTapTest, first_and_last_byte_are_marked_those_of_the_final_response) {
  write("GET", {"HTTP/1.1 100 Continue\r\n\r\n"});
  exchange_.mark(Mark::kFirstByte,
                 Recorder::kStart + std::chrono::microseconds(7));  // not marked yet: the first counts
  tap_.write(exchange_, cases()[0].bytes);
  exchange_.mark(Mark::kLastByte, Recorder::kStart + std::chrono::microseconds(9));  // marked already
  const std::string breakdown(finish().latency_breakdown);
  EXPECT_THAT(breakdown, ::testing::HasSubstr("\"first_byte_us\":7"));
  EXPECT_THAT(breakdown, ::testing::Not(::testing::HasSubstr("\"total_us\":9}")));
}

TEST_F(ResponseTapTest, one_tap_reads_any_number_of_responses) {
  std::string all;
  std::vector<const TapCase*> sent;
  for (const TapCase& one : cases()) {
    if (one.state != State::kDone) continue;
    all += one.bytes;
    sent.push_back(&one);
  }
  SeededRandom random;
  for (int round = 0; round < 50; ++round) {
    std::string_view rest = all;
    for (const TapCase* one : sent) {
      SCOPED_TRACE(one->name);
      write(one->method, {});
      while (tap_.state() != State::kDone && !rest.empty())
        rest.remove_prefix(tap_.write(exchange_, rest.substr(0, 1 + random.below(40))));
      expect(*one);
    }
    EXPECT_EQ(rest, "");
  }
}

}  // namespace
}  // namespace logs_sdk
