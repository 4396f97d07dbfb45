#include "server/api/tail_feed.h"

#include <algorithm>
#include <map>
#include <utility>

#include "server/api/tail_event.h"
#include "server/http/body_stream.h"
#include "server/query/matcher.h"

namespace logs_server {
namespace {

using logs_sdk::Clock;
using logs_sdk::Result;
using logs_sdk::SteadyTime;

// Entries read for one place before those who stand elsewhere, newcomers and heartbeats get their turn.
constexpr std::size_t kMaxSlice = 1'000;

Response stream_answer(std::shared_ptr<BodyStream> stream) {
  Response response;
  response.stream = std::move(stream);
  // nginx would otherwise keep the events until they fill its buffer.
  return response.with("Content-Type", "text/event-stream").with("X-Accel-Buffering", "no");
}

}  // namespace

// One reader: what it asked for, and how far it has come.
class TailFeed::Tail {
 public:
  enum class Offer { kDone, kFull };

  Tail(TailRequest request, std::shared_ptr<BodyStream> stream, std::uint64_t seen_uid, SteadyTime now)
      : matcher_(request.query),
        project_slug_(std::move(request.project_slug)),
        reader_(std::move(request.reader)),
        may_read_(std::move(request.may_read)),
        stream_(std::move(stream)),
        seen_uid_(seen_uid),
        written_at_(now),
        checked_at_(now) {
    stream_->write(tail_greeting(seen_uid));
  }

  std::uint64_t seen_uid() const { return seen_uid_; }
  const std::string& reader() const { return reader_; }
  bool is_open() const { return stream_->state() == BodyStream::State::kOpen; }
  bool is_over() const { return stream_->state() == BodyStream::State::kOver; }

  // Leaves out what is too far back; how many entries that is.
  std::uint64_t catch_up(std::uint64_t newest_uid, std::uint64_t max_lag) {
    if (newest_uid <= seen_uid_ + max_lag) return 0;
    const std::uint64_t passed = newest_uid - max_lag - seen_uid_;
    seen_uid_ += passed;
    dropped_ += passed;
    return passed;
  }

  // Tells how many were left out; kFull: not yet.
  Offer tell_dropped(SteadyTime now) {
    if (dropped_ == 0) return Offer::kDone;
    if (!stream_->write(tail_dropped_event(dropped_, seen_uid_))) return Offer::kFull;
    dropped_ = 0;
    written_at_ = now;
    return Offer::kDone;
  }

  void begin_round() { matching_time_ = {}; }
  // Of this round.
  std::chrono::nanoseconds matching_time() const { return matching_time_; }
  bool wants(const ScannedEntry& entry, const Clock& clock) {
    if (project_slug_ && entry.columns().project_slug != *project_slug_) return false;
    const SteadyTime began = clock.steady();
    const bool matches = matcher_.matches(entry);
    matching_time_ += clock.steady() - began;
    return matches;
  }

  // kFull: the entry has to be offered again.
  Offer show(std::string_view event, std::uint64_t uid, SteadyTime now) {
    if (!stream_->write(event)) return Offer::kFull;
    written_at_ = now;
    pass(uid);
    return Offer::kDone;
  }
  void pass(std::uint64_t uid) { seen_uid_ = uid; }
  void drop(std::uint64_t uid) {
    ++dropped_;
    pass(uid);
  }

  SteadyTime next_duty(std::chrono::milliseconds heartbeat) const {
    return std::min(written_at_, checked_at_) + heartbeat;
  }

  void attend(SteadyTime now, std::chrono::milliseconds heartbeat) {
    if (stream_->state() == BodyStream::State::kEnding) return end("draining");
    if (checked_at_ + heartbeat <= now) {
      checked_at_ = now;
      if (!may_read_()) return end("unauthorized");
    }
    if (written_at_ + heartbeat <= now) {
      stream_->write(tail_heartbeat(seen_uid_));  // no room: there is more than this on the way
      written_at_ = now;
    }
  }

  void end(std::string_view reason) { stream_->end(tail_end_event(reason, seen_uid_)); }

 private:
  // Constant after construction, but for what the matcher keeps between entries.
  Matcher matcher_;
  const std::optional<std::string> project_slug_;
  const std::string reader_;
  const std::function<bool()> may_read_;
  const std::shared_ptr<BodyStream> stream_;

  std::uint64_t seen_uid_;  // everything up to here was shown, did not match, or is counted in dropped_
  std::uint64_t dropped_ = 0;
  std::chrono::nanoseconds matching_time_{};
  SteadyTime written_at_, checked_at_;
};

TailFeed::TailFeed(Store& store, Clock& clock, TailOptions options)
    : store_(store), clock_(clock), options_(options), thread_([this] { run(); }) {}

TailFeed::~TailFeed() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void TailFeed::open(TailRequest request, Responder responder) {
  if (const auto obstacle = take_place(request.reader)) {
    ++refused_;
    responder.send(error_response(429, *obstacle + "; try again").with("Retry-After", "15"));
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    newcomers_.push_back({std::move(request), std::move(responder)});
  }
  wake();
}

std::optional<std::string> TailFeed::take_place(const std::string& reader) {
  const std::size_t max_of_reader = (options_.max_tails + 1) / 2;
  const std::lock_guard lock(mutex_);
  if (open_ >= options_.max_tails) return "there are " + std::to_string(options_.max_tails) + " tails already";
  std::size_t& of_reader = open_by_reader_[reader];
  if (of_reader >= max_of_reader) {
    return "this token and its sessions have " + std::to_string(max_of_reader) + " tails already, half of all";
  }
  ++of_reader;
  ++open_;
  return std::nullopt;
}

void TailFeed::give_place_back(const std::string& reader) {
  const std::lock_guard lock(mutex_);
  const auto found = open_by_reader_.find(reader);
  if (--found->second == 0) open_by_reader_.erase(found);
  --open_;
}

void TailFeed::notify() {
  if (open_.load() > 0) wake();
}

void TailFeed::wake() {
  {
    const std::lock_guard lock(mutex_);
    has_work_ = true;
  }
  changed_.notify_one();
}

TailCounts TailFeed::counts() const {
  return {.open = open_, .shown = shown_, .dropped = dropped_, .refused = refused_};
}

void TailFeed::run() {
  for (;;) {
    wait_for_work();
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) break;
      has_work_ = false;
    }
    admit_newcomers();
    const bool more = show_arrivals();
    attend_to_ends_and_heartbeats();
    remove_the_gone();
    if (more) wake();
  }
  for (const auto& tail : tails_) tail->end("draining");
}

