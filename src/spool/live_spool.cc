#include "src/spool/live_spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <limits>

#include "src/spool/mutants.h"
#include "src/spool/orphan_directory.h"

namespace logs_sdk::inline v1 {
namespace {

using std::chrono::seconds;

constexpr auto kStandsInterval = seconds(1);  // how long a removed directory can stay unnoticed
constexpr auto kSyncInterval = std::chrono::milliseconds(500);
constexpr std::uint64_t kFormerHome = 0;  // no segment has this number
constexpr std::uint32_t kPopulateBytes = 256 << 10;
constexpr std::ptrdiff_t kMaxKept = 4;  // full segments whose mapping stays until they are shipped

Uuid random_uuid(Random& random) {
  Uuid uuid;
  const std::uint64_t words[2] = {random.next(), random.next()};
  for (std::size_t byte = 0; byte < 16; ++byte) {
    uuid.bytes[byte] = static_cast<std::uint8_t>(words[byte / 8] >> (byte % 8 * 8));
  }
  return uuid;
}

std::string hex_of(const Uuid& uuid) {
  char digits[32];
  uuid.to_hex(digits);
  return std::string(digits, sizeof digits);
}

}  // namespace

std::uint32_t LiveSpool::choose_segment_bytes(const SpoolOptions& options) {
  std::uint64_t owners = 1;
  const auto project = open_directory(AT_FDCWD, options.project_dir);
  if (project.ok()) owners = measure_project(project.value().get(), "").owners;
  const std::uint64_t wanted = options.max_bytes / (kMaxRecordShare * owners);
  const auto bytes = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(wanted, kMinSegmentBytes, kMaxSegmentBytes));
  return bytes / kSegmentAlignment * kSegmentAlignment;
}

LiveSpool::LiveSpool(SpoolOptions options, Clock& clock, Random& random)
    : options_(std::move(options)),
      clock_(clock),
      instance_(random_uuid(random)),
      instance_name_(hex_of(instance_)),
      segment_bytes_(choose_segment_bytes(options_)),
      state_(std::make_unique<State>()),
      memory_(options_.memory_records, options_.memory_bytes) {
  state_->project_dir = options_.project_dir;
  for (auto& writer : writers_) writer = std::make_unique<SegmentWriter>(segment_bytes_);
  for (auto& slot : ring_) slot.store(~std::uint64_t{0}, std::memory_order_relaxed);
  maintain();
}

LiveSpool::~LiveSpool() {
  if (guard_.in_child()) {
    static_cast<void>(state_.release());  // the parent's: possibly halfway through a change
    return;
  }
  const std::lock_guard lock(state_->mutex);
  if (!state_->home) return;
  Home& home = *state_->home;
  pull_all();
  static_cast<void>(home.ledger->write_drops().ok());
  bool pending = false;
  for (auto& writer : writers_) {
    if (!writer->idle()) static_cast<void>(writer->write_committed().ok());
  }
  for (auto& [number, book] : home.shelf.books()) {
    if (!book.all_settled()) {
      pending = true;
    } else if (home.ledger->fold(number, book.totals()).ok()) {
      unlinkat(home.directory.fd(), segment_name(number).c_str(), 0);
    }
  }
  home.directory.disown();
  // What cannot be removed now is removed by whoever finds it.
  if (!pending) static_cast<void>(home.directory.remove().ok());
}

Appended LiveSpool::append(Stream stream, std::string_view payload) noexcept {
  if (guard_.in_child()) {
    count_drop(DropReason::kForked);
    return Appended::kDropped;
  }
  if (payload.size() > max_record_bytes() && !mutant(Mutant::kOversizeAccepted)) {
    count_drop(DropReason::kOversize);
    return Appended::kDropped;
  }
  const std::uint32_t now = now_tenths_.load(std::memory_order_relaxed);
  std::uint64_t position = position_.load(std::memory_order_acquire);
  // Each turn finds a segment full that was ready, or a position that has moved on; the bound is for the case that
  // others fill the segments faster than this thread can look.
  for (std::size_t turn = 0; turn < kRing; ++turn) {
    const std::uint64_t slot = ring_[position % kRing].load(std::memory_order_acquire);
    if (slot >> 8 != position) {
      const std::uint64_t moved = position_.load(std::memory_order_acquire);
      if (moved == position) break;
      position = moved;
      continue;
    }
    const AppendResult result = writers_[slot & 0xFF]->append(stream, now, payload);
    if (result == AppendResult::kDone) {
      appended_.fetch_add(1);
      return Appended::kSpooled;
    }
    if (result == AppendResult::kFailed) break;
    if (position_.compare_exchange_strong(position, position + 1, std::memory_order_acq_rel)) {
      ++position;
      wake_keeper();
    }
  }
  return append_to_memory(stream, payload);
}

