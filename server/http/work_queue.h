// WorkQueue: the worker threads of a server, and whose request they run next.
//
// Requests wait by principal. A thread that becomes free goes to the principal with the fewest requests running, among
// equals to the one whose last request ended longest ago: whoever asks once waits for the next free thread, however
// much another has waiting, and before those who were served after he came. While nobody else waits, one principal may
// have all threads.
// Thread-safety: every call from any thread; submit() also from what it runs.
#ifndef LOGS_SERVER_HTTP_WORK_QUEUE_H_
#define LOGS_SERVER_HTTP_WORK_QUEUE_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace logs_server {

struct WorkQueueOptions {
  unsigned threads = 2;
  // Without those that run. At least 1.
  std::size_t max_waiting = 128;
  std::size_t max_waiting_per_principal = 32;
};

class WorkQueue {
 public:
  // Must not throw: that ends the process.
  using Work = std::function<void()>;
  enum class Admission : std::uint8_t { kTaken, kFull, kShareFull };

  explicit WorkQueue(const WorkQueueOptions& options);
  ~WorkQueue();  // finish()
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  // Work that is not taken is not run: kShareFull when its principal has too much waiting, kFull when all together
  // have, or after finish().
  Admission submit(const std::string& principal, Work work);

  // What waits, and what runs. A request runs until its work has returned.
  std::size_t size();

  // Runs what waits, then ends the threads. The second call does nothing. Not from what it runs.
  void finish();

 private:
  struct Line {
    std::deque<Work> waiting;
    std::size_t running = 0;
    std::uint64_t turn = 0;  // of all that began to wait or ended: which one this was
  };
  // There is one for each principal with something waiting or running: at most max_waiting and one for each thread.
  using Lines = std::map<std::string, Line>;
  void run();
  Lines::iterator next_line();
  void end_turn(Lines::iterator line);

  const WorkQueueOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  Lines lines_;
  std::size_t waiting_ = 0;
  std::size_t running_ = 0;
  std::uint64_t last_turn_ = 0;
  bool finishing_ = false;
  std::vector<std::thread> threads_;  // last: they use the others
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_WORK_QUEUE_H_
