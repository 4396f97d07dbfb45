// CommitQueue: group commit. What arrives while one commit runs is committed together by the next.
//
// Nobody waits for company: an idle queue commits at once, and under load the length of a commit gathers the next
// group, at most kMaxGroupEntries (or one batch that is larger by itself). Thread-safety: every call from any thread;
// it has one thread of its own, which is the only one that appends.
#ifndef LOGS_SERVER_INGEST_COMMIT_QUEUE_H_
#define LOGS_SERVER_INGEST_COMMIT_QUEUE_H_

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "server/store/commit_measure.h"
#include "server/store/store.h"

namespace logs_server {

inline constexpr std::size_t kMaxGroupEntries = 1'000;
inline constexpr std::size_t kMaxWaitingEntries = 20'000;

class CommitQueue {
 public:
  // What became of one batch, in its order; or why nothing of it was stored. Called once, on the queue's thread.
  using Done = std::function<void(const logs_sdk::Result<std::vector<AppendVerdict>>&)>;

  // `store` outlives the queue. `max_waiting_entries`: bound on memory (2.5 KB is a usual entry) and on the time that
  // the last of them waits. `on_commit` is called after each commit, before its answers, on the queue's thread: it must
  // not wait.
  CommitQueue(Store& store, std::size_t max_waiting_entries = kMaxWaitingEntries,
              std::function<void(const CommitMeasure&)> on_commit = {});
  ~CommitQueue();  // stop()
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  // `client`: who sent them, noted in the same step; a batch of a client may be without entries. False when too much
  // waits already, or after stop(): `done` is not called. A batch is never too large for an empty queue.
  bool submit(std::vector<NewEntry> entries, std::optional<ClientPost> client, Done done);
  // Commits what waits, then ends the thread.
  void stop();

  // What waits at the moment, without the group that is being committed.
  struct Waiting {
    std::size_t batches = 0;
    std::size_t entries = 0;
  };
  Waiting waiting();

 private:
  struct Batch {
    std::vector<NewEntry> entries;
    std::optional<ClientPost> client;
    Done done;

    // What it counts for in the bounds; a batch without entries costs a commit as well.
    std::size_t weight() const { return std::max<std::size_t>(entries.size(), 1); }
  };
  void run();
  std::vector<Batch> take_group();
  void commit(std::vector<Batch>& group);
  Result<std::vector<AppendVerdict>> append(std::span<const NewEntry> entries, std::span<const ClientPost> posts);

  Store& store_;
  const std::size_t max_waiting_entries_;
  const std::function<void(const CommitMeasure&)> on_commit_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> waiting_;  // guarded by mutex_, as are the next two
  std::size_t waiting_weight_ = 0;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_COMMIT_QUEUE_H_
