#include "server/ingest/commit_queue.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>

#include "server/store/memory_store.h"

namespace logs_server {
namespace {

using logs_sdk::Code;
using Outcome = logs_sdk::Result<std::vector<AppendVerdict>>;

std::vector<NewEntry> entries(std::size_t count, std::uint8_t first_byte = 0) {
  std::vector<NewEntry> made(count);
  for (std::size_t i = 0; i < count; ++i) {
    made[i].uuid.bytes = {first_byte, 1, static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)};
    made[i].project_slug = "shop";
    made[i].document = "{}";
  }
  return made;
}

// A store whose appends wait at a gate, and which notes their sizes.
class GatedStore final : public Store {
 public:
  Result<std::vector<AppendVerdict>> append(std::span<const NewEntry> added,
                                            std::span<const ClientPost> posts) override {
    std::unique_lock lock(mutex_);
    sizes_.push_back(added.size());
    arrived_.notify_all();
    opened_.wait(lock, [this] { return open_; });
    if (fails_) return Status(Code::kRetry, "no space");
    return kept_.append(added, posts);
  }
  Result<std::optional<StoredEntry>> find(const logs_sdk::Uuid& uuid,
                                          std::optional<std::string_view> project) override {
    return kept_.find(uuid, project);
  }
  Status scan(const ScanRange& range, const std::function<bool(const ScannedEntry&)>& visit) override {
    return kept_.scan(range, visit);
  }
  Result<std::vector<ClientRecord>> clients(std::optional<std::string_view> project) override {
    return kept_.clients(project);
  }
  Status scan_arrivals(std::uint64_t after_uid, const std::function<bool(const ScannedEntry&)>& visit) override {
    return kept_.scan_arrivals(after_uid, visit);
  }
  Result<std::uint64_t> last_uid() override { return kept_.last_uid(); }
  Status check() override { return kept_.check(); }
  Result<std::uint64_t> count() override { return kept_.count(); }

  void wait_for_appends(std::size_t count) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return sizes_.size() >= count; });
  }
  void open(bool fails = false) {
    const std::lock_guard lock(mutex_);
    open_ = true;
    fails_ = fails;
    opened_.notify_all();
  }
  std::vector<std::size_t> sizes() {
    const std::lock_guard lock(mutex_);
    return sizes_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_, opened_;
  std::vector<std::size_t> sizes_;  // guarded by mutex_, as are the next two
  bool open_ = false;
  bool fails_ = false;
  MemoryStore kept_;
};

std::future<Outcome> submit(CommitQueue& queue, std::vector<NewEntry> batch, std::optional<ClientPost> client = {}) {
  auto promise = std::make_shared<std::promise<Outcome>>();
  auto outcome = promise->get_future();
  const auto done = [promise](const Outcome& result) { promise->set_value(result); };
  if (!queue.submit(std::move(batch), std::move(client), done)) return {};
  return outcome;
}

TEST(CommitQueueTest, what_waits_is_committed_together_and_each_batch_gets_its_own_verdicts) {
  GatedStore store;
  CommitQueue queue(store);
  auto first = submit(queue, entries(1, 1));
  store.wait_for_appends(1);
  auto second = submit(queue, entries(2, 2));
  auto third = submit(queue, entries(3, 2));  // two of them again
  store.open();
  EXPECT_EQ(first.get().value(), std::vector<AppendVerdict>{AppendVerdict::kStored});
  EXPECT_EQ(second.get().value(), (std::vector<AppendVerdict>(2, AppendVerdict::kStored)));
  EXPECT_EQ(third.get().value(),
            (std::vector<AppendVerdict>{AppendVerdict::kDuplicate, AppendVerdict::kDuplicate, AppendVerdict::kStored}));
  EXPECT_EQ(store.sizes(), (std::vector<std::size_t>{1, 5}));
}

