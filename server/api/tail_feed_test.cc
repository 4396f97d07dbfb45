#include "server/api/tail_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "server/api/tail_event.h"
#include "server/query/query_parser.h"
#include "server/store/memory_store.h"
#include "testing/comes_true.h"
#include "testing/manual_clock.h"
#include "testing/sample_entry.h"

namespace logs_server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::chrono::seconds kHeartbeat{15};
constexpr std::uint64_t kMaxLag = 600;  // of entries of about 1.2 KB some 200 may wait for a reader
constexpr std::chrono::milliseconds kRoundTime{100};

// A store whose documents take time to look at, for what a query takes that looks at them.
class StoreOfSlowDocuments final : public MemoryStore {
 public:
  // Called on the feed's thread whenever the document of entry `uid` is asked for.
  using OnDocument = std::function<void(std::uint64_t uid)>;

  explicit StoreOfSlowDocuments(logs_sdk::ManualClock& clock) : clock_(clock) {}
  // Before the first entry is stored.
  void set_time_of_each(std::chrono::milliseconds time, OnDocument on_document) {
    time_of_each_ = time;
    on_document_ = std::move(on_document);
  }
  Status scan_arrivals(std::uint64_t after_uid, const std::function<bool(const ScannedEntry&)>& visit) override {
    return MemoryStore::scan_arrivals(after_uid,
                                      [&](const ScannedEntry& entry) { return visit(SlowEntry(entry, *this)); });
  }

 private:
  class SlowEntry final : public ScannedEntry {
   public:
    SlowEntry(const ScannedEntry& entry, const StoreOfSlowDocuments& store) : entry_(entry), store_(store) {}
    const EntryColumns& columns() const override { return entry_.columns(); }
    std::uint64_t uid() const override { return entry_.uid(); }
    std::string_view document() const override {
      if (store_.on_document_) store_.on_document_(uid());
      store_.clock_.advance(store_.time_of_each_);
      return entry_.document();
    }
    bool is_damaged() const override { return entry_.is_damaged(); }

   private:
    const ScannedEntry& entry_;
    const StoreOfSlowDocuments& store_;
  };

  logs_sdk::ManualClock& clock_;
  std::chrono::milliseconds time_of_each_{0};
  OnDocument on_document_;
};

// One reader: the answer it got, and the events of it.
class Reader {
 public:
  Responder responder() {
    return Responder([seen = seen_](Response response) {
      // Not `seen` itself, which owns the stream: each would keep the other.
      if (response.stream) {
        response.stream->attach([weak = std::weak_ptr(seen)] {
          if (const auto reader = weak.lock()) reader->add_wake();
        });
      }
      const std::lock_guard lock(seen->mutex);
      seen->response = std::move(response);
      seen->changed.notify_all();
    });
  }
  const Response& response() {
    std::unique_lock lock(seen_->mutex);
    seen_->changed.wait(lock, [this] { return seen_->response.has_value(); });
    return *seen_->response;
  }
  BodyStream& stream() { return *response().stream; }

  // The next event that is no comment and no greeting: "entry /path", or its name and data.
  std::string next() {
    for (std::string block = next_block(); !block.empty(); block = next_block()) {
      const std::size_t name = block.find("event: ");
      if (name == std::string::npos) continue;
      const std::size_t data = block.find("\ndata: ", name);
      last_data_ = block.substr(data + 7);
      const std::string event = block.substr(name + 7, data - name - 7);
      if (event != "entry") return event + " " + last_data_;
      return event + " " + nlohmann::json::parse(last_data_)["path"].get<std::string>();
    }
    return "";
  }
  // The next of whatever kind; empty when the stream is over.
  std::string next_block() {
    std::size_t end = std::string::npos;
    while ((end = text_.find("\n\n")) == std::string::npos) {
      const std::uint64_t wakes = seen_->wakes();
      const BodyStream::Taken taken = stream().take();
      text_ += taken.bytes;
      if (!taken.bytes.empty()) continue;
      if (taken.is_last) return "";
      seen_->await_more_than(wakes);
    }
    const std::string block = text_.substr(0, end);
    text_.erase(0, end + 2);
    return block;
  }
  const std::string& last_data() const { return last_data_; }