Appended LiveSpool::append_to_memory(Stream stream, std::string_view payload) noexcept {
  if (!memory_.push(stream, payload)) return Appended::kDropped;
  appended_.fetch_add(1);
  wake_keeper();
  return Appended::kInMemory;
}

void LiveSpool::count_drop(DropReason reason) noexcept {
  if (guard_.in_child()) {
    dropped_in_child_[static_cast<std::size_t>(reason)].fetch_add(1, std::memory_order_relaxed);
  } else if (LedgerFile* ledger = ledger_.load(std::memory_order_acquire)) {
    ledger->count_drop(reason);
  } else {
    memory_.count_drop(reason);
  }
}

std::uint64_t LiveSpool::pending_estimate() const noexcept {
  const std::uint64_t settled = settled_.load(std::memory_order_relaxed);
  const std::uint64_t appended = appended_.load(std::memory_order_relaxed);
  return appended > settled ? appended - settled : 0;
}

std::vector<Record> LiveSpool::read(const BatchLimits& limits) {
  if (guard_.in_child()) return {};
  // What stands in memory would not survive a kill: it counts as newest, however old it is.
  std::vector<Record> records = limits.newest ? memory_.read(limits) : read_files(limits);
  if (!records.empty()) return records;
  return limits.newest ? read_files(limits) : memory_.read(limits);
}

std::vector<Record> LiveSpool::read_files(const BatchLimits& limits) {
  const std::lock_guard lock(state_->mutex);
  if (!state_->home) return {};
  pull_all();
  return state_->home->shelf.read(limits);
}

void LiveSpool::release() {
  if (guard_.in_child()) return;
  const std::lock_guard lock(state_->mutex);
  if (state_->home) state_->home->shelf.release();
}

std::vector<std::unique_ptr<Orphan>> LiveSpool::adopt_orphans(std::size_t limit) {
  if (guard_.in_child()) return {};
  const std::string project_dir = this->project_dir();
  std::vector<std::unique_ptr<Orphan>> found;
  if (const auto project = open_directory(AT_FDCWD, project_dir); project.ok()) {
    for (auto& orphan : open_orphans(project.value().get(), limit, held_)) found.push_back(std::move(orphan));
  }
  if (!options_.former_project_dirs) return found;
  const Now now = read_now(clock_);
  for (const FileDescriptor& former : options_.former_project_dirs(project_dir)) {
    for (auto& orphan : open_orphans(former.get(), limit - found.size(), nullptr)) {
      orphan->expire(now, options_.max_age);
      found.push_back(std::move(orphan));
    }
  }
  return found;
}

void LiveSpool::rewind() {
  if (guard_.in_child()) return;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->home) state_->home->shelf.rewind();
  }
  memory_.rewind();
}

void LiveSpool::settle(std::span<const RecordId> records, Verdict verdict) {
  if (guard_.in_child()) return;
  std::vector<RecordId> in_files;
  in_files.reserve(records.size());
  for (const RecordId& id : records) {
    if (id.segment == kMemorySegment) {
      memory_.settle(id, verdict);
    } else {
      in_files.push_back(id);
    }
  }
  settled_.fetch_add(records.size(), std::memory_order_relaxed);
  const std::lock_guard lock(state_->mutex);
  if (state_->home) state_->home->shelf.settle(in_files, fate_of(verdict));
}

