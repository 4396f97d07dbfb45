#include "src/shipper/dispatcher.h"

#include <gtest/gtest.h>

#include <new>
#include <string>
#include <utility>
#include <vector>

#include "testing/list_record_source.h"
#include "testing/manual_clock.h"
#include "testing/scripted_transport.h"
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kFlushInterval{5};

class DispatcherTest : public testing::Test {
 protected:
  DispatcherTest() {
    options_.endpoint = "https://logs.example/api/v1/ingest/logs";
    options_.api_key = "clog_pk_1";
    options_.api_secret = "clog_sk_1";
    options_.sdk_version = "1.0.0";
    options_.flush_interval = kFlushInterval;
    options_.on_message = [this](Severity, std::string_view kind, std::string_view text) {
      kinds_.emplace_back(kind);
      texts_.emplace_back(text);
    };
  }

  void TearDown() override { EXPECT_EQ(live_.spooled(), live_.counted()) << "the ledger does not add up"; }

  Dispatcher& dispatcher() {
    if (!dispatcher_) {
      dispatcher_ = std::make_unique<Dispatcher>(options_, live_, transport_, clock_, random_);
      dispatcher_->begin();
    }
    return *dispatcher_;
  }
  // Steps until nothing may be sent now.
  void ship() {
    while (dispatcher().step()) {
    }
  }
  void drain() {
    dispatcher().drain_live();
    ship();
  }
  // Advances to whatever the dispatcher waits for, and ships.
  void ship_when_due() {
    const auto wait = dispatcher().next_due() - clock_.steady();
    clock_.advance(std::chrono::ceil<std::chrono::microseconds>(wait));
    ship();
  }
  // The flush interval ends waits too, so that an attempt may take several.
  void ship_until_sent(std::size_t attempts) {
    while (transport_.sent().size() < attempts) ship_when_due();
  }
  void offer_orphan(std::size_t records, std::string instance = std::string(32, 'b')) {
    auto orphan = std::make_unique<ListRecordSource>(std::move(instance), [this] { ++orphans_ended_; });
    orphan->append(0, records);
    offered_.push_back(std::move(orphan));
    options_.find_orphans = [this] {
      ++looks_;
      return std::exchange(offered_, {});
    };
  }
  void expect_equation(const RecordSource& source, std::uint64_t pending) {
    EXPECT_EQ(source.spooled().pending(), pending);
    EXPECT_EQ(source.spooled().dropped_total(), 0U);
  }

  ShipperOptions options_;
  ManualClock clock_;
  SeededRandom random_;
  ListRecordSource live_;
  ScriptedTransport transport_;
  std::vector<std::string> kinds_;
  std::vector<std::string> texts_;
  std::vector<std::unique_ptr<RecordSource>> offered_;
  int looks_ = 0;
  int orphans_ended_ = 0;
  std::unique_ptr<Dispatcher> dispatcher_;
};

TEST_F(DispatcherTest, a_batch_carries_the_headers_of_the_contract) {
  live_.append(0, 2);
  drain();
  ASSERT_EQ(transport_.sent().size(), 1U);
  const ScriptedTransport::Sent sent = transport_.sent()[0];
  EXPECT_EQ(sent.url, "https://logs.example/api/v1/ingest/logs");
  EXPECT_EQ(sent.body, R"({"logs":[{"n":0},{"n":1}]})");
  EXPECT_EQ(sent.header("Content-Type"), "application/json");
  EXPECT_EQ(sent.header("X-API-Key"), "clog_pk_1");
  EXPECT_EQ(sent.header("X-API-Secret"), "clog_sk_1");
  EXPECT_EQ(sent.header("X-SDK-Type"), "cpp");
  EXPECT_EQ(sent.header("X-SDK-Version"), "1.0.0");
  EXPECT_EQ(sent.header("X-SDK-Hash"), "local-dev");
  EXPECT_EQ(sent.header("User-Agent"), "logs-sdk-cpp/1.0.0");
  EXPECT_EQ(sent.header("X-Logs-Instance"), std::string(32, 'a'));
  EXPECT_EQ(sent.header("X-Logs-Ledger"), "captured=2, delivered=0, duplicate=0, rejected=0, dropped=0");
  EXPECT_EQ(sent.header("Content-Encoding"), "");
  EXPECT_EQ(sent.deadline, clock_.steady() + options_.timeout);
}

