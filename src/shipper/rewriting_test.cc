// Records that are rewritten on their way: every attempt sends the same bytes, and sizes still hold.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/shipper/dispatcher.h"
#include "testing/list_record_source.h"
#include "testing/manual_clock.h"
#include "testing/scripted_transport.h"
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

class RewritingTest : public testing::Test {
 protected:
  RewritingTest() {
    options_.endpoint = "https://logs.example/api/v1/ingest/logs";
    options_.api_key = "clog_pk_1";
    // Every second record, each time in another way: a second rewriting would show.
    options_.rewrite = [this](Stream, std::string_view payload, std::string& out) {
      if (++calls_ % 2 == 0) return false;
      out = "{\"r" + std::to_string(calls_) + "\":" + std::string(added_bytes_, '9') + std::string(payload.substr(5));
      return true;
    };
    options_.keep_dead_letter = [this](const DeadLetter& letter) {
      letters_.emplace_back(letter.entry);
      return Status();
    };
  }
  void TearDown() override { EXPECT_EQ(live_.spooled(), live_.counted()) << "the ledger does not add up"; }

  void ship(std::size_t attempts) {
    Dispatcher dispatcher(options_, live_, transport_, clock_, random_);
    dispatcher.begin();
    dispatcher.drain_live();
    while (transport_.sent().size() < attempts) {
      if (!dispatcher.step()) clock_.advance(std::chrono::seconds(1));
    }
    while (dispatcher.step()) {
    }
  }

  ShipperOptions options_;
  std::size_t added_bytes_ = 1;
  int calls_ = 0;
  std::vector<std::string> letters_;
  ManualClock clock_;
  SeededRandom random_;
  ListRecordSource live_;
  ScriptedTransport transport_;
};

TEST_F(RewritingTest, what_is_rewritten_travels_instead_and_the_rest_as_it_is) {
  live_.append(0, 2);
  ship(1);
  EXPECT_EQ(transport_.sent()[0].body, R"({"logs":[{"r1":90},{"n":1}]})");
  EXPECT_EQ(live_.spooled().delivered, 2U);
}

TEST_F(RewritingTest, a_repeated_attempt_sends_the_same_bytes_under_the_same_id) {
  transport_.next_failure();
  transport_.next_status(503);
  live_.append(0, 3);
  ship(3);
  ASSERT_EQ(transport_.sent().size(), 3U);
  for (const auto& sent : transport_.sent()) {
    EXPECT_EQ(sent.body, transport_.sent()[0].body);
    EXPECT_EQ(sent.header("X-Batch-Id"), transport_.sent()[0].header("X-Batch-Id"));
  }
  EXPECT_EQ(calls_, 3);
  EXPECT_EQ(live_.spooled().delivered, 3U);
}

TEST_F(RewritingTest, a_batch_that_has_grown_beyond_its_limit_travels_in_several) {
  constexpr std::size_t kRecords = 100;
  added_bytes_ = 100'000;  // 50 of them: five megabytes
  live_.append(0, kRecords);
  ship(1);
  EXPECT_GE(transport_.sent().size(), 5U);
  std::size_t count = 0;
  for (const auto& sent : transport_.sent()) {
    EXPECT_LE(sent.body.size(), Batch::kMaxBodyBytes);
    count += sent.count();
  }
  EXPECT_EQ(count, kRecords);
  EXPECT_EQ(live_.spooled().delivered, kRecords);
}

TEST_F(RewritingTest, a_single_record_that_has_grown_beyond_the_limit_travels_alone) {
  added_bytes_ = 2 * Batch::kMaxBodyBytes;
  live_.append(0, 2);
  ship(2);
  ASSERT_EQ(transport_.sent().size(), 2U);
  EXPECT_EQ(live_.spooled().delivered, 2U);
}

TEST_F(RewritingTest, a_dead_letter_holds_what_was_refused) {
  transport_.next_status(400);
  live_.append(0, 1);
  ship(1);
  EXPECT_EQ(letters_, (std::vector<std::string>{R"({"r1":90})"}));
  EXPECT_EQ(live_.spooled().rejected, 1U);
}

}  // namespace
}  // namespace logs_sdk
