// The part of Store's contract that concerns clients, run against every implementation.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/memory_store.h"
#include "server/store/sqlite_store.h"
#include "testing/sample_entry.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

NewEntry entry_of(std::uint64_t number, const std::string& project = "shop") {
  return sample_entry(sample_uuid(1'760'000'000'000, number), 10, {{"project_slug", project}});
}

std::string instance_of(std::size_t number) {
  std::string hex(32, '0');
  for (std::size_t at = hex.size(); number > 0; number /= 10) hex[--at] = static_cast<char>('0' + number % 10);
  return hex;
}

ClientPost post_of(std::size_t instance, std::size_t first_entry, std::size_t entry_count, std::int64_t at_us = 1,
                   const std::string& project = "shop") {
  return {.project_slug = project,
          .instance = instance_of(instance),
          .received_at_us = at_us,
          .first_entry = first_entry,
          .entry_count = entry_count};
}

enum class Backend { kMemory, kSqlite };

class ClientContract : public ::testing::TestWithParam<Backend> {
 protected:
  ClientContract() { reopen(); }
  void reopen() {
    if (GetParam() == Backend::kMemory) {
      if (!store_) store_ = std::make_unique<MemoryStore>();
      return;
    }
    store_.reset();
    store_ = SqliteStore::open(folder_.path()).value();
  }
  void append(const std::vector<NewEntry>& entries, const std::vector<ClientPost>& posts) {
    const auto appended = store_->append(entries, posts);
    ASSERT_TRUE(appended.ok()) << appended.status().message();
  }
  std::vector<ClientRecord> clients(std::optional<std::string_view> project = {}) {
    return store_->clients(project).value();
  }
  std::vector<std::string> instances(std::optional<std::string_view> project = {}) {
    std::vector<std::string> names;
    for (const ClientRecord& record : clients(project)) names.push_back(record.project_slug + record.instance);
    return names;
  }

  logs_sdk::TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Stores, ClientContract, ::testing::Values(Backend::kMemory, Backend::kSqlite),
                         [](const auto& each) { return each.param == Backend::kMemory ? "memory" : "sqlite"; });

TEST_P(ClientContract, a_record_comes_back_as_it_was_told) {
  ClientPost post = post_of(1, 0, 2, 1'760'000'000'123'456);
  post.labels = {"cpp", "1.0.0", "local-dev", "web-1", "2001:db8::1"};
  post.ledger = ClientLedger{.captured = 9, .delivered = 1, .duplicate = 2, .rejected = 3, .dropped = 1};
  post.rejected = 4;
  append({entry_of(1), entry_of(1)}, {post});
  reopen();
  const std::vector<ClientRecord> found = clients();
  ASSERT_EQ(found.size(), 1u);
  const ClientRecord expected{.project_slug = "shop",
                              .instance = instance_of(1),
                              .labels = post.labels,
                              .first_seen_us = post.received_at_us,
                              .last_seen_us = post.received_at_us,
                              .batches = 1,
                              .received = {.accepted = 1, .duplicate = 1, .rejected = 4},
                              .ledger = post.ledger,
                              .under_way = 6,
                              .missing = 3};
  EXPECT_EQ(found.front(), expected);
}

TEST_P(ClientContract, each_post_gets_the_verdicts_of_its_own_entries) {
  append({entry_of(1), entry_of(2), entry_of(1), entry_of(3)}, {post_of(1, 0, 1), post_of(2, 2, 2), post_of(3, 4, 0)});
  const auto received = [this](std::size_t number) {
    for (const ClientRecord& record : clients()) {
      if (record.instance == instance_of(number)) return record.received;
    }
    return ReceivedEntries{};
  };
  EXPECT_EQ(received(1), (ReceivedEntries{.accepted = 1}));
  EXPECT_EQ(received(2), (ReceivedEntries{.accepted = 1, .duplicate = 1}));
  EXPECT_EQ(received(3), ReceivedEntries{});
}

TEST_P(ClientContract, a_post_without_entries_is_noted) {
  append({}, {post_of(1, 0, 0)});
  EXPECT_EQ(clients().size(), 1u);
}

TEST_P(ClientContract, totals_add_up_over_posts_and_restarts) {
  append({entry_of(1), entry_of(2)}, {post_of(1, 0, 2, 5)});
  reopen();
  append({entry_of(2), entry_of(3)}, {post_of(1, 0, 2, 7)});
  ASSERT_EQ(clients().size(), 1u);
  EXPECT_EQ(clients()[0].received, (ReceivedEntries{.accepted = 3, .duplicate = 1}));
  EXPECT_EQ(clients()[0].batches, 2u);
  EXPECT_EQ(clients()[0].first_seen_us, 5);
  EXPECT_EQ(clients()[0].last_seen_us, 7);
}

TEST_P(ClientContract, an_instance_of_two_projects_is_two_clients) {
  append({entry_of(1), entry_of(1, "bank"), entry_of(2, "bank")}, {post_of(1, 0, 1), post_of(1, 1, 2, 1, "bank")});
  ASSERT_EQ(clients().size(), 2u);
  ASSERT_EQ(clients("bank").size(), 1u);
  EXPECT_EQ(clients("bank")[0].received.accepted, 2u);
  EXPECT_EQ(clients("shop")[0].received.accepted, 1u);
  EXPECT_THAT(clients("nobody"), IsEmpty());
}

TEST_P(ClientContract, the_client_seen_last_comes_first) {
  append({}, {post_of(1, 0, 0, 10), post_of(2, 0, 0, 30), post_of(3, 0, 0, 20)});
  EXPECT_THAT(instances(), ElementsAre("shop" + instance_of(2), "shop" + instance_of(3), "shop" + instance_of(1)));
}

TEST_P(ClientContract, the_clients_seen_longest_ago_are_forgotten_beyond_the_limit) {
  std::vector<ClientPost> posts;
  for (std::size_t i = 0; i < kMaxClients; ++i) posts.push_back(post_of(i, 0, 0, static_cast<std::int64_t>(100 + i)));
  append({}, posts);
  // One comes again, so that another is the oldest; then a new one, although the clock stands before all others.
  append({}, {post_of(0, 0, 0, 1'000'000)});
  ClientPost late = post_of(kMaxClients, 0, 0, 1);
  late.ledger = ClientLedger{.captured = 5, .delivered = 5};
  append({}, {late});
  const std::vector<ClientRecord> kept = clients();
  ASSERT_EQ(kept.size(), kMaxClients);
  EXPECT_EQ(kept.front().instance, instance_of(0));
  EXPECT_EQ(kept.back().instance, instance_of(kMaxClients));
  EXPECT_EQ(kept[kMaxClients - 2].instance, instance_of(2));
  EXPECT_EQ(kept.back().missing, 5u);  // known from its first post on
  // It is the oldest now, and gone with the next; when it comes again, nothing is concluded from what it had told.
  append({}, {post_of(kMaxClients + 1, 0, 0, 2'000'000)});
  reopen();
  append({}, {late});
  EXPECT_EQ(clients().back().missing, 0u);
}

}  // namespace
}  // namespace logs_server
