// Bodies through the whole of capture: what of them reaches the entry, how long they were, who ended a stream.
#include <string>

#include "src/base/compression.h"
#include "src/capture/capture_fixture.h"

namespace logs_sdk {
namespace {

constexpr std::string_view kOrder = R"({"note":"订单","password":"hunter2","n":17})";
constexpr std::string_view kShown = R"({"note":"订单","password":"***","n":17})";

std::string coded(Encoding encoding, std::string_view content) {
  Compressor compressor;
  std::string out;
  EXPECT_TRUE(compressor.compress(encoding, content, out).ok());
  return out;
}

// ASCII in UTF-16, of which the second byte of each character is zero.
std::string wide(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) (out += c) += '\0';
  return out;
}

class BodyCaptureTest : public CaptureFixture {
 protected:
  Exchange& begin_with_bodies(std::size_t max_body_size = 4096) {
    Config config;
    config.capture_bodies = true;
    config.max_body_size = max_body_size;
    return begin(config);
  }
  std::string ended_by(Outcome outcome, bool throws = false, BodyKind kind = BodyKind::kStreamed) {
    begin_with_bodies().status(200);
    exchange_.response_body("a piece", kind);
    if (throws) exchange_.exception("Error", "it failed", "", "");
    finish(outcome);
    const TagView* const end = tag("stream_ended_by");
    return end == nullptr ? "none" : std::string(end->text);
  }
};

TEST_F(BodyCaptureTest, a_coded_body_is_shown_decoded_and_masked_and_counted_as_it_came) {
  for (const Encoding encoding : {Encoding::kGzip, Encoding::kZstd}) {
    const std::string body = coded(encoding, kOrder);
    begin_with_bodies().request_header("Content-Type", "application/json");
    exchange_.request_header("Content-Encoding", encoding_name(encoding));
    exchange_.response_header("Content-Type", "application/json");
    exchange_.response_header("Content-Encoding", encoding_name(encoding));
    for (const char byte : body) exchange_.request_body({&byte, 1}, BodyKind::kStreamed);
    exchange_.response_body(body);
    const EntryView& entry = finish();
    EXPECT_EQ(entry.request_body.text, kShown);
    EXPECT_EQ(entry.response_body.text, kShown);
    EXPECT_FALSE(entry.request_body.cut);
    EXPECT_EQ(entry.request_body_size, body.size());
    EXPECT_EQ(entry.response_body_size, body.size());
  }
}

TEST_F(BodyCaptureTest, a_body_decoded_for_both_sides_keeps_them_apart_when_nothing_is_masked) {
  begin_with_bodies().request_header("Content-Encoding", "gzip");
  exchange_.response_header("Content-Encoding", "gzip");
  exchange_.request_body(coded(Encoding::kGzip, "what was asked"));
  exchange_.response_body(coded(Encoding::kGzip, "what was answered, which is longer"));
  const EntryView& entry = finish();
  EXPECT_EQ(entry.request_body.text, "what was asked");
  EXPECT_EQ(entry.response_body.text, "what was answered, which is longer");
}

TEST_F(BodyCaptureTest, codings_of_several_headers_are_one_list) {
  begin_with_bodies().request_header("Content-Encoding", "zstd");
  exchange_.request_header("X-Other", "between");
  exchange_.request_header("content-encoding", "gzip");
  exchange_.request_body(coded(Encoding::kGzip, coded(Encoding::kZstd, kOrder)));
  EXPECT_EQ(finish().request_body.text, kShown);
}

TEST_F(BodyCaptureTest, what_a_framework_has_decoded_is_shown_and_has_the_size_that_it_tells) {
  begin_with_bodies().request_header("Content-Encoding", "gzip");
  exchange_.request_body(kOrder);
  exchange_.request_body_size(31, BodyKind::kBuffered);
  const EntryView& entry = finish();
  EXPECT_EQ(entry.request_body.text, kShown);
  EXPECT_FALSE(entry.request_body.cut);
  EXPECT_EQ(entry.request_body_size, 31u);
}

TEST_F(BodyCaptureTest, a_body_of_which_a_part_was_shown_is_cut) {
  begin_with_bodies().request_body("{\"password\":\"hun");
  exchange_.request_body_size(100, BodyKind::kBuffered);
  const EntryView& entry = finish();
  EXPECT_EQ(entry.request_body.text, "{\"password\":\"***");
  EXPECT_TRUE(entry.request_body.cut);
  EXPECT_EQ(entry.request_body_size, 100u);
}

TEST_F(BodyCaptureTest, a_wide_charset_shows_as_much_text_as_any_other) {
  const std::string text(1'000, 'x');
  for (const char* type : {"text/plain; charset=utf-16le", "text/plain"}) {
    begin_with_bodies(100).request_header("Content-Type", type);
    exchange_.request_body(wide(text));
    const EntryView& entry = finish();
    EXPECT_GE(entry.request_body.text.size(), 100u) << type;
    EXPECT_TRUE(text.starts_with(entry.request_body.text)) << type;
    EXPECT_TRUE(entry.request_body.cut);
    EXPECT_EQ(entry.request_body_size, 2'000u);
  }
}

TEST_F(BodyCaptureTest, a_secret_in_another_charset_or_at_the_cut_of_one_is_masked) {
  begin_with_bodies().request_header("Content-Type", "application/json; charset=utf-16le");
  exchange_.request_body(wide(R"({"password":"hunter2"})"));
  EXPECT_EQ(finish().request_body.text, R"({"password":"***"})");
  begin_with_bodies().request_header("Content-Type", "application/json; charset=gbk");
  exchange_.request_body("{\"\xC3\xDC\xC2\xEB\":\"\xB2\xBB\",\"password\":\"hunter2\"}");
  EXPECT_EQ(finish().request_body.text, R"({"密码":"不","password":"***"})");
  for (std::size_t size = 14; size < 20; ++size) {
    begin_with_bodies(size).request_header("Content-Type", "application/json; charset=utf-16le");
    exchange_.request_body(wide("{\"password\":\"" + std::string(500, 's') + "\"}"));
    EXPECT_EQ(finish().request_body.text, "{\"password\":\"***") << size;
  }
}

TEST_F(BodyCaptureTest, a_bomb_is_bounded_whatever_it_would_become) {
  const std::string bomb = coded(Encoding::kGzip, std::string(std::size_t{256} << 20, '0'));
  begin_with_bodies().request_header("Content-Encoding", "gzip");
  exchange_.request_body(bomb);
  const EntryView& entry = finish();
  EXPECT_EQ(entry.request_body.text, std::string(entry.request_body.text.size(), '0'));
  EXPECT_LE(entry.request_body.text.size(), 4096 + kBodyLookaheadBytes);
  EXPECT_GE(entry.request_body.text.size(), 4096u);
  EXPECT_TRUE(entry.request_body.cut);
  EXPECT_EQ(entry.request_body_size, bomb.size());
}

TEST_F(BodyCaptureTest, what_a_long_body_took_is_given_back) {
  ExchangeState state;
  ExchangeStart start;
  start.max_body_bytes = 65536;
  state.begin(start);
  const std::string piece = "\xFF\xFE" + wide(std::string(400'000, 'x'));
  state.add_body(state.request_body, state.request_headers, piece, BodyKind::kBuffered);
  EXPECT_EQ(state.request_body.copy.size(), 2 * (65536 + kBodyLookaheadBytes));
  state.add_body(state.request_body, state.request_headers, piece, BodyKind::kBuffered);
  EXPECT_EQ(state.request_body.copy.size(), 2 * (65536 + kBodyLookaheadBytes));
  EXPECT_EQ(state.request_body.shown, 2 * piece.size());
  state.reset();
  EXPECT_LT(state.request_body.copy.capacity(), 100u);
}

TEST_F(BodyCaptureTest, who_ended_a_stream_is_a_tag_of_streams_only) {
  EXPECT_EQ(ended_by(Outcome::kComplete), "server");
  EXPECT_EQ(ended_by(Outcome::kAborted), "client");
  EXPECT_EQ(ended_by(Outcome::kAborted, true), "handler");
  EXPECT_EQ(ended_by(Outcome::kAbandoned), "handler");
  EXPECT_EQ(recorder_->entry.error_type, "aborted");
  EXPECT_EQ(ended_by(Outcome::kTimeout), "handler");
  EXPECT_EQ(ended_by(Outcome::kComplete, false, BodyKind::kBuffered), "none");
}

}  // namespace
}  // namespace logs_sdk
