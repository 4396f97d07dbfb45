// CommitQueue: group commit. What arrives while one commit runs is committed together by the next.
//
// Nobody waits for company: an idle queue commits at once, and under load the length of a commit gathers the next
// group, at most kMaxGroupEntries (or one batch that is larger by itself). Thread-safety: every call from any thread;
// it has one thread of its own, which is the only one that appends.
#ifndef LOGS_SERVER_INGEST_COMMIT_QUEUE_H_
#define LOGS_SERVER_INGEST_COMMIT_QUEUE_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "server/store/store.h"

namespace logs_server {

inline constexpr std::size_t kMaxGroupEntries = 1'000;

class CommitQueue {
 public:
  // What became of one batch, in its order; or why nothing of it was stored. Called once, on the queue's thread.
  using Done = std::function<void(const logs_sdk::Result<std::vector<AppendVerdict>>&)>;

  // `store` outlives the queue. `max_waiting_entries`: bound on memory (2.5 KB is a usual entry) and on the time that
  // the last of them waits.
  CommitQueue(Store& store, std::size_t max_waiting_entries = 20'000);
  ~CommitQueue();  // stop()
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  // False when too much waits already, or after stop(): `done` is not called. A batch is never too large for an empty
  // queue.
  bool submit(std::vector<NewEntry> entries, Done done);
  // Commits what waits, then ends the thread.
  void stop();

 private:
  struct Batch {
    std::vector<NewEntry> entries;
    Done done;
  };
  void run();
  std::vector<Batch> take_group();
  void commit(std::vector<Batch>& group);

  Store& store_;
  const std::size_t max_waiting_entries_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> waiting_;  // guarded by mutex_, as are the next two
  std::size_t waiting_entries_ = 0;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_COMMIT_QUEUE_H_
