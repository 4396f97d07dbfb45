// Stats: where every entry of this process has gone. One equation holds at any time at which nothing is being appended:
//
//     captured = delivered + duplicate + rejected + dropped (sum over reasons) + pending
//
// and likewise for the entries that went to the memory queue, which are counted apart because a kill loses them.
#ifndef LOGS_SDK_STATS_H_
#define LOGS_SDK_STATS_H_

#include <cstdint>
#include <string>

#include "logs_sdk/export.h"

namespace logs_sdk {
inline namespace v1 {

struct Drops {
  std::uint64_t oversize = 0;     // an entry that did not fit even without bodies and headers
  std::uint64_t cap = 0;          // offline_max_bytes: the oldest segment made room
  std::uint64_t age = 0;          // offline_max_age
  std::uint64_t memory_full = 0;  // no spool and the memory queue at buffer_size
  std::uint64_t closed = 0;       // handed over after close()
  std::uint64_t forked = 0;       // captured in a forked child, which has no spool of its own
  std::uint64_t damaged = 0;      // a committed record whose bytes no longer verify
  std::uint64_t internal = 0;     // out of memory during capture
  std::uint64_t total() const noexcept {
    return oversize + cap + age + memory_full + closed + forked + damaged + internal;
  }
};

// Totals of one kind of storage.
struct Ledger {
  std::uint64_t captured = 0;
  std::uint64_t delivered = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t rejected = 0;
  Drops dropped;
  std::uint64_t pending = 0;
};

struct Stats {
  std::string instance;           // 32 hex digits: name of this process's spool directory; empty before start()
  Ledger spool;                   // exact across SIGKILL
  Ledger memory;                  // entries that only ever stood in memory
  std::uint64_t excluded = 0;     // exchanges that exclude_paths left out; not captured
  std::uint64_t refused = 0;      // infrastructure entries of an unknown level; not captured
  std::uint64_t unconfirmed = 0;  // part of delivered: the platform answered without verdicts
  std::uint64_t recovered = 0;    // entries of dead processes that this one has shipped; in their ledgers, not in this
  // Rejected entries that this process has kept in the folder `deadletter`, and those of which no copy could be kept or
  // whose copy had to make room for a newer one. Both are in `rejected` of the ledger of whoever captured them.
  std::uint64_t dead_letters = 0;
  std::uint64_t dead_letters_lost = 0;
  std::uint64_t batches_sent = 0;
  std::uint64_t send_failures = 0;
  bool destination_down = false;
  bool parked = false;  // the platform refuses us for a reason that retrying does not mend (keys, address)
};

}  // namespace v1
}  // namespace logs_sdk

#endif  // LOGS_SDK_STATS_H_
