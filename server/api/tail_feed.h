// TailFeed: shows entries to whoever follows them, in the order of their arrival, soon after each commit.
//
// One thread reads the store for everybody; tails that stand at the same place share one scan. A tail waits in the
// store, not in memory: while its client is slow the feed stands still for it, and goes on from there when there is
// room. It does the same for a tail whose query has used up its part of the time for matching, until the others have
// had theirs. Only one that is more than max_lag entries behind is moved on, and told how many it missed.
// Thread-safety: every call from any thread. notify() never waits for the store or for a client.
#ifndef LOGS_SERVER_API_TAIL_FEED_H_
#define LOGS_SERVER_API_TAIL_FEED_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "server/http/responder.h"
#include "server/query/query.h"
#include "server/store/store.h"
#include "src/base/clock.h"

namespace logs_server {

struct TailOptions {
  // Each holds a connection and at most kMaxStreamWaitingBytes, and has every new entry matched against its query.
  std::size_t max_tails = 32;  // of one reader half of them
  // A tail with nothing to show says so this often, so that proxies keep it and its client knows; this often, too, it
  // is asked whether its reader may still read.
  std::chrono::milliseconds heartbeat = std::chrono::seconds(15);
  // Entries that a tail may be behind: some seconds of full load, and about 100 ms of reading for the feed.
  std::uint64_t max_lag = 10'000;
  // For all tails together to match entries against their queries, before newcomers, heartbeats and the entries that
  // came meanwhile get their turn. Each tail has an equal part, and one entry at least.
  std::chrono::milliseconds round_time{100};
};

struct TailRequest {
  Query query;
  std::optional<std::string> project_slug;
  std::string reader;                      // the principal that asks
  std::optional<std::uint64_t> after_uid;  // where an earlier tail ended; none: from now on
  std::function<bool()> may_read;          // asked from time to time, on the feed's thread
};

struct TailCounts {
  std::size_t open = 0;
  std::uint64_t shown = 0;    // entries, so far
  std::uint64_t dropped = 0;  // entries passed over, so far
  std::uint64_t refused = 0;  // tails, for being too many
};

class TailFeed {
 public:
  // Both outlive it; it outlives the server whose requests it answers.
  TailFeed(Store& store, logs_sdk::Clock& clock, TailOptions options = {});
  ~TailFeed();
  TailFeed(const TailFeed&) = delete;
  TailFeed& operator=(const TailFeed&) = delete;

  // Answers with a stream of events, or with 429 when there are too many tails, of all or of this reader.
  void open(TailRequest request, Responder responder);
  // Something was committed.
  void notify();
  TailCounts counts() const;

 private:
  struct Newcomer {
    TailRequest request;
    Responder responder;
  };
  class Tail;
  using Tails = std::vector<Tail*>;

  // What stands against one more tail of `reader`; none: it is counted.
  std::optional<std::string> take_place(const std::string& reader);
  void give_place_back(const std::string& reader);
  void run();
  void wait_for_work();
  void wake();
  void admit_newcomers();
  void admit(Newcomer newcomer);
  // Whether there is more to show at once.
  bool show_arrivals();
  // Shows the entries that follow `after_uid` to `tails`, which all stand there and have `share` each for matching;
  // whether it stopped, or one of them, for its bound.
  bool show_slice(std::uint64_t after_uid, const Tails& tails, std::chrono::nanoseconds share);
  void attend_to_ends_and_heartbeats();
  void remove_the_gone();

  Store& store_;
  logs_sdk::Clock& clock_;
  const TailOptions options_;

  std::vector<std::unique_ptr<Tail>> tails_;  // used by the feed's thread only
  std::atomic<std::size_t> open_ = 0;         // with those that are not admitted yet; changed under mutex_
  std::atomic<std::uint64_t> shown_ = 0, dropped_ = 0, refused_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  std::map<std::string, std::size_t> open_by_reader_;  // what is in open_
  std::vector<Newcomer> newcomers_;
  bool has_work_ = false;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace logs_server

#endif  // LOGS_SERVER_API_TAIL_FEED_H_
