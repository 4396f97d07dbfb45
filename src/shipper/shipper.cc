#include "src/shipper/shipper.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "src/base/all_signals_blocked.h"
#include "src/base/fork_generation.h"
#include "src/shipper/dispatcher.h"
#include "src/shipper/printable.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::chrono::seconds kPauseAfterException{1};

}  // namespace

struct Shipper::Impl {
  Impl(ShipperOptions shipper_options, RecordSource& live, std::unique_ptr<HttpTransport> http, Clock& the_clock,
       Random& random)
      : options(std::move(shipper_options)),
        transport(std::move(http)),
        clock(the_clock),
        dispatcher(options, live, *transport, clock, random) {}

  void run();
  bool step_or_pause(SteadyTime& due);
  void note_progress(bool sent);
  ShipperStatus snapshot() const;
  void say(Severity severity, std::string_view kind, const std::string& text) const;

  // Constant after construction.
  const ShipperOptions options;
  const std::unique_ptr<HttpTransport> transport;
  Clock& clock;

  Dispatcher dispatcher;  // the thread's own while it runs

  // Set by wake() with the mutex held, cleared when the drain it asked for has ended, or gets no further with little
  // waiting: until then a further wake() costs a request thread one look.
  std::atomic<bool> wake{false};

  std::mutex mutex;
  // Guarded by mutex.
  std::condition_variable wanted;    // the thread waits for something to do
  std::condition_variable progress;  // flush() and stop() wait for the thread
  std::thread thread;
  bool started = false;
  bool stopping = false;
  bool finished = false;  // the thread has nothing more to do
  SteadyTime stop_deadline = SteadyTime::max();
  bool wake_taken = false;  // the drain that wake() asked for goes on
  // A flush asks for everything captured until now: it takes the next number, and the thread says up to which number it
  // is done and how the last of them went.
  std::uint64_t flush_asked = 0;
  std::uint64_t flush_taken = 0;
  std::uint64_t flush_done = 0;
  bool flush_ok = false;
  ShipperStatus status;
};

Shipper::Shipper(ShipperOptions options, RecordSource& live, std::unique_ptr<HttpTransport> transport, Clock& clock,
                 Random& random)
    : impl_(std::make_unique<Impl>(std::move(options), live, std::move(transport), clock, random)),
      generation_(fork_generation()) {}

Shipper::~Shipper() {
  if (forked()) {
    // The thread did not come along, its locks may be held for ever, and the connection is the parent's.
    static_cast<void>(impl_.release());
    return;
  }
  stop(impl_->clock.steady());
}

void Shipper::start() {
  if (forked()) return;
  const std::lock_guard lock(impl_->mutex);
  if (impl_->started || impl_->stopping) return;
  try {
    const AllSignalsBlocked blocked;
    impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
    impl_->started = true;
  } catch (const std::system_error& error) {
    impl_->say(Severity::kError, "shipper-thread",
               std::string("the shipper's thread cannot be started, entries wait in the spool: ") + error.what());
  }
}

void Shipper::wake() noexcept {
  if (forked() || impl_->wake.load()) return;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->wake.store(true);
  }
  impl_->wanted.notify_one();
}

bool Shipper::flush(SteadyTime deadline) {
  if (forked()) return false;
  std::unique_lock lock(impl_->mutex);
  if (!impl_->started || impl_->stopping) return false;
  const std::uint64_t mine = ++impl_->flush_asked;
  impl_->wanted.notify_one();
  while (impl_->flush_done < mine && !impl_->finished && impl_->clock.steady() < deadline) {
    impl_->clock.wait_until(impl_->progress, lock, deadline);
  }
  return impl_->flush_done >= mine && impl_->flush_ok;
}

void Shipper::stop(SteadyTime deadline) {
  if (forked()) return;
  std::unique_lock lock(impl_->mutex);
  impl_->stopping = true;
  impl_->stop_deadline = std::min(impl_->stop_deadline, deadline);
  if (!impl_->started) return;
  impl_->wanted.notify_one();
  while (!impl_->finished && impl_->clock.steady() < deadline) {
    impl_->clock.wait_until(impl_->progress, lock, deadline);
  }
  if (!impl_->finished) impl_->transport->cancel();
  std::thread ending = std::move(impl_->thread);  // empty when another call of stop() has it
  lock.unlock();
  if (ending.joinable()) ending.join();
}

ShipperStatus Shipper::status() const {
  if (forked()) return {};
  const std::lock_guard lock(impl_->mutex);
  return impl_->status;
}

bool Shipper::forked() const noexcept { return fork_generation() != generation_; }

void Shipper::Impl::run() {
  pthread_setname_np(pthread_self(), "logs-shipper");
  dispatcher.begin();
  std::unique_lock lock(mutex);
  while (!stopping) {
    const bool woken = wake && !wake_taken;
    const bool drain = woken || flush_asked > flush_taken;
    flush_taken = flush_asked;
    wake_taken = wake;
    lock.unlock();
    if (drain) dispatcher.drain_live();
    SteadyTime due = SteadyTime::max();
    const bool sent = step_or_pause(due);
    lock.lock();
    note_progress(sent);
    const bool asked = (wake && !wake_taken) || flush_asked > flush_taken;
    if (!sent && !stopping && !asked) clock.wait_until(wanted, lock, due);
  }
  const SteadyTime deadline = stop_deadline;
  lock.unlock();
  try {
    dispatcher.last_attempts(deadline);
  } catch (const std::exception& error) {
    say(Severity::kError, "shipper-exception", std::string("the last shipment failed: ") + error.what());
  }
  lock.lock();
  status = snapshot();
  finished = true;
  progress.notify_all();
}

// Nothing that goes wrong here may end the application: out of memory is the one exception to be expected.
bool Shipper::Impl::step_or_pause(SteadyTime& due) {
  try {
    if (dispatcher.step()) return true;
    due = dispatcher.next_due();
  } catch (const std::exception& error) {
    due = clock.steady() + kPauseAfterException;
    say(Severity::kError, "shipper-exception", std::string("shipping failed, it goes on in a moment: ") + error.what());
  }
  return false;
}

// With the mutex held, after each step.
void Shipper::Impl::note_progress(bool sent) {
  status = snapshot();
  const bool drained = dispatcher.live_drained();
  const bool blocked = !sent && dispatcher.live_blocked();
  // What waits for one address must not keep wake() from being heard for the other; but where it is so much that every
  // append would wake, the flush interval has to do.
  const bool done_for_now = drained || (blocked && dispatcher.live_pending() < options.drain_again_at);
  if (done_for_now && wake_taken) {
    wake_taken = false;
    // Cleared before it is looked how many wait: who appends after the look finds it cleared and sets it.
    wake.store(false);
    wake.store(dispatcher.live_pending() >= options.drain_again_at);
  }
  if (flush_done == flush_taken || !(drained || blocked)) return;
  flush_done = flush_taken;
  flush_ok = drained;
  progress.notify_all();
}

ShipperStatus Shipper::Impl::snapshot() const {
  ShipperStatus now;
  now.batches_sent = dispatcher.counters().batches_sent;
  now.send_failures = dispatcher.counters().send_failures;
  now.unconfirmed = dispatcher.counters().unconfirmed;
  now.recovered = dispatcher.recovered();
  now.destination_down = dispatcher.any(Backoff::State::kDown);
  now.parked = dispatcher.any(Backoff::State::kParked);
  return now;
}

void Shipper::Impl::say(Severity severity, std::string_view kind, const std::string& text) const {
  if (options.on_message) options.on_message(severity, kind, printable(text));
}

}  // namespace logs_sdk::inline v1
