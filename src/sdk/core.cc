#include "src/sdk/core.h"

#include <unistd.h>

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "src/base/fork_generation.h"
#include "src/base/uuid7.h"
#include "src/entry/infra_field_table.h"
#include "src/sdk/build_commit.h"
#include "src/sdk/config_paths.h"
#include "src/sdk/endpoint_url.h"
#include "src/shipper/curl_transport.h"
#include "src/spool/project_folder.h"

namespace logs_sdk::inline v1 {
namespace {

// Orphans taken at once: enough to follow a machine on which every worker was killed, few enough for its descriptors.
constexpr std::size_t kMaxOrphansAtOnce = 16;
// Longer waits than this are meant as "however long it takes"; the bound keeps the sum within the clock's range.
constexpr std::chrono::hours kMaxDeadline{24};

TrustedProxies trusted_proxies(const Config& config) {
  config.validate();
  Result<TrustedProxies> trusted = TrustedProxies::parse(config.trusted_proxies);
  if (!trusted.ok()) throw ConfigError("trusted_proxies", "trusted_proxies: " + trusted.status().message());
  return std::move(trusted).value();
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

CurlOptions curl_options(const Config& config) {
  CurlOptions options;
  options.ca_file = config.ca_file;
  options.proxy = config.proxy;
  // A proxy of the environment that the application may not know of would see the keys in plain text.
  options.environment_proxy = EndpointUrl::parse(config.endpoint)->https || config.allow_http;
  return options;
}

MessageLevel level_of(Severity severity) noexcept {
  switch (severity) {
    case Severity::kInfo:
      return MessageLevel::kInfo;
    case Severity::kWarning:
      return MessageLevel::kWarning;
    case Severity::kError:
      break;
  }
  return MessageLevel::kError;
}

Drops drops_of(const std::uint64_t (&counts)[kDropReasonCount]) noexcept {
  const auto of = [&](DropReason reason) { return counts[static_cast<std::size_t>(reason)]; };
  Drops drops;
  drops.oversize = of(DropReason::kOversize);
  drops.cap = of(DropReason::kCap);
  drops.age = of(DropReason::kAge);
  drops.memory_full = of(DropReason::kMemoryFull);
  drops.closed = of(DropReason::kClosed);
  drops.forked = of(DropReason::kForked);
  drops.damaged = of(DropReason::kDamaged);
  drops.internal = of(DropReason::kInternal);
  return drops;
}

Ledger ledger_of(const LedgerTotals& totals) noexcept {
  Ledger ledger;
  ledger.captured = totals.captured;
  ledger.delivered = totals.delivered;
  ledger.duplicate = totals.duplicate;
  ledger.rejected = totals.rejected;
  ledger.dropped = drops_of(totals.dropped);
  ledger.pending = totals.pending();
  return ledger;
}

}  // namespace

Core* Core::make(Config config) {
  TrustedProxies trusted = trusted_proxies(config);
  return new Core(with_absolute_paths(std::move(config)), std::move(trusted));
}

Core::Core(Config config, TrustedProxies trusted)
    : config_(std::move(config)),
      hostname_(host_name()),
      clock_(system_clock()),
      random_(system_random()),
      capture_(config_, std::move(trusted)),
      wake_threshold_(std::max<std::uint64_t>(1, config_.buffer_size * 4 / 5)),
      debug_lines_(!is_production(config_.environment)),
      messages_(config_.on_message, clock_) {
  fork_generation();  // registers its handler: a fork from now on is noticed
}

// Threads first, then what they use.
Core::~Core() {
  keeper_.reset();
  shipper_.reset();
  fork_watch_.reset();
}

void Core::release() noexcept {
  if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
}

bool Core::inherited() const noexcept {
  const std::uint32_t started_in = generation_.load(std::memory_order_acquire);
  return started_in != 0 && started_in != fork_generation() && state_.load(std::memory_order_acquire) != State::kIdle;
}

void Core::become(State state) noexcept {
  state_.store(state, std::memory_order_release);
  state_.notify_all();
}

// -- Start

void Core::start() noexcept {
  if (inherited()) return;
  State seen = state_.load(std::memory_order_acquire);
  if (seen == State::kStarting) state_.wait(State::kStarting, std::memory_order_acquire);
  if (seen != State::kIdle) return;
  // Before the state, so that a child forked in between knows whose state it sees.
  generation_.store(fork_generation(), std::memory_order_release);
  if (!state_.compare_exchange_strong(seen, State::kStarting, std::memory_order_acq_rel)) return start();
  const Messages::Held held(messages_);  // a receiver that sends an entry finds the core running, or idle again
  try {
    open();
    start_threads();
    become(State::kRunning);
  } catch (...) {
    abandon_start();
    messages_.say(MessageLevel::kError, "start", "out of memory at start: the next exchange tries again");
    become(State::kIdle);
  }
}

// All or nothing: what open() had made goes. Nobody else looks at it before the core is running.
void Core::abandon_start() noexcept {
  keeper_.reset();
  shipper_.reset();
  writer_.reset();
  fork_watch_.reset();
  spool_.reset();
  stack_rewriter_.reset();
  dead_letters_.reset();
}

void Core::open() {
  const ProjectFolderOptions where = spool_place(config_);
  const FindProjectFolder find = [where] { return make_project_folder(where); };
  SpoolOptions options;
  // One that cannot be made now is tried again by the spool, which runs from memory meanwhile and says so.
  if (const Result<ProjectFolder> folder = find(); folder.ok()) options.project_dir = folder.value().path;
  options.find_project_dir = find;
  options.former_project_dirs = [where](const std::string& in_use) { return former_project_folders(where, in_use); };
  options.max_bytes = config_.offline_max_bytes;
  options.max_age = config_.offline_max_age;
  options.sync_interval = config_.sync == Sync::kInterval;
  options.memory_records = config_.buffer_size;
  options.library_version = kVersion;
  options.on_event = [this](std::string_view kind, std::string_view text) {
    messages_.say(MessageLevel::kWarning, kind, text);
  };
  dead_letters_.emplace(find, options.max_bytes, clock_);
  spool_ = Spool::open(std::move(options), clock_, random_);
  fork_watch_.emplace(*spool_);

  const EntryLimits limits{.max_body_bytes = config_.max_body_size, .max_stack_bytes = config_.max_stack_size};
  const ProcessIdentity identity{.project_slug = config_.project_slug,
                                 .environment = config_.environment,
                                 .service_name = config_.service_name,
                                 .host = hostname_,
                                 .process_id = std::to_string(::getpid())};
  writer_.emplace(capture_, EntryEncoder(limits, identity), InfraEncoder(limits, config_.project_slug, hostname_),
                  *spool_);
  stack_rewriter_.emplace(config_.max_stack_size, [this] {
    messages_.say(MessageLevel::kInfo, "symbols",
                  "stacks are sent as modules and offsets: there is no libdw.so.1 here");
  });
  shipper_ = std::make_unique<Shipper>(shipper_options(), *spool_, make_curl_transport(curl_options(config_)), clock_,
                                       random_);
  keeper_.emplace(*spool_, clock_);
}

ShipperOptions Core::shipper_options() {
  ShipperOptions options;
  options.endpoint = config_.endpoint;
  options.api_key = config_.api_key;
  options.api_secret = config_.api_secret;
  options.sdk_version = kVersion;
  options.sdk_hash = kBuildCommit;
  options.flush_interval = config_.flush_interval;
  options.timeout = config_.timeout;
  options.max_retries = config_.max_retries;
  options.drain_again_at = wake_threshold_;
  options.on_message = [this](Severity severity, std::string_view kind, std::string_view text) {
    messages_.say(level_of(severity), kind, text);
  };
  options.find_orphans = [this] {
    std::vector<std::unique_ptr<RecordSource>> sources;
    for (auto& orphan : spool_->adopt_orphans(kMaxOrphansAtOnce)) sources.push_back(std::move(orphan));
    return sources;
  };
  options.rewrite = [this](Stream stream, std::string_view entry, std::string& out) {
    return stream == kEntryStream && stack_rewriter_->rewrite(entry, out);
  };
  options.keep_dead_letter = [this](const DeadLetter& letter) { return dead_letters_->keep(letter); };
  return options;
}

// Without threads entries are captured all the same; a later process ships them.
void Core::start_threads() noexcept {
  try {
    start_keeper();
    shipper_->start();
  } catch (...) {
    messages_.say(MessageLevel::kError, "thread", "no thread to be had: entries wait for the next process");
  }
}

void Core::start_keeper() {
  retain();
  try {
    keeper_->start([this] { release(); });
  } catch (...) {
    release();
    throw;
  }
}

// -- Capture

bool Core::ready_to_capture() noexcept {
  if (state_.load(std::memory_order_acquire) == State::kRunning &&
      generation_.load(std::memory_order_relaxed) == fork_generation()) {
    return true;
  }
  if (inherited()) {
    count_drop(DropReason::kForked);
    messages_.say(MessageLevel::kWarning, "forked",
                  "this process was forked after the library had started in its parent: nothing is captured here");
    return false;
  }
  start();
  const State state = state_.load(std::memory_order_acquire);
  if (state == State::kRunning) return true;
  count_drop(state == State::kIdle ? DropReason::kInternal : DropReason::kClosed);
  return false;
}

void Core::count_drop(DropReason reason) noexcept {
  // The spool's ledger is exact and travels; but it is the parent's after a fork, and there may be none at all.
  if (!inherited() && state_.load(std::memory_order_acquire) >= State::kRunning && spool_ != nullptr) {
    spool_->count_drop(reason);
  } else {
    drops_[static_cast<std::size_t>(reason)].fetch_add(1, std::memory_order_relaxed);
  }
}

Exchange Core::begin() noexcept {
  if (!ready_to_capture()) return Exchange();
  ExchangeState* const state = pool_.take();
  if (state == nullptr) {
    count_drop(DropReason::kInternal);
    return Exchange();
  }
  const WallTime now = clock_.wall();
  state->begin({.sink = this,
                .uuid = next_uuid7(now),
                .wall = now,
                .steady = clock_.steady(),
                .max_body_bytes = capture_.max_body_bytes()});
  retain();
  return Exchange(state);
}

void Core::settle_identity(ExchangeState& state) noexcept { capture_.settle_identity(state); }

void Core::finish(ExchangeState* state, Outcome outcome) noexcept {
  const SteadyTime end = clock_.steady();
  if (state->damaged) {
    count_drop(DropReason::kInternal);
  } else if (capture_.excluded(*state)) {
    excluded_.fetch_add(1, std::memory_order_relaxed);
  } else if (state_.load(std::memory_order_acquire) != State::kRunning) {
    count_drop(DropReason::kClosed);
  } else if (writer_->write(*state, outcome, end)) {
    wake_shipper_if_due();
  }
  pool_.give_back(state);
  release();
}

bool Core::ready_to_take() noexcept {
  if (ready_to_capture()) return true;
  if (!inherited()) messages_.say(MessageLevel::kWarning, "closed", "send() after close(): the entry is dropped");
  return false;
}

bool Core::send(LogEntry& entry) noexcept {
  const bool written = ready_to_take() && writer_->write(entry, clock_.wall(), random_);
  if (written) wake_shipper_if_due();
  return written;
}

bool Core::log(LogLevel level, std::string_view message, const Tags& tags, Exchange& within) noexcept {
  if (level == LogLevel::kDebug && !debug_lines_) return false;
  try {
    LogEntry entry = log_line(level, message, tags, within);
    return send(entry);
  } catch (...) {  // memory has run out
    count_drop(DropReason::kInternal);
    return false;
  }
}

bool Core::upload(InfraLogEntry& entry, Exchange& within) noexcept {
  if (!entry.level.empty() && !is_infra_level(entry.level)) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    messages_.say(MessageLevel::kWarning, "level",
                  "upload_infra_log(): the level is none of debug, info, warn, error, fatal: the entry is refused");
    return false;
  }
  const bool written = ready_to_take() && writer_->write(entry, clock_.wall(), within);
  if (written) wake_shipper_if_due();
  return written;
}

// The shipper takes further calls as one until it has done what it was asked for.
void Core::wake_shipper_if_due() noexcept {
  if (spool_->pending_estimate() >= wake_threshold_) shipper_->wake();
}

// -- End

bool Core::nothing_pending() const {
  return spool_ == nullptr || spool_->spooled().pending() + spool_->in_memory().pending() == 0;
}

bool Core::flush(std::chrono::milliseconds deadline) noexcept {
  if (inherited()) return false;
  const State seen = state_.load(std::memory_order_acquire);
  if (seen == State::kIdle) return true;
  if (seen == State::kStarting) state_.wait(State::kStarting, std::memory_order_acquire);
  if (seen >= State::kClosing) return close(deadline);
  try {
    return shipper_->flush(clock_.steady() + std::clamp<std::chrono::milliseconds>(deadline, {}, kMaxDeadline));
  } catch (...) {
    return false;
  }
}

bool Core::close(std::chrono::milliseconds deadline) noexcept {
  if (inherited()) return false;
  const SteadyTime until = clock_.steady() + std::clamp<std::chrono::milliseconds>(deadline, {}, kMaxDeadline);
  State seen = state_.load(std::memory_order_acquire);
  for (;;) {
    if (seen == State::kClosed) break;
    if (seen == State::kStarting || seen == State::kClosing) {
      state_.wait(seen, std::memory_order_acquire);
      seen = state_.load(std::memory_order_acquire);
      continue;
    }
    const State next = seen == State::kIdle ? State::kClosed : State::kClosing;
    if (!state_.compare_exchange_weak(seen, next, std::memory_order_acq_rel)) continue;
    if (next == State::kClosing) {
      try {
        shipper_->stop(until);
        keeper_->stop(until);
      } catch (...) {
        messages_.say(MessageLevel::kError, "close", "close() failed to stop a thread in order");
      }
      become(State::kClosed);
    }
    break;
  }
  try {
    return nothing_pending();
  } catch (...) {
    return false;
  }
}

Stats Core::stats() const {
  Stats stats;
  stats.excluded = excluded_.load(std::memory_order_relaxed);
  stats.refused = refused_.load(std::memory_order_relaxed);
  const State state = state_.load(std::memory_order_acquire);
  if (!inherited() && state >= State::kRunning && spool_ != nullptr) {
    stats.instance = spool_->instance();
    stats.spool = ledger_of(spool_->spooled());
    stats.memory = ledger_of(spool_->in_memory());
    const DeadLetters::Counts letters = dead_letters_->counts();
    stats.dead_letters = letters.kept;
    stats.dead_letters_lost = letters.lost;
    const ShipperStatus shipper = shipper_->status();
    stats.unconfirmed = shipper.unconfirmed;
    stats.recovered = shipper.recovered;
    stats.batches_sent = shipper.batches_sent;
    stats.send_failures = shipper.send_failures;
    stats.destination_down = shipper.destination_down;
    stats.parked = shipper.parked;
  }
  // What was dropped without a spool only ever stood in memory.
  std::uint64_t counts[kDropReasonCount] = {};
  for (std::size_t i = 0; i < kDropReasonCount; ++i) counts[i] = drops_[i].load(std::memory_order_relaxed);
  const Drops own = drops_of(counts);
  stats.memory.captured += own.total();
  stats.memory.dropped.closed += own.closed;
  stats.memory.dropped.forked += own.forked;
  stats.memory.dropped.internal += own.internal;
  return stats;
}

}  // namespace logs_sdk::inline v1
