#include "server/store/client_record.h"

#include <gtest/gtest.h>

namespace logs_server {
namespace {

ClientPost post_of(std::optional<ClientLedger> ledger, std::int64_t at_us = 1) {
  return {.project_slug = "shop",
          .instance = std::string(32, 'a'),
          .labels = {.sdk_type = "cpp", .host = "web-1"},
          .received_at_us = at_us,
          .ledger = ledger};
}

class ClientRecordTest : public testing::Test {
 protected:
  void post(std::optional<ClientLedger> ledger, const ReceivedEntries& verdicts) {
    absorb(record_, post_of(ledger), verdicts, clients_forgotten_);
  }
  ClientVerdict verdict() const { return verdict_of(record_); }
  std::uint64_t missing() const { return record_.missing; }

  bool clients_forgotten_ = false;
  ClientRecord record_;
};

TEST_F(ClientRecordTest, a_client_whose_last_batch_holds_all_that_was_pending_is_balanced) {
  post(ClientLedger{.captured = 10}, {.accepted = 10});
  EXPECT_EQ(verdict(), ClientVerdict::kBalanced);
  EXPECT_EQ(record_.ledger->pending(), 10u);  // in the client's own words, as of before that batch
}

TEST_F(ClientRecordTest, what_is_captured_and_not_yet_here_is_waited_for) {
  post(ClientLedger{.captured = 25}, {.accepted = 10});
  EXPECT_EQ(verdict(), ClientVerdict::kWaiting);
  post(ClientLedger{.captured = 25, .delivered = 10}, {.accepted = 10});
  EXPECT_EQ(verdict(), ClientVerdict::kWaiting);
  post(ClientLedger{.captured = 25, .delivered = 20}, {.accepted = 5});
  EXPECT_EQ(verdict(), ClientVerdict::kBalanced);
}

TEST_F(ClientRecordTest, dropped_and_rejected_entries_are_waited_for_no_more) {
  post(ClientLedger{.captured = 10, .rejected = 3, .dropped = 5}, {.accepted = 2});
  EXPECT_EQ(verdict(), ClientVerdict::kBalanced);
}

// The answer to the first post is lost: the server counts the entries twice, the client once, as duplicates.
TEST_F(ClientRecordTest, a_lost_answer_leaves_nothing_missing) {
  const ClientLedger before{.captured = 10};
  post(before, {.accepted = 10});
  post(before, {.duplicate = 10});
  EXPECT_EQ(verdict(), ClientVerdict::kBalanced);
  post(ClientLedger{.captured = 12, .duplicate = 10}, {.accepted = 2});
  EXPECT_EQ(missing(), 0u);
  EXPECT_EQ(verdict(), ClientVerdict::kBalanced);
}

TEST_F(ClientRecordTest, what_a_client_was_told_is_stored_and_we_never_said_is_missing) {
  post(ClientLedger{.captured = 10}, {.accepted = 10});
  post(ClientLedger{.captured = 30, .delivered = 24, .duplicate = 3}, {.accepted = 3});
  EXPECT_EQ(missing(), 17u);  // 24 − 10 stored before, and 3 duplicates
  EXPECT_EQ(verdict(), ClientVerdict::kShort);
}

TEST_F(ClientRecordTest, the_entries_of_a_post_do_not_hide_what_is_missing_before_them) {
  post(ClientLedger{.captured = 17, .delivered = 17}, {.accepted = 50});
  EXPECT_EQ(missing(), 17u);
  post(ClientLedger{.captured = 117, .delivered = 67}, {.accepted = 50});
  EXPECT_EQ(missing(), 17u);
}

TEST_F(ClientRecordTest, a_batch_sent_again_leaves_the_verdict_as_it_was) {
  const ClientLedger told{.captured = 20, .delivered = 5};
  post(told, {.accepted = 10});
  post(told, {.duplicate = 10});
  EXPECT_EQ(missing(), 5u);
}

TEST_F(ClientRecordTest, later_duplicates_do_not_cover_what_is_missing) {
  post(ClientLedger{.captured = 20, .delivered = 15}, {.accepted = 5});
  post(ClientLedger{.captured = 40, .delivered = 20}, {.duplicate = 20});
  EXPECT_EQ(missing(), 15u);
}

TEST_F(ClientRecordTest, an_older_ledger_that_arrives_late_takes_nothing_back) {
  const ClientLedger late{.captured = 10};
  const ClientLedger current{.captured = 30, .delivered = 10, .dropped = 1};
  post(late, {.accepted = 10});
  post(current, {.accepted = 19});
  post(late, {.duplicate = 10});
  EXPECT_EQ(record_.ledger, current);
  EXPECT_EQ(record_.under_way, 19u);
  EXPECT_EQ(verdict(), ClientVerdict::kBalanced);
}

TEST_F(ClientRecordTest, rejected_entries_are_the_clients_own_matter) {
  // Refused with 400 or 413 as whole requests: nothing was counted here.
  post(ClientLedger{.captured = 10, .rejected = 9}, {.accepted = 1});
  EXPECT_EQ(missing(), 0u);
}

TEST_F(ClientRecordTest, without_a_ledger_nothing_is_known) {
  post(std::nullopt, {.accepted = 10});
  EXPECT_EQ(verdict(), ClientVerdict::kUnknown);
  EXPECT_EQ(record_.received.accepted, 10u);
  EXPECT_EQ(record_.batches, 1u);
}

TEST_F(ClientRecordTest, a_client_that_may_have_been_forgotten_is_judged_by_what_comes_after) {
  clients_forgotten_ = true;
  post(ClientLedger{.captured = 110, .delivered = 90, .duplicate = 10}, {.accepted = 10});
  EXPECT_EQ(verdict(), ClientVerdict::kBalanced);
  post(ClientLedger{.captured = 130, .delivered = 100, .duplicate = 10}, {.accepted = 15});
  EXPECT_EQ(missing(), 0u);
  post(ClientLedger{.captured = 130, .delivered = 120, .duplicate = 10}, {});
  EXPECT_EQ(missing(), 5u);  // 120 − 90 before − 25 stored
}

TEST_F(ClientRecordTest, a_ledger_that_cannot_be_is_not_waited_for) {
  post(ClientLedger{.captured = 1, .delivered = 0, .dropped = 7}, {.accepted = 1});
  EXPECT_EQ(record_.ledger->pending(), 0u);
  EXPECT_EQ(verdict(), ClientVerdict::kBalanced);
}

TEST_F(ClientRecordTest, an_empty_label_does_not_replace_a_known_one) {
  absorb(record_, post_of(std::nullopt, 5), {}, false);
  ClientPost bare = post_of(std::nullopt, 3);
  bare.labels = {.sdk_version = "1.0.1"};
  absorb(record_, bare, {}, false);
  EXPECT_EQ(record_.labels, (ClientLabels{.sdk_type = "cpp", .sdk_version = "1.0.1", .host = "web-1"}));
  EXPECT_EQ(record_.first_seen_us, 5);
  EXPECT_EQ(record_.last_seen_us, 5);  // the clock stepped back meanwhile
}

}  // namespace
}  // namespace logs_server
