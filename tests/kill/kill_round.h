// One round of the kill test: a victim process appends, reads, settles and recycles with all its threads, is killed at
// a random moment, and its directory is recovered and compared with what the victim had noted.
//
// The oracle lies outside the victim, in memory that both processes share and a kill cannot take back. For each entry
// it holds four notes: "attempted" before append() is called, "accepted" after it returned kSpooled, "settling" before
// settle() is called, "settled" after it returned. From them follows exactly what recovery may find:
//
//     accepted, not settling            found once, with the right bytes
//     settled                           not found
//     settling, not settled             found or not
//     attempted, not accepted           found or not: the kill fell between commit and return, or before the commit
//     not attempted                     not found
#ifndef LOGS_SDK_TESTS_KILL_KILL_ROUND_H_
#define LOGS_SDK_TESTS_KILL_KILL_ROUND_H_

#include <cstdint>
#include <string>

#include "src/base/random.h"

namespace logs_sdk::inline v1 {

struct KillOptions {
  bool map_segments = true;
  std::uint64_t max_bytes = 50u << 20;  // small: the cap drops segments while the victim runs
  std::uint32_t max_run_us = 20'000;    // the kill comes at a uniformly random time up to it
  std::uint32_t payload_bytes = 3000;   // at most; long ones are more often hit halfway
};

struct KillCounts {
  std::uint64_t accepted = 0;
  std::uint64_t settled = 0;
  std::uint64_t recovered = 0;
  std::uint64_t dropped = 0;     // by the cap, counted in the ledger
  std::uint64_t lost = 0;        // accepted, and neither found nor settled nor within what was dropped
  std::uint64_t wrong = 0;       // found with bytes that were never appended
  std::uint64_t duplicated = 0;  // found twice
  std::uint64_t revived = 0;     // found although settled
  std::uint64_t unbalanced = 0;  // ledger that does not agree with the notes
  std::uint64_t failures() const { return lost + wrong + duplicated + revived + unbalanced; }
  KillCounts& operator+=(const KillCounts& other);
};

// Runs one round in a folder of its own. The calling process must have one thread only (it forks).
KillCounts run_kill_round(const KillOptions& options, Random& random);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTS_KILL_KILL_ROUND_H_
