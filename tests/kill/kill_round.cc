#include "tests/kill/kill_round.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>
#include <vector>

#include "src/base/clock.h"
#include "src/spool/spool.h"
#include "testing/temporary_folder.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::uint32_t kWriters = 4;
constexpr std::uint32_t kEntries = 1 << 18;  // numbers in one round; a writer that runs out stops

enum Note : std::uint8_t { kAttempted = 1, kAccepted = 2, kSettling = 4, kSettled = 8, kFromMemory = 16 };

// Shared by both processes.
struct Oracle {
  std::atomic<std::uint32_t> next{0};
  std::atomic<std::uint32_t> appended{0};
  std::atomic<std::uint8_t> notes[kEntries];

  void note(std::uint32_t entry, Note what) { notes[entry].fetch_or(what); }
};
static_assert(std::atomic<std::uint8_t>::is_always_lock_free);

// The bytes of entry n: its number, then a run that depends on it.
void make_payload(std::uint32_t entry, std::uint32_t max_bytes, std::string& payload) {
  payload = std::to_string(entry) + ":";
  std::uint32_t state = entry * 2654435761u + 1;
  const std::size_t length = state % max_bytes;
  for (std::size_t i = 0; i < length; ++i) {
    state = state * 1664525u + 1013904223u;
    payload.push_back(static_cast<char>(state >> 24));
  }
}

// The number of the entry whose bytes these are; kEntries when there is none.
std::uint32_t identify(std::string_view payload, std::uint32_t max_bytes) {
  std::uint32_t entry = kEntries;
  const auto [end, error] = std::from_chars(payload.data(), payload.data() + payload.size(), entry);
  static_cast<void>(end);
  if (error != std::errc() || entry >= kEntries) return kEntries;
  std::string expected;
  make_payload(entry, max_bytes, expected);
  return payload == expected ? entry : kEntries;
}

void write_entries(Spool& spool, std::uint32_t max_bytes, Oracle& oracle) {
  std::string payload;
  for (std::uint32_t entry = oracle.next++; entry < kEntries; entry = oracle.next++) {
    make_payload(entry, max_bytes, payload);
    oracle.note(entry, kAttempted);
    if (spool.append(1, payload) == Appended::kSpooled) oracle.note(entry, kAccepted);
    ++oracle.appended;
  }
}

// Settles about three quarters of what it reads, so that old segments stay beside those that are recycled.
void ship_entries(Spool& spool, std::uint32_t max_bytes, Oracle& oracle) {
  while (true) {
    const std::vector<Record> records = spool.read({.max_records = 50});
    std::vector<RecordId> ids;
    std::vector<std::uint32_t> entries;
    for (const Record& record : records) {
      const std::uint32_t entry = identify(record.payload, max_bytes);
      if (entry == kEntries) std::abort();  // wrong bytes, seen while still alive
      if (record.id.segment != kMemorySegment && entry / 64 % 4 == 0) continue;
      // Told by the reader: a writer may be killed between its append and its note, with the record settled already.
      if (record.id.segment == kMemorySegment) oracle.note(entry, kFromMemory);
      entries.push_back(entry);
      ids.push_back(record.id);
    }
    for (const std::uint32_t entry : entries) oracle.note(entry, kSettling);
    spool.settle(ids, Verdict::kDelivered);
    for (const std::uint32_t entry : entries) oracle.note(entry, kSettled);
    if (records.empty()) std::this_thread::yield();
  }
}

[[noreturn]] void run_victim(const KillOptions& options, const std::string& folder, Oracle& oracle) {
  SpoolOptions spool_options;
  spool_options.project_dir = folder;
  spool_options.max_bytes = options.max_bytes;
  spool_options.map_segments = options.map_segments;
  const auto spool = Spool::open(spool_options, system_clock(), system_random());
  std::vector<std::thread> threads;
  for (std::uint32_t i = 0; i < kWriters; ++i)
    threads.emplace_back([&] { write_entries(*spool, options.payload_bytes, oracle); });
  threads.emplace_back([&] { ship_entries(*spool, options.payload_bytes, oracle); });
  while (true) {
    spool->maintain();
    spool->wait_for_work(system_clock().steady() + std::chrono::milliseconds(5));
  }
}

// How often each entry was found, and what else was.
struct Recovered {
  std::vector<std::uint8_t> times = std::vector<std::uint8_t>(kEntries);
  std::uint64_t records = 0;
  std::uint64_t wrong = 0;
  LedgerTotals ledger;  // when it was found
  bool found = false;
};