TEST_F(DispatcherTest, the_ledger_is_that_of_the_first_sending_without_the_batch) {
  live_.append(0, 1);
  drain();
  live_.append(0, 2);
  transport_.next_failure();
  drain();
  live_.append(0, 4);
  ship_when_due();
  ASSERT_GE(transport_.sent().size(), 3U);
  EXPECT_EQ(transport_.sent()[1].header("X-Logs-Ledger"),
            "captured=3, delivered=1, duplicate=0, rejected=0, dropped=0");
  EXPECT_EQ(transport_.sent()[2].header("X-Logs-Ledger"), transport_.sent()[1].header("X-Logs-Ledger"));
}

TEST_F(DispatcherTest, ships_after_the_flush_interval_and_not_before) {
  dispatcher();
  live_.append(0, 1);
  clock_.advance(kFlushInterval - milliseconds(1));
  ship();
  EXPECT_TRUE(transport_.sent().empty());
  clock_.advance(milliseconds(1));
  ship();
  EXPECT_EQ(transport_.sent().size(), 1U);
}

TEST_F(DispatcherTest, a_batch_holds_at_most_500_records) {
  live_.append(0, 1201);
  drain();
  ASSERT_EQ(transport_.sent().size(), 3U);
  EXPECT_EQ(transport_.sent()[0].count(), 500U);
  EXPECT_EQ(transport_.sent()[2].count(), 201U);
  EXPECT_TRUE(dispatcher().live_drained());
}

TEST_F(DispatcherTest, what_comes_while_it_drains_waits_for_the_next_drain) {
  live_.append(0, 500);
  transport_.next_from([this](const ScriptedTransport::Sent& sent) {
    live_.append(0, 3);
    return ScriptedTransport::accept_all(sent);
  });
  drain();
  EXPECT_EQ(transport_.sent().size(), 1U);
  expect_equation(live_, 3);
  ship_when_due();
  expect_equation(live_, 0);
}

TEST_F(DispatcherTest, each_verdict_is_settled) {
  live_.append(0, 6);
  transport_.next_from([](const ScriptedTransport::Sent& sent) -> Result<HttpResponse> {
    return ScriptedTransport::verdicts(sent, 2, 2, R"({"index":1,"reason":"too\nold"},{"index":4})");
  });
  drain();
  const LedgerTotals totals = live_.spooled();
  EXPECT_EQ(totals.delivered, 2U);
  EXPECT_EQ(totals.duplicate, 2U);
  EXPECT_EQ(totals.rejected, 2U);
  EXPECT_EQ(live_.verdict(1), Verdict::kRejected);
  EXPECT_EQ(live_.verdict(4), Verdict::kRejected);
  expect_equation(live_, 0);
  ASSERT_EQ(kinds_, std::vector<std::string>{"rejected"});
  EXPECT_EQ(texts_[0], "the platform rejects 2 of 6 entries, the first because: too old");
}

TEST_F(DispatcherTest, an_answer_without_verdicts_delivers_and_is_counted_as_unconfirmed) {
  live_.append(0, 3);
  transport_.next_status(204);
  drain();
  EXPECT_EQ(live_.spooled().delivered, 3U);
  EXPECT_EQ(dispatcher().counters().unconfirmed, 3U);
}

TEST_F(DispatcherTest, an_address_that_has_given_verdicts_must_go_on_giving_them) {
  live_.append(0, 1);
  drain();
  live_.append(0, 1);
  transport_.next_status(200);
  drain();
  EXPECT_EQ(live_.spooled().delivered, 1U);
  expect_equation(live_, 1);
}

