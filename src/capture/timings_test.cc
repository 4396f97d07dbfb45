#include "src/capture/timings.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/capture/capture_fixture.h"
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime kStart = Recorder::kStart;
constexpr auto kTotal = 12'499us;  // what the recorder says each exchange took

class TimingsTest : public CaptureFixture {
 protected:
  using Marks = std::vector<std::pair<Mark, std::chrono::microseconds>>;

  const EntryView& capture(const Marks& marks) {
    begin();
    for (const auto& [mark, after] : marks) exchange_.mark(mark, kStart + after);
    return finish();
  }
  std::string_view queue_of(std::string_view request_start, std::string_view peer = "10.0.0.1") {
    begin().peer(peer, 1);
    exchange_.request_header("X-Request-Start", request_start);
    return finish().latency_breakdown;
  }
};

TEST_F(TimingsTest, marks_become_a_breakdown_and_nothing_else_does) {
  const EntryView& entry = capture({{Mark::kRequestBodyRead, 100us},
                                    {Mark::kRequestBodyRead, 999us},
                                    {Mark::kHandlerStart, 200us},
                                    {Mark::kHandlerEnd, 5200us},
                                    {Mark::kFirstByte, 5300us},
                                    {Mark::kLastByte, 7500us}});
  EXPECT_EQ(entry.duration_ms, 8);
  EXPECT_EQ(entry.latency_breakdown,
            R"({"request_body_us":100,"handler_us":5000,"first_byte_us":5300,"response_us":2200,"total_us":7500})");
  EXPECT_EQ(capture({}).latency_breakdown, R"({"total_us":12499})");
  EXPECT_EQ(capture({{Mark::kHandlerStart, 1us}}).latency_breakdown, R"({"total_us":12499})");
}

TEST_F(TimingsTest, a_mark_out_of_order_or_of_another_time_is_left_out) {
  const std::pair<Marks, std::string_view> cases[] = {
      {{{Mark::kFirstByte, -1us}}, R"({"total_us":12499})"},
      {{{Mark::kFirstByte, kTotal + 1us}}, R"({"total_us":12499})"},
      {{{Mark::kFirstByte, 0us}}, R"({"first_byte_us":0,"response_us":12499,"total_us":12499})"},
      {{{Mark::kFirstByte, kTotal}}, R"({"first_byte_us":12499,"response_us":0,"total_us":12499})"},
      {{{Mark::kLastByte, -1us}}, R"({"total_us":12499})"},
      {{{Mark::kLastByte, 24h}}, R"({"total_us":12499})"},
      {{{Mark::kLastByte, 5us}, {Mark::kFirstByte, 9us}}, R"({"total_us":5})"},
      {{{Mark::kHandlerStart, 9us}, {Mark::kHandlerEnd, 5us}}, R"({"total_us":12499})"},
      {{{Mark::kHandlerStart, -9us}, {Mark::kHandlerEnd, 5us}}, R"({"total_us":12499})"},
      // A handler may go on when the client has its answer.
      {{{Mark::kHandlerStart, 1us}, {Mark::kLastByte, 5us}, {Mark::kHandlerEnd, 9us}},
       R"({"handler_us":8,"total_us":5})"},
  };
  for (const auto& [marks, breakdown] : cases) EXPECT_EQ(capture(marks).latency_breakdown, breakdown);
  for (const SteadyTime far : {SteadyTime::min(), SteadyTime::max(), SteadyTime()}) {
    begin();
    for (int mark = 0; mark <= static_cast<int>(Mark::kLastByte); ++mark) exchange_.mark(static_cast<Mark>(mark), far);
    EXPECT_EQ(finish().latency_breakdown, R"({"total_us":12499})");
    EXPECT_EQ(recorder_->entry.duration_ms, 12);
  }
}