void TailFeed::wait_for_work() {
  const auto first = std::min_element(tails_.begin(), tails_.end(), [this](const auto& a, const auto& b) {
    return a->next_duty(options_.heartbeat) < b->next_duty(options_.heartbeat);
  });
  std::unique_lock lock(mutex_);
  if (has_work_ || stopping_) return;
  if (first == tails_.end()) {
    changed_.wait(lock);
  } else {
    clock_.wait_until(changed_, lock, (*first)->next_duty(options_.heartbeat));
  }
}

void TailFeed::admit_newcomers() {
  std::vector<Newcomer> newcomers;
  {
    const std::lock_guard lock(mutex_);
    newcomers.swap(newcomers_);
  }
  for (Newcomer& newcomer : newcomers) admit(std::move(newcomer));
}

void TailFeed::admit(Newcomer newcomer) {
  const Result<std::uint64_t> newest = store_.last_uid();
  if (!newest.ok()) {
    give_place_back(newcomer.request.reader);
    newcomer.responder.send(error_response(503, "the store cannot be read at the moment").with("Retry-After", "1"));
    return;
  }
  // A place that is still to come is one of another store.
  const std::uint64_t seen_uid = std::min(newcomer.request.after_uid.value_or(newest.value()), newest.value());
  auto stream = std::make_shared<BodyStream>([this] { wake(); });
  tails_.push_back(std::make_unique<Tail>(std::move(newcomer.request), stream, seen_uid, clock_.steady()));
  newcomer.responder.send(stream_answer(std::move(stream)));
}

bool TailFeed::show_arrivals() {
  if (tails_.empty()) return false;
  const Result<std::uint64_t> newest = store_.last_uid();
  if (!newest.ok()) return false;  // the next commit or heartbeat asks again
  std::map<std::uint64_t, Tails> by_place;
  for (const auto& tail : tails_) {
    tail->begin_round();
    dropped_ += tail->catch_up(newest.value(), options_.max_lag);
    if (!tail->is_open() || tail->tell_dropped(clock_.steady()) == Tail::Offer::kFull) continue;
    if (tail->seen_uid() < newest.value()) by_place[tail->seen_uid()].push_back(tail.get());
  }
  const std::chrono::nanoseconds share = std::chrono::nanoseconds(options_.round_time) / tails_.size();
  bool more = false;
  for (const auto& [uid, tails] : by_place) more |= show_slice(uid, tails, share);
  return more;
}

bool TailFeed::show_slice(std::uint64_t after_uid, const Tails& tails, std::chrono::nanoseconds share) {
  Tails ready = tails;
  std::size_t visited = 0;
  bool is_out_of_time = false;  // one of them
  const SteadyTime now = clock_.steady();
  const auto visit = [&](const ScannedEntry& entry) {
    std::string event;  // made once, for the first who wants it
    const auto is_full = [&](Tail* tail) {
      if (!tail->wants(entry, clock_)) {
        tail->pass(entry.uid());
        return false;
      }
      if (event.empty()) event = tail_entry_event(entry);
      if (event.empty()) {  // damaged
        tail->drop(entry.uid());
        ++dropped_;
        return false;
      }
      if (tail->show(event, entry.uid(), now) == Tail::Offer::kFull) return true;
      ++shown_;
      return false;
    };
    const auto stands_still = [&](Tail* tail) {
      if (!tail->is_open() || is_full(tail)) return true;  // the end of the server waits for no entries
      if (tail->matching_time() < share) return false;
      return is_out_of_time = true;
    };
    ready.erase(std::remove_if(ready.begin(), ready.end(), stands_still), ready.end());
    return !ready.empty() && ++visited < kMaxSlice;
  };
  // What cannot be read now is read at the next commit or heartbeat: no place has moved.
  const Status scanned = store_.scan_arrivals(after_uid, visit);
  return scanned.ok() && (visited == kMaxSlice || is_out_of_time);
}

void TailFeed::attend_to_ends_and_heartbeats() {
  const SteadyTime now = clock_.steady();
  for (const auto& tail : tails_) {
    if (!tail->is_over()) tail->attend(now, options_.heartbeat);
  }
}

void TailFeed::remove_the_gone() {
  std::erase_if(tails_, [this](const auto& tail) {
    if (!tail->is_over()) return false;
    give_place_back(tail->reader());
    return true;
  });
}

}  // namespace logs_server