// Each answer that settles nothing: the batch is kept and goes out again, byte for byte and under the same id.
class KeptBatch : public DispatcherTest, public testing::WithParamInterface<int> {};

TEST_P(KeptBatch, is_sent_again_unchanged) {
  live_.append(0, 2);
  if (GetParam() == 0) {
    transport_.next_failure();
  } else {
    transport_.next({GetParam(), {}, GetParam() == 200 ? "<html>" : ""});
  }
  drain();
  expect_equation(live_, 2);
  EXPECT_EQ(dispatcher().counters().send_failures, 1U);
  ship();
  EXPECT_EQ(transport_.sent().size(), 1U) << "before its time";
  ship_until_sent(2);
  EXPECT_EQ(transport_.sent()[1].body, transport_.sent()[0].body);
  EXPECT_EQ(transport_.sent()[1].header("X-Batch-Id"), transport_.sent()[0].header("X-Batch-Id"));
  expect_equation(live_, 0);
}

INSTANTIATE_TEST_SUITE_P(EveryAnswerThatSettlesNothing, KeptBatch,
                         testing::Values(0, 200, 301, 308, 401, 402, 403, 404, 405, 408, 410, 415, 425, 429, 500, 502,
                                         503, 504));

TEST_F(DispatcherTest, after_the_retries_it_is_down_and_sends_one_probe_at_a_time) {
  options_.max_retries = 2;
  live_.append(0, 1200);
  for (int i = 0; i < 5; ++i) transport_.next_status(503);
  drain();
  for (std::size_t attempts = 2; attempts <= 5; ++attempts) {
    ship_until_sent(attempts);
    ASSERT_EQ(transport_.sent().size(), attempts);
    EXPECT_EQ(dispatcher().any(Backoff::State::kDown), attempts >= 3) << attempts;
  }
  EXPECT_EQ(kinds_, std::vector<std::string>{"destination-down"});
  while (live_.spooled().pending() > 0) ship_when_due();
  EXPECT_FALSE(dispatcher().any(Backoff::State::kDown));
  EXPECT_EQ(kinds_.back(), "destination-up");
  expect_equation(live_, 0);
}

TEST_F(DispatcherTest, retry_after_is_honoured) {
  live_.append(0, 1);
  transport_.next({429, {{"retry-after", "30"}}, ""});
  drain();
  const SteadyTime failed_at = clock_.steady();
  ship_until_sent(2);
  EXPECT_EQ(clock_.steady() - failed_at, seconds(30));
}

TEST_F(DispatcherTest, a_refusal_parks_and_says_so_once) {
  live_.append(0, 1);
  for (int i = 0; i < 4; ++i) transport_.next_status(401);
  drain();
  EXPECT_TRUE(dispatcher().any(Backoff::State::kParked));
  while (live_.spooled().pending() > 0) ship_when_due();
  EXPECT_EQ(kinds_, (std::vector<std::string>{"destination-parked", "destination-up"}));
  EXPECT_EQ(texts_[0],
            "https://logs.example/api/v1/ingest/logs refuses entries, they wait in the spool: answered 401: "
            "check api_key and api_secret");
}

TEST_F(DispatcherTest, messages_never_hold_a_key) {
  live_.append(0, 1);
  options_.max_retries = 0;
  transport_.next_status(401);
  transport_.next_failure();
  drain();
  while (live_.spooled().pending() > 0) ship_when_due();
  ASSERT_EQ(texts_.size(), 3U);
  for (const std::string& text : texts_) EXPECT_EQ(text.find("clog_"), std::string::npos) << text;
}