 private:
  // Shared with the stream, which may wake a reader that has gone.
  struct Seen {
    void add_wake() {
      const std::lock_guard lock(mutex);
      ++wake_count;
      changed.notify_all();
    }
    std::uint64_t wakes() {
      const std::lock_guard lock(mutex);
      return wake_count;
    }
    void await_more_than(std::uint64_t count) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return wake_count > count; });
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Response> response;  // guarded by mutex, as is the next
    std::uint64_t wake_count = 0;
  };
  const std::shared_ptr<Seen> seen_ = std::make_shared<Seen>();
  std::string text_, last_data_;
};

class TailFeedTest : public ::testing::Test {
 protected:
  // Stores an entry as a commit does.
  void store(const std::string& path, const std::string& project = "shop", std::uint64_t identity = 0) {
    const NewEntry entry = sample_entry(sample_uuid(1'760'000'000'000, identity != 0 ? identity : ++identity_),
                                        1'760'000'000'000'000, {{"path", path}, {"project_slug", project}});
    ASSERT_TRUE(store_.append({&entry, 1}).ok());
    feed_->notify();
  }
  void store_many(std::size_t count) {
    std::vector<NewEntry> entries;
    for (std::size_t i = 0; i < count; ++i) {
      entries.push_back(sample_entry(sample_uuid(1'760'000'000'000, ++identity_), 1'760'000'000'000'000,
                                     {{"path", "/many"}, {"project_slug", "shop"}}));
    }
    ASSERT_TRUE(store_.append(entries).ok());
    feed_->notify();
  }
  std::unique_ptr<Reader> open(TailRequest request = {}) {
    auto reader = std::make_unique<Reader>();
    if (!request.may_read) request.may_read = [this] { return may_read_.load(); };
    feed_->open(std::move(request), reader->responder());
    reader->response();  // from here on nothing is missed
    return reader;
  }
  static TailRequest asking(const std::string& query) {
    TailRequest request;
    request.query = std::get<Query>(parse_query_text(query));
    return request;
  }
  static TailRequest after(std::uint64_t uid) {
    TailRequest request;
    request.after_uid = uid;
    return request;
  }

  static TailRequest of_reader(const std::string& reader) {
    TailRequest request;
    request.reader = reader;
    return request;
  }
  // Looks at every document, and finds nothing in it.
  static TailRequest expensive() { return asking("request_body:*nowhere*"); }

  logs_sdk::ManualClock clock_;
  StoreOfSlowDocuments store_{clock_};
  std::atomic<bool> may_read_ = true;
  std::uint64_t identity_ = 0;
  std::unique_ptr<TailFeed> feed_ = std::make_unique<TailFeed>(
      store_, clock_,
      TailOptions{.max_tails = 4, .heartbeat = kHeartbeat, .max_lag = kMaxLag, .round_time = kRoundTime});
};

TEST_F(TailFeedTest, shows_what_arrives_from_now_on_in_order_whole_and_with_its_uid) {
  store("/before");
  const auto reader = open();
  EXPECT_EQ(reader->next_block(), "retry: 1000\nid: 1");
  store("/a");
  store("/b");
  EXPECT_EQ(reader->next(), "entry /a");
  EXPECT_EQ(nlohmann::json::parse(reader->last_data())["uid"], 2);
  EXPECT_EQ(reader->next(), "entry /b");
  EXPECT_TRUE(logs_sdk::comes_true([&] { return feed_->counts().shown == 2; }));  // it is counted behind the showing
}

TEST_F(TailFeedTest, goes_on_behind_a_cursor_without_a_gap_and_without_a_repetition) {
  for (const char* path : {"/1", "/2", "/3"}) store(path);
  const auto reader = open(after(1));
  EXPECT_EQ(reader->next(), "entry /2");
  EXPECT_EQ(reader->next(), "entry /3");
  store("/4");
  EXPECT_EQ(reader->next(), "entry /4");
}

TEST_F(TailFeedTest, a_cursor_from_the_future_is_one_of_another_store_and_means_now) {
  store("/1");
  const auto reader = open(after(1000));
  store("/2");
  EXPECT_EQ(reader->next(), "entry /2");
}

TEST_F(TailFeedTest, each_reader_gets_what_it_asked_for) {
  auto errors = open(asking("path:/bad*"));
  TailRequest of_bank;
  of_bank.project_slug = "bank";
  auto bank = open(std::move(of_bank));
  store("/good");
  store("/bad/1");
  store("/branch", "bank");
  EXPECT_EQ(errors->next(), "entry /bad/1");
  EXPECT_EQ(bank->next(), "entry /branch");
}

TEST_F(TailFeedTest, an_interrupted_entry_comes_again_when_it_is_complete) {
  const auto reader = open();
  NewEntry entry = sample_entry(sample_uuid(1'760'000'000'000, 77), 1'760'000'000'000'000, {{"path", "/cut off"}});
  entry.interrupted = true;
  ASSERT_TRUE(store_.append({&entry, 1}).ok());
  feed_->notify();
  EXPECT_EQ(reader->next(), "entry /cut off");
  entry = sample_entry(sample_uuid(1'760'000'000'000, 77), 1'760'000'000'000'000, {{"path", "/complete"}});
  ASSERT_TRUE(store_.append({&entry, 1}).ok());
  feed_->notify();
  EXPECT_EQ(reader->next(), "entry /complete");
  EXPECT_EQ(nlohmann::json::parse(reader->last_data())["uid"], 2);
}

TEST_F(TailFeedTest, a_cursor_too_far_back_is_told_how_many_it_missed) {
  store_many(kMaxLag + 5);
  const auto reader = open(after(2));
  EXPECT_EQ(reader->next(), "dropped {\"dropped\":3}");
  EXPECT_EQ(reader->next(), "entry /many");
  EXPECT_EQ(nlohmann::json::parse(reader->last_data())["uid"], 6);
  EXPECT_EQ(feed_->counts().dropped, 3u);
}

TEST_F(TailFeedTest, a_slow_reader_gets_everything_while_it_is_within_the_bound) {
  const auto reader = open();
  store_many(kMaxLag);  // more than may wait for it at once
  for (int uid = 1; uid <= static_cast<int>(kMaxLag); ++uid) {
    ASSERT_EQ(reader->next(), "entry /many");
    ASSERT_EQ(nlohmann::json::parse(reader->last_data())["uid"], uid);
  }
}

TEST_F(TailFeedTest, a_reader_that_does_not_read_costs_its_bound_and_learns_what_it_missed) {
  const auto reader = open();
  const auto prompt = open();
  store_many(400);
  for (int i = 0; i < 400; ++i) ASSERT_EQ(prompt->next(), "entry /many");
  store_many(kMaxLag + 400);
  // What waited for it comes first, then the number, then the rest without a gap.
  std::uint64_t last = 0;
  std::string event = reader->next();
  for (; event == "entry /many"; event = reader->next()) last = nlohmann::json::parse(reader->last_data())["uid"];
  ASSERT_THAT(event, HasSubstr("dropped "));
  const std::uint64_t dropped = nlohmann::json::parse(reader->last_data())["dropped"];
  EXPECT_LT(last, 400u);
  EXPECT_GE(dropped, 400u);
  EXPECT_EQ(reader->next(), "entry /many");
  EXPECT_EQ(nlohmann::json::parse(reader->last_data())["uid"], last + dropped + 1);
  store("/end");
  while ((event = prompt->next()) == "entry /many") {
  }
  EXPECT_TRUE(event == "entry /end" || event.starts_with("dropped ")) << event;
}

TEST_F(TailFeedTest, silence_is_broken_by_a_comment_that_carries_the_place) {
  const auto reader = open(asking("path:/rare"));
  EXPECT_EQ(reader->next_block(), "retry: 1000\nid: 0");
  store("/usual");
  clock_.await_waiters(1);
  clock_.advance(kHeartbeat);
  EXPECT_EQ(reader->next_block(), ": still here\nid: 1");
}

TEST_F(TailFeedTest, a_reader_who_may_no_longer_read_gets_an_end) {
  const auto reader = open();
  may_read_ = false;
  clock_.await_waiters(1);
  clock_.advance(kHeartbeat);
  EXPECT_EQ(reader->next(), "end {\"reason\":\"unauthorized\"}");
  EXPECT_EQ(reader->next_block(), "");
}

TEST_F(TailFeedTest, a_draining_server_ends_a_tail_with_a_word) {
  const auto reader = open();
  reader->stream().drain();
  EXPECT_EQ(reader->next(), "end {\"reason\":\"draining\"}");
  EXPECT_EQ(reader->next_block(), "");
}

TEST_F(TailFeedTest, a_reader_that_does_not_read_still_finds_the_word_at_its_end) {
  const auto reader = open();
  store_many(400);  // more than may wait for it
  while (feed_->counts().shown == 0) std::this_thread::yield();
  reader->stream().drain();
  std::string event;
  while ((event = reader->next()) == "entry /many") {
  }
  EXPECT_EQ(event, "end {\"reason\":\"draining\"}");
}

TEST_F(TailFeedTest, one_tail_too_many_is_refused_until_another_goes) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (const char* reader : {"a", "a", "b", "c"}) readers.push_back(open(of_reader(reader)));
  const auto refused = open(of_reader("d"));
  EXPECT_EQ(refused->response().status, 429);
  EXPECT_THAT(refused->response().body, HasSubstr("there are 4 tails already"));
  EXPECT_THAT(refused->response().headers, ::testing::Contains(::testing::Pair("Retry-After", "15")));
  EXPECT_EQ(feed_->counts().refused, 1u);
  readers.front()->stream().close();
  while (feed_->counts().open == 4) std::this_thread::yield();
  EXPECT_EQ(open(of_reader("d"))->response().status, 200);
}

TEST_F(TailFeedTest, one_reader_has_half_of_the_tails_until_it_gives_one_back) {
  const auto first = open(of_reader("a")), second = open(of_reader("a"));
  const auto refused = open(of_reader("a"));
  EXPECT_EQ(refused->response().status, 429);
  EXPECT_THAT(refused->response().body, HasSubstr("have 2 tails already, half of all"));
  EXPECT_EQ(feed_->counts().refused, 1u);
  const auto of_another = open(of_reader("b"));
  EXPECT_EQ(of_another->response().status, 200);
  first->stream().close();
  while (feed_->counts().open == 3) std::this_thread::yield();
  EXPECT_EQ(open(of_reader("a"))->response().status, 200);
}

TEST_F(TailFeedTest, an_expensive_query_stands_still_for_the_others_when_its_part_of_the_time_is_used_up) {
  std::vector<std::uint64_t> looked_at;  // read when the feed is done
  store_.set_time_of_each(kRoundTime / 10, [&](std::uint64_t uid) { looked_at.push_back(uid); });
  const auto slow = open(expensive());
  const auto prompt = open(asking("status:503"));
  std::vector<NewEntry> entries;
  for (int uid = 1; uid <= 12; ++uid) {
    entries.push_back(sample_entry(sample_uuid(1'760'000'000'000, static_cast<std::uint64_t>(uid)),
                                   1'760'000'000'000'000,
                                   {{"path", "/" + std::to_string(uid)}, {"status_code", uid == 12 ? 503 : 200}}));
  }
  ASSERT_TRUE(store_.append(entries).ok());
  feed_->notify();
  EXPECT_EQ(prompt->next(), "entry /12");
  // Until it has come to the end: silence tells its place.
  EXPECT_EQ(slow->next_block(), "retry: 1000\nid: 0");
  clock_.await_waiters(1);
  clock_.advance(kHeartbeat);
  EXPECT_EQ(slow->next_block(), ": still here\nid: 12");
  feed_.reset();
  // Five of ten milliseconds for one of two; then the other's entry, whose event is made of the document.
  EXPECT_THAT(looked_at, ElementsAre(1, 2, 3, 4, 5, 12, 6, 7, 8, 9, 10, 11, 12));
}

TEST_F(TailFeedTest, an_expensive_query_that_falls_too_far_behind_is_moved_on_and_told) {
  const auto slow = open(expensive());
  store_.set_time_of_each(kRoundTime / 5, [this](std::uint64_t uid) {
    if (uid == 1) store_many(kMaxLag + 10);
  });
  store_many(20);
  EXPECT_EQ(slow->next(), "dropped {\"dropped\":25}");  // 5 of the 20 were matched in time
  feed_.reset();
}

TEST_F(TailFeedTest, the_end_of_the_server_does_not_wait_for_an_expensive_query) {
  const auto slow = open(expensive());
  std::vector<std::uint64_t> looked_at;
  store_.set_time_of_each(std::chrono::milliseconds(0), [&](std::uint64_t uid) {
    looked_at.push_back(uid);
    slow->stream().drain();
  });
  store_many(20);
  EXPECT_EQ(slow->next(), "end {\"reason\":\"draining\"}");
  EXPECT_EQ(slow->next_block(), "");
  feed_.reset();
  EXPECT_THAT(looked_at, ElementsAre(1));
}

TEST_F(TailFeedTest, the_end_of_the_feed_ends_its_tails) {
  const auto reader = open();
  feed_.reset();
  EXPECT_EQ(reader->next(), "end {\"reason\":\"draining\"}");
}

TEST(TailCursor, is_a_whole_number_and_nothing_else) {
  EXPECT_EQ(parse_tail_cursor("17"), 17u);
  for (const char* text : {"", "-1", "1 ", "0x1", "99999999999999999999999"}) {
    EXPECT_FALSE(parse_tail_cursor(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace logs_server
