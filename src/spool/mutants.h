// Seeded faults of the spool's protocol, to prove that the tests would notice them. In the library as shipped mutant()
// is the constant false and costs nothing; the test build (LOGS_SDK_SPOOL_MUTANTS) asks a global that the test sets.
#ifndef LOGS_SDK_SPOOL_MUTANTS_H_
#define LOGS_SDK_SPOOL_MUTANTS_H_

#include <cstdint>
#ifdef LOGS_SDK_SPOOL_MUTANTS
#include <functional>
#endif

namespace logs_sdk::inline v1 {

enum class Mutant : std::uint8_t {
  kNone,
  kCommitBeforePayload,      // the commit word is stored before the bytes that it vouches for
  kNoCommitCheck,            // a reader trusts the header alone
  kNoPayloadChecksum,        // a reader does not compare the checksum
  kNoNumberInChecksum,       // recycled segments share their checksums' seed
  kNoNumberInSettleTag,      // settle lines of an earlier life count
  kReaderStopsAtHole,        // nothing behind the first unreadable slot is found
  kFoldForgetsNumber,        // the ledger does not note which segment it has counted
  kRemoveBeforeFold,         // a segment goes before its totals are in the ledger
  kUnlockInChild,            // a forked child unlocks instead of closing
  kNoInodeCheck,             // whoever locks some file named owner.lock owns the directory
  kIgnoreLiveIdentity,       // a free lock is enough, even if its owner is provably alive
  kSettleOverwrites,         // a second verdict replaces the first
  kReuseWithAppendInside,    // a segment is recycled although an append has not returned
  kOversizeAccepted,         // a record larger than a quarter of the segment is written
  kCapIgnoresPreallocation,  // only what is written counts towards the cap
};

#ifdef LOGS_SDK_SPOOL_MUTANTS
inline Mutant g_mutant = Mutant::kNone;  // set by the test before it opens a spool
inline bool mutant(Mutant which) noexcept { return g_mutant == which; }
// What happens, in a test, between taking a lock and looking whether its file is still the right one.
inline std::function<void()> g_before_inode_check;
inline void before_inode_check() {
  if (g_before_inode_check) g_before_inode_check();
}
#else
constexpr bool mutant(Mutant) noexcept { return false; }
constexpr void before_inode_check() noexcept {}
#endif

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_MUTANTS_H_