TEST_F(DispatcherTest, compresses_once_the_platform_offers_it) {
  const auto offering = [](const char* encodings) {
    return [encodings](const ScriptedTransport::Sent& sent) -> Result<HttpResponse> {
      HttpResponse response{200, {{"accept-encoding", encodings}}, ""};
      response.body = ScriptedTransport::verdicts(sent, 1).body;
      return response;
    };
  };
  const auto accepting_one = [](const ScriptedTransport::Sent& sent) -> Result<HttpResponse> {
    return ScriptedTransport::verdicts(sent, 1);
  };
  transport_.next_from(offering("gzip"));
  transport_.next_from(offering("zstd, gzip"));
  transport_.next_from(accepting_one);
  transport_.next_from(offering("identity"));
  for (int i = 0; i < 5; ++i) {
    live_.append(0, 1);
    drain();
  }
  std::vector<std::string> encodings;
  for (const auto& sent : transport_.sent()) encodings.push_back(sent.header("Content-Encoding"));
  EXPECT_EQ(encodings, (std::vector<std::string>{"", "gzip", "zstd", "zstd", ""}));
  expect_equation(live_, 0);
}

TEST_F(DispatcherTest, a_retry_keeps_the_compression_of_the_first_attempt) {
  live_.append(0, 1);
  transport_.next({503, {{"accept-encoding", "zstd"}}, ""});
  drain();
  ship_when_due();
  ASSERT_EQ(transport_.sent().size(), 2U);
  EXPECT_EQ(transport_.sent()[1].header("Content-Encoding"), "");
}

TEST_F(DispatcherTest, infrastructure_entries_go_to_their_own_address) {
  live_.append(0, 2);
  live_.append(kInfraStream, 3);
  drain();
  ASSERT_EQ(transport_.sent().size(), 2U);
  EXPECT_EQ(transport_.sent()[1].url, "https://logs.example/api/v1/ingest/infra-logs");
  EXPECT_EQ(transport_.sent()[1].count(), 3U);
}

TEST_F(DispatcherTest, one_address_that_refuses_does_not_stop_the_other) {
  live_.append(0, 700);
  live_.append(kInfraStream, 3);
  live_.append(0, 700);
  transport_.next_status(404);
  drain();
  EXPECT_EQ(live_.spooled().delivered, 3U);
  EXPECT_TRUE(dispatcher().live_blocked());
  while (live_.spooled().pending() > 0) ship_when_due();
  EXPECT_EQ(live_.spooled().delivered, 1403U);
}

TEST_F(DispatcherTest, orphans_are_looked_for_soon_and_then_every_five_seconds_or_so) {
  offer_orphan(0);
  dispatcher();
  SteadyTime before = clock_.steady();
  for (int look = 1; look <= 50; ++look) {
    while (looks_ < look) ship_when_due();
    const auto waited = clock_.steady() - before;
    before = clock_.steady();
    if (look == 1) {
      EXPECT_LE(waited, milliseconds(100));
    } else {
      EXPECT_GE(waited, milliseconds(2500));
      EXPECT_LE(waited, milliseconds(7500));
    }
  }
}

TEST_F(DispatcherTest, an_orphan_is_shipped_under_its_own_name_and_let_go_of) {
  offer_orphan(700);
  dispatcher();
  while (orphans_ended_ == 0) ship_when_due();
  ASSERT_EQ(transport_.sent().size(), 2U);
  EXPECT_EQ(transport_.sent()[0].header("X-Logs-Instance"), std::string(32, 'b'));
  EXPECT_EQ(transport_.sent()[0].header("X-Logs-Ledger"),
            "captured=700, delivered=0, duplicate=0, rejected=0, dropped=0");
  EXPECT_EQ(dispatcher().recovered(), 700U);
}

TEST_F(DispatcherTest, no_orphan_is_taken_while_one_is_at_hand) {
  transport_.next_failure();
  offer_orphan(1);
  offer_orphan(1, std::string(32, 'c'));
  dispatcher();
  while (looks_ == 0) ship_when_due();
  EXPECT_EQ(transport_.sent().size(), 1U);
  while (orphans_ended_ < 2) ship_when_due();
  EXPECT_EQ(dispatcher().recovered(), 2U);
}