TEST(CommitQueueTest, a_group_has_a_bound_that_only_a_single_batch_may_pass) {
  GatedStore store;
  CommitQueue queue(store);
  auto first = submit(queue, entries(1, 1));
  store.wait_for_appends(1);
  auto large = submit(queue, entries(kMaxGroupEntries + 1, 2));
  auto half = submit(queue, entries(kMaxGroupEntries / 2, 3));
  auto other_half = submit(queue, entries(kMaxGroupEntries / 2, 4));
  auto rest = submit(queue, entries(1, 5));
  store.open();
  rest.wait();
  EXPECT_EQ(store.sizes(), (std::vector<std::size_t>{1, kMaxGroupEntries + 1, kMaxGroupEntries, 1}));
}

TEST(CommitQueueTest, clients_of_one_group_get_the_verdicts_of_their_own_batches) {
  GatedStore store;
  CommitQueue queue(store);
  const auto client = [](char digit) {
    return ClientPost{.project_slug = "shop", .instance = std::string(32, digit), .received_at_us = digit};
  };
  auto first = submit(queue, entries(1, 1));
  store.wait_for_appends(1);
  auto nameless = submit(queue, entries(2, 2));
  auto second = submit(queue, entries(3, 2), client('b'));
  auto without_entries = submit(queue, {}, client('c'));
  store.open();
  EXPECT_TRUE(without_entries.get().value().empty());
  const std::vector<ClientRecord> found = store.clients({}).value();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].received, ReceivedEntries{});
  EXPECT_EQ(found[1].received, (ReceivedEntries{.accepted = 1, .duplicate = 2}));
}

TEST(CommitQueueTest, a_full_queue_takes_nothing_more_until_it_has_room) {
  GatedStore store;
  CommitQueue queue(store, 10);
  auto running = submit(queue, entries(1, 1));
  store.wait_for_appends(1);
  auto waiting = submit(queue, entries(11, 2));
  EXPECT_TRUE(waiting.valid());  // too large for the bound, but the queue was empty
  EXPECT_FALSE(submit(queue, entries(1, 3)).valid());
  store.open();
  waiting.wait();
  EXPECT_TRUE(submit(queue, entries(1, 3)).valid());
}

TEST(CommitQueueTest, a_failed_commit_is_told_to_each_of_its_batches) {
  GatedStore store;
  CommitQueue queue(store);
  auto first = submit(queue, entries(1, 1));
  store.wait_for_appends(1);
  auto second = submit(queue, entries(1, 2));
  auto third = submit(queue, entries(1, 3));
  store.open(true);
  EXPECT_EQ(second.get().status().code(), Code::kRetry);
  EXPECT_EQ(third.get().status().code(), Code::kRetry);
}

TEST(CommitQueueTest, stop_commits_what_waits_and_takes_nothing_more) {
  GatedStore store;
  CommitQueue queue(store);
  auto first = submit(queue, entries(1, 1));
  auto second = submit(queue, entries(1, 2));
  store.open();
  queue.stop();
  EXPECT_TRUE(first.get().ok());
  EXPECT_TRUE(second.get().ok());
  EXPECT_FALSE(submit(queue, entries(1, 3)).valid());
}

TEST(CommitQueueMeasures, each_commit_is_told_with_its_verdicts_before_its_answers) {
  MemoryStore store;
  std::vector<CommitMeasure> measures;
  CommitQueue queue(store, kMaxWaitingEntries, [&](const CommitMeasure& measure) { measures.push_back(measure); });
  for (const std::size_t count : {3u, 5u}) {
    std::promise<std::size_t> told;
    ASSERT_TRUE(queue.submit(entries(count), std::nullopt, [&](const auto&) { told.set_value(measures.size()); }));
    EXPECT_EQ(told.get_future().get(), count == 3 ? 1u : 2u);
  }
  queue.stop();
  EXPECT_EQ(measures[0].accepted, 3u);
  EXPECT_EQ(measures[1].accepted, 2u);
  EXPECT_EQ(measures[1].duplicate, 3u);
  EXPECT_FALSE(measures[1].failed);
}

}  // namespace
}  // namespace logs_server