Recovered recover(const std::string& folder, std::uint32_t max_bytes) {
  Recovered recovered;
  for (const auto& orphan : find_orphans(folder, 16, system_clock())) {
    recovered.found = true;
    recovered.ledger += orphan->spooled();
    for (auto records = orphan->read({}); !records.empty(); records = orphan->read({})) {
      std::vector<RecordId> ids;
      for (const Record& record : records) {
        const std::uint32_t entry = identify(record.payload, max_bytes);
        ++recovered.records;
        if (entry == kEntries) {
          ++recovered.wrong;
        } else {
          ++recovered.times[entry];
        }
        ids.push_back(record.id);
      }
      orphan->settle(ids, Verdict::kDelivered);
    }
    if (orphan->spooled().pending() != 0) ++recovered.wrong;
  }
  return recovered;
}

// Bounds that follow from the notes; each is exact but for the entries in flight at the kill.
std::uint64_t check_ledger(const Recovered& recovered, const KillCounts& counts, std::uint64_t attempted,
                           std::uint64_t settling, std::uint64_t missing) {
  const LedgerTotals& ledger = recovered.ledger;
  const std::uint64_t cap = ledger.dropped[static_cast<std::size_t>(DropReason::kCap)];
  std::uint64_t failures = 0;
  failures += ledger.captured < counts.accepted || ledger.captured > attempted;
  // What the cap drops between read() and settle() keeps that fate.
  failures += ledger.delivered + cap < counts.settled || ledger.delivered > settling;
  failures += ledger.pending() != recovered.records;
  failures += ledger.dropped_total() != cap;  // no damage, nothing oversize
  failures += missing > cap || cap > missing + (attempted - counts.accepted) + settling;
  return failures;
}

KillCounts compare(const Oracle& oracle, const Recovered& recovered) {
  KillCounts counts;
  std::uint64_t attempted = 0, settling = 0, missing = 0;
  for (std::uint32_t entry = 0; entry < kEntries; ++entry) {
    const std::uint8_t notes = oracle.notes[entry].load();
    const bool accepted = (notes & kAccepted) != 0;
    const std::uint8_t times = recovered.times[entry];
    // What went to memory, and was settled from there, is not the spool's.
    const bool in_memory = (notes & kFromMemory) != 0;
    attempted += (notes & kAttempted) != 0 && !in_memory;
    counts.accepted += accepted;
    settling += !in_memory && (notes & kSettling) != 0;
    counts.settled += !in_memory && (notes & kSettled) != 0;
    missing += accepted && (notes & kSettling) == 0 && times == 0;
    counts.revived += (notes & kSettled) != 0 && times > 0;
    counts.duplicated += times > 1;
    counts.wrong += times > 0 && (notes & kAttempted) == 0;
  }
  counts.recovered = recovered.records;
  counts.wrong += recovered.wrong;
  counts.dropped = recovered.ledger.dropped[static_cast<std::size_t>(DropReason::kCap)];
  counts.lost = missing > counts.dropped ? missing - counts.dropped : 0;
  if (recovered.found) counts.unbalanced = check_ledger(recovered, counts, attempted, settling, missing);
  return counts;
}

}  // namespace

KillCounts& KillCounts::operator+=(const KillCounts& other) {
  accepted += other.accepted;
  settled += other.settled;
  recovered += other.recovered;
  dropped += other.dropped;
  lost += other.lost;
  wrong += other.wrong;
  duplicated += other.duplicated;
  revived += other.revived;
  unbalanced += other.unbalanced;
  return *this;
}

KillCounts run_kill_round(const KillOptions& options, Random& random) {
  const TemporaryFolder folder;
  void* shared = mmap(nullptr, sizeof(Oracle), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) {
    std::perror("mmap");
    std::abort();
  }
  auto* oracle = new (shared) Oracle;
  const auto run_us = static_cast<unsigned>(random.next() % options.max_run_us);
  const pid_t victim = fork();
  if (victim < 0) {
    std::perror("fork");
    std::abort();
  }
  if (victim == 0) run_victim(options, folder.path(), *oracle);
  while (oracle->appended.load() == 0) usleep(100);
  usleep(run_us);  // the random moment; nothing waits for it
  kill(victim, SIGKILL);
  int status = 0;
  waitpid(victim, &status, 0);
  KillCounts counts = compare(*oracle, recover(folder.path(), options.payload_bytes));
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) ++counts.wrong;  // it had ended by itself
  munmap(shared, sizeof(Oracle));
  return counts;
}

}  // namespace logs_sdk::inline v1