LedgerTotals LiveSpool::spooled() const {
  if (guard_.in_child()) return {};
  const std::lock_guard lock(state_->mutex);
  if (!state_->home) return {};
  const_cast<LiveSpool*>(this)->pull_all();  // changes only what has been looked at
  LedgerTotals totals = state_->home->ledger->totals();
  totals += state_->home->shelf.totals();
  return totals;
}

LedgerTotals LiveSpool::in_memory() const {
  if (!guard_.in_child()) return memory_.totals();
  LedgerTotals totals;  // the parent's queue may be locked for ever here
  for (std::size_t reason = 0; reason < kDropReasonCount; ++reason) {
    totals.dropped[reason] = dropped_in_child_[reason].load(std::memory_order_relaxed);
    totals.captured += totals.dropped[reason];
  }
  return totals;
}

void LiveSpool::maintain() {
  if (guard_.in_child()) return;
  const Now now = read_now(clock_);
  now_tenths_.store(static_cast<std::uint32_t>(steady_microseconds(now.steady) / 100'000), std::memory_order_relaxed);
  std::vector<std::pair<std::string, std::string>> events;
  {
    const std::lock_guard lock(state_->mutex);
    State& state = *state_;
    if (!state.home && is_due(state.next_home, now.steady, kRetryInterval)) {
      const Status status = settle_in();
      if (!status.ok() && !std::exchange(state.unavailable_said, true)) {
        say("spool_unavailable", "no spool directory, entries are kept in memory only: " + status.message());
      }
    }
    if (state.home) {
      if (is_due(state.next_stands, now.steady, kStandsInterval) && !state.home->directory.stands()) move_home();
      measure(now);
      // Before the records are counted: what is appended meanwhile then makes the estimate too high, never too low.
      const std::uint64_t appended = appended_.load(std::memory_order_acquire);
      pull_all();
      retire_drained();
      expire(now);
      prepare_ahead(now);
      release_settled();
      make_room(now);
      keep_durable(now);
      const std::uint64_t pending = state.home->shelf.totals().pending() + memory_.pending();
      settled_.store(appended - std::min(appended, pending), std::memory_order_relaxed);
    }
    note_memory(now);
    events.swap(state.events);
  }
  if (!options_.on_event) return;
  for (const auto& [kind, text] : events) options_.on_event(kind, text);
}

std::string LiveSpool::project_dir() const {
  const std::lock_guard lock(state_->mutex);
  return state_->project_dir;
}

Status LiveSpool::find_project_dir() {
  if (!options_.find_project_dir) return {};
  const auto folder = options_.find_project_dir();
  if (!folder.ok()) return folder.status();
  state_->project_dir = folder.value().path;
  const std::string& notice = folder.value().notice;
  if (std::exchange(state_->folder_notice, notice) != notice && !notice.empty()) say("folder", notice);
  return {};
}

Status LiveSpool::settle_in() {
  if (Status found = find_project_dir(); !found.ok()) return found;
  auto project = open_directory(AT_FDCWD, state_->project_dir);
  if (!project.ok()) return project.status();
  auto directory = InstanceDirectory::create(project.value().get(), this_process(instance_, options_.library_version));
  if (!directory.ok()) return directory.status();
  const bool map = options_.map_segments && backing_of(directory.value().fd()) == Backing::kMappable;
  auto ledger = LedgerFile::open(directory.value().fd(), instance_, map);
  if (!ledger.ok()) {
    static_cast<void>(directory.value().remove().ok());
    return ledger.status();
  }
  const int fd = directory.value().fd();
  auto ledger_file = std::make_unique<LedgerFile>(std::move(ledger).value());
  ledger_.store(ledger_file.get(), std::memory_order_release);
  if (!state_->home) {
    state_->home.emplace(Home{std::move(project).value(), std::move(directory).value(), std::move(ledger_file),
                              SegmentShelf(fd, instance_), map});
    return {};
  }
  // In place of one that was removed: the totals go on. The former ledger stays in memory, because a thread that has
  // just looked at ledger_ may still count in it.
  Home& home = *state_->home;
  const Status status = ledger_file->fold(kFormerHome, home.ledger->totals());
  state_->former_ledgers.push_back(std::exchange(home.ledger, std::move(ledger_file)));
  home.project = std::move(project).value();
  home.directory = std::move(directory).value();
  home.map = map;
  home.shelf.move_to(fd);
  return status;
}

// Somebody has removed the directory. What this process has mapped is still there for it, and is shipped; what is gone
// counts as damaged when it is read; everything new goes to a new directory.
void LiveSpool::move_home() {
  say("spool_removed", "the spool directory was removed while in use; what it held may be lost, a new one is made");
  for (auto& writer : writers_) {
    if (!writer->idle()) writer->seal();
  }
  position_.store(state_->prepared_end, std::memory_order_release);
  const Status status = settle_in();
  state_->next_create.reset();
  if (!status.ok()) say("spool_unavailable", "no new spool directory: " + status.message());
}

void LiveSpool::pull_all() {
  auto& books = state_->home->shelf.books();
  for (auto& writer : writers_) {
    if (writer->idle()) continue;
    const auto book = books.find(writer->file().header().number);
    assert(book != books.end());
    writer->pull(book->second);
  }
}

void LiveSpool::retire_drained() {
  auto& books = state_->home->shelf.books();
  auto kept = std::count_if(books.begin(), books.end(),
                            [](const auto& entry) { return entry.second.complete() && !entry.second.bytes().empty(); });
  for (auto& writer : writers_) {
    if (writer->idle() || !writer->drained()) continue;
    SegmentBook& book = books.at(writer->file().header().number);
    writer->pull(book);
    static_cast<void>(writer->write_committed().ok());
    SegmentFile file = writer->close();
    book.set_complete();
    // What is not shipped at once waits without a mapping: a long backlog is no part of this process's memory.
    if (kept < kMaxKept || state_->home->shelf.lent(book.number())) {
      book.keep(std::move(file).take_mapping());
      ++kept;
    } else {
      book.show({});
    }
  }
}

void LiveSpool::keep_durable(const Now& now) {
  const bool sync = options_.sync_interval && is_due(state_->next_sync, now.steady, kSyncInterval);
  for (auto& writer : writers_) {
    if (writer->idle()) continue;
    static_cast<void>(writer->write_committed().ok());
    if (sync && writer->committed() > 0) fdatasync(writer->file().fd());
    writer->populate_ahead(kPopulateBytes);
  }
  static_cast<void>(state_->home->ledger->write_drops().ok());
}

void LiveSpool::note_memory(const Now& now) {
  const std::uint64_t captured = memory_.totals().captured;
  if (captured != std::exchange(state_->memory_seen, captured)) {
    if (!state_->memory_episode) say("spool_memory", "entries go to memory: a kill of the process would lose them");
    state_->memory_episode = now.steady;
  } else if (state_->memory_episode && now.steady - *state_->memory_episode >= kCalmInterval && state_->home) {
    state_->memory_episode.reset();
    say("spool_back", "entries go to the spool again");
  }
}

void LiveSpool::say(std::string kind, std::string text) {
  state_->events.emplace_back(std::move(kind), std::move(text));
}

void LiveSpool::wait_for_work(SteadyTime deadline) {
  std::unique_lock lock(work_mutex_);
  while (!work_.exchange(false) && clock_.steady() < deadline) clock_.wait_until(work_condition_, lock, deadline);
}

void LiveSpool::interrupt() noexcept { wake_keeper(); }

void LiveSpool::wake_keeper() noexcept {
  // Without the mutex, which append() must not wait for; a notice that falls between the keeper's look and its sleep
  // is found at its next tick.
  if (!work_.exchange(true)) work_condition_.notify_all();
}

void LiveSpool::abandon_after_fork() noexcept {
  guard_.mark_child();
  // No lock: this is the only thread of the child, and whoever held the mutex in the parent does not exist here.
  for (auto& writer : writers_) writer->abandon();
  if (!state_->home) return;
  state_->home->directory.abandon();
  state_->home->ledger->abandon();
  state_->home->project.close();
}

}  // namespace logs_sdk::inline v1