TEST_F(TimingsTest, the_duration_is_rounded) {
  const std::pair<std::chrono::microseconds, std::int64_t> cases[] = {{0us, 0},    {499us, 0},  {500us, 1},
                                                                      {1499us, 1}, {1500us, 2}, {12'499us, 12}};
  for (const auto& [last, ms] : cases) EXPECT_EQ(capture({{Mark::kLastByte, last}}).duration_ms, ms) << last.count();
}

// The exchange began at 1,700,000,000 s on the wall clock.
TEST_F(TimingsTest, the_queue_is_told_in_every_way_that_proxies_write_it) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      // Seconds: nginx's $msec.
      {"t=1699999999.5", "500000"},
      {"1699999999.5", "500000"},
      {"t=1699999999.877", "123000"},
      {"t=1699999999", "1000000"},
      {"t=1699999999.999999", "1"},
      {"t=1700000000.000", "0"},
      // Milliseconds: the routers of platforms.
      {"1699999999500", "500000"},
      {"t=1699999999500", "500000"},
      {"1699999999999.75", "250"},
      // Microseconds: Apache's %t, also behind its %D.
      {"t=1699999999500000", "500000"},
      {"1699999999500001", "499999"},
      {"D=512 t=1699999999500000", "500000"},
      {"D=512, t=1699999999500000, i=1", "500000"},
      {"t=1699999999500000 D=512", "500000"},
      {"1699999999500000000", "500000"},  // nanoseconds
      {"t=1699996400", "3600000000"},     // an hour ago
  };
  for (const auto& [request_start, queue_us] : cases)
    EXPECT_EQ(queue_of(request_start), R"({"queue_us":)" + std::string(queue_us) + R"(,"total_us":12499})")
        << request_start;
}

TEST_F(TimingsTest, a_clock_that_is_wrong_and_what_is_no_time_leave_the_queue_out) {
  for (const std::string_view request_start : {"t=1700000000.001",
                                               "1700000001",
                                               "1700000000001",
                                               "t=1700000000000001",
                                               "9999999999",
                                               "t=1699996399",
                                               "1690000000",
                                               "0",
                                               "0.0",
                                               "1",
                                               "t=",
                                               "t=t=1699999999",
                                               "T=1699999999",
                                               "soon",
                                               "-5",
                                               "t=-1699999999",
                                               "+1699999999",
                                               "1e9",
                                               "0x65535EFF",
                                               "inf",
                                               "nan",
                                               "1699999999.5s",
                                               "16999 99999",
                                               "1699999999,5",
                                               "1.7.0",
                                               "99999999999999999999999999999999999999",
                                               "D=512",
                                               "at=1699999999",
                                               "Tue, 14 Nov 2023 22:13:19 GMT"})
    EXPECT_EQ(queue_of(request_start), R"({"total_us":12499})") << request_start;
  EXPECT_EQ(queue_of(std::string(5000, '9')), R"({"total_us":12499})");
  EXPECT_EQ(queue_of("0." + std::string(5000, '1')), R"({"total_us":12499})");
}

TEST_F(TimingsTest, the_queue_is_believed_of_a_trusted_peer_only) {
  EXPECT_EQ(queue_of("t=1699999999.5", "203.0.113.9"), R"({"total_us":12499})");
  EXPECT_EQ(queue_of("t=1699999999.5", ""), R"({"total_us":12499})");
}

// Every order of any marks, at any time about the exchange: no member is negative or longer than the exchange took.
TEST_F(TimingsTest, whatever_is_marked_no_part_is_longer_than_the_whole) {
  SeededRandom random;
  for (int i = 0; i < 2000; ++i) {
    Marks marks;
    for (std::uint64_t n = random.below(8); n > 0; --n)
      marks.emplace_back(static_cast<Mark>(random.below(5)),
                         std::chrono::microseconds(random.below(30'000)) - std::chrono::microseconds(9'000));
    const EntryView& entry = capture(marks);
    ASSERT_GE(entry.duration_ms, 0);
    ASSERT_LE(entry.duration_ms, 12);
    std::string_view rest = entry.latency_breakdown;
    ASSERT_EQ(rest.find('-'), std::string_view::npos) << rest;
    ASSERT_NE(rest.find("\"total_us\":"), std::string_view::npos) << rest;
    for (std::size_t at; (at = rest.find(':')) != std::string_view::npos;) {
      rest.remove_prefix(at + 1);
      ASSERT_LE(std::stoll(std::string(rest)), kTotal.count()) << entry.latency_breakdown;
    }
  }
}

}  // namespace
}  // namespace logs_sdk
