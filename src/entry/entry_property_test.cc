// Hostile entries at random: whatever is put in, both parsers read what the oracle says.
#include <deque>
#include <limits>

#include "gtest/gtest.h"
#include "testing/entry_oracle.h"
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

// Each class of table 3-7 that is ill-formed, and what is well-formed but has often been got wrong.
constexpr std::string_view kPieces[] = {"plain text",
                                        "a",
                                        "/path?x=1",
                                        "0123456789abcdef",
                                        "\"",
                                        "\\",
                                        "\\\"",
                                        "\\u0000",
                                        "\n",
                                        "\r\n",
                                        "\t",
                                        "\b\f",
                                        "\x01",
                                        "\x1F",
                                        "\x7F",
                                        std::string_view("\0", 1),
                                        "</script>",
                                        "{\"a\":[1,2]}",
                                        "\xC3\xA9",
                                        "\xE4\xB8\xAD\xE6\x96\x87",
                                        "\xF0\x9F\x98\x80",
                                        "\xE2\x80\xA8",
                                        "\xE2\x80\xA9",
                                        "\xEF\xBB\xBF",
                                        "\xEF\xBF\xBD",
                                        "\xEF\xBF\xBF",
                                        "\xED\x9F\xBF",
                                        "\xEE\x80\x80",
                                        "\xF4\x8F\xBF\xBF",
                                        "\xF0\x90\x80\x80",
                                        "\x80",
                                        "\xBF",
                                        "\xC0\x80",
                                        "\xC1\xBF",
                                        "\xC2",
                                        "\xE0\x80\x80",
                                        "\xE0\x9F\xBF",
                                        "\xE0\xA0",
                                        "\xE4\xB8",
                                        "\xED\xA0\x80",
                                        "\xED\xBF\xBF",
                                        "\xF0\x80\x80\x80",
                                        "\xF0\x8F\xBF\xBF",
                                        "\xF0\x90\x80",
                                        "\xF0\x9F",
                                        "\xF4\x90\x80\x80",
                                        "\xF5\x80\x80\x80",
                                        "\xF8\x88\x80\x80\x80",
                                        "\xFE",
                                        "\xFF",
                                        "\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"};

