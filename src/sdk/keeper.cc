#include "src/sdk/keeper.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>
#include <utility>

#include "src/base/all_signals_blocked.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::chrono::seconds kPauseAfterException{1};

}  // namespace

// What the thread and its owner both see; it outlives either.
struct Keeper::Shared {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;  // guarded by mutex
  bool done = false;      // guarded by mutex

  bool stop_requested() {
    const std::lock_guard guard(mutex);
    return stopping;
  }
};

namespace {

// Memory may run out during maintenance. The spool stays as it was; the next round tries again.
void maintain(Spool& spool, Clock& clock) {
  try {
    spool.maintain();
    spool.wait_for_work(clock.steady() + Keeper::kPeriod);
  } catch (...) {
    spool.wait_for_work(clock.steady() + kPauseAfterException);
  }
}

}  // namespace

Keeper::Keeper(Spool& spool, Clock& clock) : spool_(spool), clock_(clock), shared_(std::make_shared<Shared>()) {}

Keeper::~Keeper() { stop(SteadyTime::max()); }

void Keeper::start(std::function<void()> at_end) {
  const AllSignalsBlocked blocked;
  thread_ = std::thread([&spool = spool_, &clock = clock_, shared = shared_, at_end = std::move(at_end)] {
    pthread_setname_np(pthread_self(), "logs-keeper");
    while (!shared->stop_requested()) maintain(spool, clock);
    at_end();
    const std::lock_guard guard(shared->mutex);
    shared->done = true;
    shared->changed.notify_all();
  });
}

void Keeper::stop(SteadyTime deadline) {
  if (!thread_.joinable()) return;
  std::unique_lock lock(shared_->mutex);
  shared_->stopping = true;
  spool_.interrupt();
  while (!shared_->done && clock_.steady() < deadline) clock_.wait_until(shared_->changed, lock, deadline);
  const bool done = shared_->done;
  lock.unlock();
  if (done) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

}  // namespace logs_sdk::inline v1