TEST_F(DispatcherTest, a_backlog_gets_one_batch_for_four_of_live_traffic) {
  offer_orphan(2 * 500);
  dispatcher();
  live_.append(0, 10 * 500);
  clock_.advance(Dispatcher::kMaxFirstLook);
  drain();
  std::string order;
  for (const auto& sent : transport_.sent()) order += sent.header("X-Logs-Instance")[0];
  EXPECT_EQ(order, "aaaabaaaabaa");
}

TEST_F(DispatcherTest, the_last_attempts_try_what_is_down_once_more_and_only_once) {
  options_.max_retries = 0;
  live_.append(0, 1);
  transport_.next_failure();
  drain();
  for (int i = 0; i < 9; ++i) transport_.next_failure();
  dispatcher().last_attempts(clock_.steady() + seconds(2));
  EXPECT_EQ(transport_.sent().size(), 2U);
  EXPECT_EQ(transport_.sent()[1].deadline, clock_.steady() + seconds(2));
  expect_equation(live_, 1);
}

TEST_F(DispatcherTest, the_last_attempts_ship_everything_while_time_is_left) {
  live_.append(0, 1300);
  dispatcher().last_attempts(clock_.steady() + seconds(2));
  expect_equation(live_, 0);
}

TEST_F(DispatcherTest, the_last_attempts_end_with_the_deadline) {
  live_.append(0, 1300);
  transport_.next_from([this](const ScriptedTransport::Sent& sent) {
    clock_.advance(seconds(3));
    return ScriptedTransport::accept_all(sent);
  });
  dispatcher().last_attempts(clock_.steady() + seconds(2));
  expect_equation(live_, 800);
}

TEST_F(DispatcherTest, what_was_read_when_memory_ran_out_is_read_again) {
  class ShortOfMemory final : public ListRecordSource {
   public:
    std::vector<Record> read(const BatchLimits& limits) override {
      std::vector<Record> records = ListRecordSource::read(limits);
      if (std::exchange(fails_, false)) throw std::bad_alloc();
      return records;
    }

   private:
    bool fails_ = true;
  };
  ShortOfMemory source;
  source.append(0, 3);
  Dispatcher dispatcher(options_, source, transport_, clock_, random_);
  dispatcher.drain_live();
  EXPECT_THROW(dispatcher.step(), std::bad_alloc);
  EXPECT_TRUE(dispatcher.step());
  EXPECT_EQ(source.spooled().delivered, 3U);
}

// Whatever the platform does, each record ends once, and nothing is lost on the way.
TEST_F(DispatcherTest, the_ledger_adds_up_after_any_sequence_of_answers) {
  live_.append(0, 2000);
  live_.append(kInfraStream, 300);
  live_.append(0, 2000);
  for (int i = 0; i < 60; ++i) {
    transport_.next_from([this](const ScriptedTransport::Sent& sent) -> Result<HttpResponse> {
      const std::size_t count = sent.count();
      switch (random_.below(8)) {
        case 0:
          return Status(Code::kRetry, "reset");
        case 1:
          return HttpResponse{429, {{"retry-after", "3"}}, ""};
        case 2:
          return HttpResponse{403, {}, ""};
        case 3:
          return HttpResponse{200, {}, "<html>"};
        case 4:
          return ScriptedTransport::verdicts(sent, count + 1);
        case 5:
          return ScriptedTransport::verdicts(sent, count - 1, 0, R"({"index":0,"reason":"x"})");
        case 6:
          return ScriptedTransport::verdicts(sent, 0, count);
        default:
          return ScriptedTransport::accept_all(sent);
      }
    });
  }
  drain();
  for (int i = 0; i < 10'000 && live_.spooled().pending() > 0; ++i) ship_when_due();
  const LedgerTotals totals = live_.spooled();
  EXPECT_EQ(totals.captured, 4300U);
  EXPECT_EQ(totals.delivered + totals.duplicate + totals.rejected, 4300U);
}

}  // namespace
}  // namespace logs_sdk