class Hostile {
 public:
  std::string_view text() {
    std::string& text = texts_.emplace_back();
    if (random_.one_in(3)) return text;
    std::size_t pieces = random_.below(8);
    if (random_.one_in(200)) pieces = 100 + random_.below(2'000);  // over most of the limits
    const bool one_kind = random_.one_in(4);
    std::string_view piece = any_piece();
    for (std::size_t i = 0; i < pieces; ++i) {
      text += piece;
      if (!one_kind) piece = any_piece();
      if (random_.one_in(10)) text += static_cast<char>(random_.next());
    }
    return text;
  }

  std::span<const HeaderView> headers() {
    static constexpr std::string_view kNames[] = {"cookie", "set-cookie", "accept", "x-a", "x-b", "via"};
    std::vector<HeaderView>& pairs = headers_.emplace_back();
    const std::uint64_t count = random_.one_in(200) ? 600 : random_.below(8);
    for (std::uint64_t i = 0; i < count; ++i) {
      pairs.push_back({random_.one_in(3) ? text() : kNames[random_.below(std::size(kNames))], text()});
    }
    return pairs;
  }

  std::span<const TagView> tags() {
    std::vector<TagView>& tags = tags_.emplace_back();
    const std::uint64_t count = random_.one_in(50) ? 70 : random_.below(4);
    for (std::uint64_t i = 0; i < count; ++i) {
      TagView tag;
      tag.name = text();
      tag.kind = static_cast<TagView::Kind>(random_.below(4));
      tag.text = text();
      tag.integer = static_cast<std::int64_t>(random_.next());
      tag.real = std::bit_cast<double>(random_.next());  // of every magnitude, now and then not a number
      if (random_.one_in(20)) tag.real = std::numeric_limits<double>::infinity() * (random_.one_in(2) ? 1 : -1);
      tag.boolean = random_.one_in(2);
      tags.push_back(tag);
    }
    return tags;
  }

  EntryView entry() {
    texts_.clear();
    headers_.clear();
    tags_.clear();
    EntryView e;
    for (std::string_view* field : {&e.uuid,
                                    &e.timestamp,
                                    &e.project_slug,
                                    &e.environment,
                                    &e.service_name,
                                    &e.host,
                                    &e.process_id,
                                    &e.method,
                                    &e.scheme,
                                    &e.host_header,
                                    &e.path,
                                    &e.query_string,
                                    &e.full_url,
                                    &e.origin,
                                    &e.request_body.text,
                                    &e.response_body.text,
                                    &e.content_type,
                                    &e.client_ip,
                                    &e.client_ip_chain,
                                    &e.client_type,
                                    &e.client_country,
                                    &e.client_province,
                                    &e.client_city,
                                    &e.client_isp,
                                    &e.user_agent,
                                    &e.referer,
                                    &e.device_type,
                                    &e.browser,
                                    &e.browser_version,
                                    &e.os_name,
                                    &e.os_version,
                                    &e.tls_version,
                                    &e.tls_cipher,
                                    &e.proto,
                                    &e.api_version,
                                    &e.request_id,
                                    &e.trace_id,
                                    &e.span_id,
                                    &e.parent_span_id,
                                    &e.user_id,
                                    &e.session_id,
                                    &e.error_type,
                                    &e.error_message,
                                    &e.error_stack,
                                    &e.panic_location}) {
      *field = text();
    }
    e.request_headers.pairs = headers();
    e.response_headers.pairs = headers();
    e.request_body.cut = random_.one_in(3);
    e.response_body.cut = random_.one_in(3);
    for (std::uint64_t* number : {&e.uid, &e.request_body_size, &e.response_body_size}) *number = random_.next();
    for (std::int64_t* number : {&e.duration_ms, &e.status_code, &e.client_port, &e.upstream_status}) {
      *number = static_cast<std::int64_t>(random_.next());
    }
    e.is_error = random_.one_in(2);
    e.tags = tags();
    return e;
  }

  SeededRandom& random() { return random_; }

 private:
  std::string_view any_piece() { return kPieces[random_.below(std::size(kPieces))]; }

  SeededRandom random_;
  std::deque<std::string> texts_;
  std::deque<std::vector<HeaderView>> headers_;
  std::deque<std::vector<TagView>> tags_;
};

// All limits of docs/formats/entry.md together, each byte at its longest, with names and punctuation.
constexpr std::size_t kMostBytes =
    6 * (36 * 512 + 4 * 4096 + 1024 + 4096 + 60 * 14 + 64 * (64 + 1024 + 28)) + 7 * 2 * (16384 + 512 * 14) + 8192;

TEST(EntryEncoder, hostile_entries_are_read_back_by_two_parsers_as_the_oracle_says) {
  Hostile hostile;
  const ProcessIdentity identity{"shop", "production", "", "host \"quoted\"", "42"};
  ByteBuffer buffer;
  for (int i = 0; i < 20'000; ++i) {
    const EntryLimits limits{hostile.random().below(300), hostile.random().below(300)};
    const EntryView entry = hostile.entry();
    EntryEncoder(limits, identity).encode(entry, buffer);
    const std::string line(buffer.view());
    ASSERT_LE(line.size(), kMostBytes + 6 * (2 * limits.max_body_bytes + limits.max_stack_bytes));
    ASSERT_NO_FATAL_FAILURE(oracle::check_entry(line, entry, {limits, identity})) << "case " << i;
  }
}

TEST(EntryEncoder, the_two_ways_of_encoding_write_the_same_bytes_and_appending_keeps_what_was_there) {
  Hostile hostile;
  const EntryEncoder encoder({}, {"shop", "production", "orders", "host", "42"});
  ByteBuffer buffer;
  for (int i = 0; i < 500; ++i) {
    const EntryView entry = hostile.entry();
    std::string line = "before";
    encoder.encode(entry, line);
    encoder.encode(entry, buffer);
    ASSERT_EQ(line, "before" + std::string(buffer.view()));
  }
}

}  // namespace
}  // namespace logs_sdk
