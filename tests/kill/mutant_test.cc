// Proves that the tests can fail. Each seeded fault of the spool's protocol (src/spool/mutants.h) is switched on in
// turn and has to be caught by the check that is named for it; without a fault every check has to pass.
//
// The checks restate, as short as they can be, what the spool's own tests check at length; they are built with a copy
// of the spool that has the switches.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "src/base/crc32c.h"
#include "src/spool/instance_directory.h"
#include "src/spool/ledger_file.h"
#include "src/spool/mutants.h"
#include "src/spool/segment_scan.h"
#include "src/spool/segment_writer.h"
#include "src/spool/spool.h"
#include "testing/file_bytes.h"
#include "testing/manual_clock.h"
#include "testing/seeded_random.h"
#include "testing/temporary_folder.h"
#include "tests/kill/kill_round.h"

namespace logs_sdk::inline v1 {
namespace {

namespace fs = std::filesystem;

const Uuid kInstance = *Uuid::parse("000102030405060708090a0b0c0d0e0f");
constexpr const char* kName = "000102030405060708090a0b0c0d0e0f";

SegmentHeader header(std::uint64_t number) {
  SegmentHeader made;
  made.segment_bytes = kMinSegmentBytes;
  made.instance = kInstance;
  made.number = number;
  made.records_begin = records_begin(kMinSegmentBytes);
  return made;
}

SegmentScan scan_file(const TemporaryFolder& folder, std::uint64_t number) {
  const std::string bytes = file_bytes(folder.file(segment_name(number)));
  return scan_segment(std::as_bytes(std::span(bytes.data(), bytes.size())), kInstance, number);
}

// A segment with a few records, written by the real writer.
class Segment {
 public:
  explicit Segment(bool map = true) : writer_(kMinSegmentBytes) {
    writer_.open(SegmentFile::create(directory_.get(), header(1), map).value());
  }
  void append(const std::string& payload) { writer_.append(1, 0, payload); }
  void damage(std::size_t at, char byte) {
    const int fd = writer_.file().fd();
    static_cast<void>(pwrite(fd, &byte, 1, static_cast<off_t>(at)));
  }
  std::size_t intact(std::uint64_t number = 1) const {
    std::size_t count = 0;
    for (const ScannedRecord& record : scan_file(folder_, number).records) count += record.fate == Fate::kNone;
    return count;
  }
  TemporaryFolder folder_;
  FileDescriptor directory_ = open_directory(AT_FDCWD, folder_.path()).value();
  SegmentWriter writer_;
};

constexpr std::size_t kFirst = 4096;  // offset of the first record of such a segment

bool kill_rounds_balance() {
  SeededRandom random;
  // About one round in 65 is killed within the copy of a payload, and the first such ends this: of 600, all of them
  // miss it once in ten thousand times.
  const int rounds = mutant(Mutant::kCommitBeforePayload) ? 600 : 60;
  for (int round = 0; round < rounds; ++round) {
    KillOptions options;
    options.payload_bytes = 60'000;
    if (run_kill_round(options, random).failures() > 0) return false;
  }
  return true;
}

bool torn_record_is_not_shipped() {
  Segment segment;
  segment.append(std::string(100, 'a'));
  for (std::size_t at = 0; at < 8; ++at) segment.damage(kFirst + record_bytes(100) - 8 + at, '\0');
  return segment.intact() == 0;
}

bool flipped_byte_is_not_shipped() {
  Segment segment;
  segment.append("payload");
  segment.damage(kFirst + kRecordHeaderBytes, 'X');
  return segment.intact() == 0;
}

bool earlier_life_is_not_shipped() {
  Segment segment;
  segment.append("old");
  segment.writer_.seal();
  static_cast<void>(segment.writer_.close());
  static_cast<void>(SegmentFile::recycle(segment.directory_.get(), 1, header(2), true, {}).ok());
  return segment.intact(2) == 0;
}

bool earlier_fate_settles_nothing() {
  const std::uint32_t old_seed = segment_seed(kInstance, 1);
  return settle_tag(old_seed, 0) != settle_tag(segment_seed(kInstance, 2), 0);
}

bool hole_hides_nothing() {
  Segment segment;
  segment.append("lost");
  segment.append("found");
  for (std::size_t at = 0; at < 16; ++at) segment.damage(kFirst + at, '\0');
  return segment.intact() == 1;
}

bool fold_twice_counts_once() {
  const TemporaryFolder folder;
  const auto directory = open_directory(AT_FDCWD, folder.path());
  LedgerFile ledger = LedgerFile::open(directory.value().get(), kInstance, true).value();
  LedgerTotals totals;
  totals.captured = totals.delivered = 3;
  static_cast<void>(ledger.fold(1, totals).ok());
  static_cast<void>(ledger.fold(1, totals).ok());
  return ledger.totals().delivered == 3;
}

// Fills more than the cap, or settles everything, and asks whether the ledger still knows of every record.
class LiveRun {
 public:
  explicit LiveRun(std::uint64_t max_bytes) {
    SpoolOptions options;
    options.project_dir = folder_.path();
    options.max_bytes = max_bytes;
    spool_ = Spool::open(options, clock_, random_);
  }
  void fill(int records) {
    for (int i = 0; i < records; ++i) {
      spooled_ += spool_->append(1, std::string(10'000, 'x')) == Appended::kSpooled;
      if (i % 10 == 9) spool_->maintain();
    }
  }
  std::uint64_t bytes_on_disk() const {
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      if (segment_number(entry.path().filename().string())) bytes += entry.file_size();
    }
    return bytes;
  }
  TemporaryFolder folder_;
  ManualClock clock_;
  SeededRandom random_;
  std::unique_ptr<Spool> spool_;
  std::uint64_t spooled_ = 0;
};

bool dropped_segments_are_counted() {
  LiveRun run(1 << 20);
  run.fill(300);
  return run.spool_->spooled().captured == run.spooled_;
}

bool files_stay_within_the_cap() {
  LiveRun run(1 << 20);
  run.fill(300);
  return run.bytes_on_disk() <= 1u << 20;
}

bool oversize_is_refused() {
  LiveRun run(1 << 20);
  return run.spool_->append(1, std::string(run.spool_->max_record_bytes() + 1, 'x')) == Appended::kDropped;
}

bool first_verdict_stays() {
  LiveRun run(1 << 20);
  run.fill(1);
  const RecordId id = run.spool_->read({})[0].id;
  run.spool_->settle({&id, 1}, Verdict::kRejected);
  run.spool_->settle({&id, 1}, Verdict::kDelivered);
  return run.spool_->spooled().rejected == 1 && run.spool_->spooled().delivered == 0;
}

bool child_does_not_free_the_lock() {
  const TemporaryFolder folder;
  const auto project = open_directory(AT_FDCWD, folder.path());
  auto owner = InstanceDirectory::create(project.value().get(), this_process(kInstance, ""));
  const pid_t child = fork();
  if (child == 0) {
    owner.value().abandon();
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  return InstanceDirectory::owned(project.value().get(), kName);
}

bool free_lock_of_a_living_owner_is_left_alone() {
  const TemporaryFolder folder;
  const auto project = open_directory(AT_FDCWD, folder.path());
  fs::create_directory(folder.file(kName));
  replace_file(folder.file(kName) + "/" + kLockName, encode(this_process(kInstance, "")));
  return !InstanceDirectory::adopt(project.value().get(), kName).ok();
}

// The file is replaced between open and lock: by a second process that removes and makes the directory again.
bool replaced_lock_is_no_claim() {
  const TemporaryFolder folder;
  const auto project = open_directory(AT_FDCWD, folder.path());
  fs::create_directory(folder.file(kName));
  replace_file(folder.file(kName) + "/" + kLockName, "");
  const std::string path = folder.file(kName) + "/" + kLockName;
  g_before_inode_check = [&] { fs::rename(path, path + ".old"), replace_file(path, ""); };
  const bool adopted = InstanceDirectory::adopt(project.value().get(), kName).ok();
  g_before_inode_check = nullptr;
  return !adopted;
}

// A thread that has reserved and not committed: the reservation is taken, as a descheduled thread would leave it.
bool segment_with_an_append_inside_is_not_reused() {
  Segment segment;
  std::uint32_t appended = 0;
  while (segment.writer_.append(1, 0, std::string(50'000, 'x')) == AppendResult::kDone) ++appended;
  const bool drained_when_done = segment.writer_.drained();
  segment.damage(kCommittedOffset, static_cast<char>(appended - 1));  // one append has not finished
  return drained_when_done && !segment.writer_.drained();
}

struct Check {
  Mutant mutant;
  const char* name;
  std::function<bool()> holds;
};

const std::vector<Check>& checks() {
  static const std::vector<Check> kChecks = {
      {Mutant::kCommitBeforePayload, "kill rounds balance", kill_rounds_balance},
      {Mutant::kNoCommitCheck, "a torn record is not shipped", torn_record_is_not_shipped},
      {Mutant::kNoPayloadChecksum, "a flipped byte is not shipped", flipped_byte_is_not_shipped},
      {Mutant::kNoNumberInChecksum, "an earlier life is not shipped", earlier_life_is_not_shipped},
      {Mutant::kNoNumberInSettleTag, "an earlier fate settles nothing", earlier_fate_settles_nothing},
      {Mutant::kReaderStopsAtHole, "a hole hides nothing", hole_hides_nothing},
      {Mutant::kFoldForgetsNumber, "a fold twice counts once", fold_twice_counts_once},
      {Mutant::kRemoveBeforeFold, "dropped segments are counted", dropped_segments_are_counted},
      {Mutant::kUnlockInChild, "a child does not free the lock", child_does_not_free_the_lock},
      {Mutant::kNoInodeCheck, "a replaced lock is no claim", replaced_lock_is_no_claim},
      {Mutant::kIgnoreLiveIdentity, "a free lock of a living owner is left alone",
       free_lock_of_a_living_owner_is_left_alone},
      {Mutant::kSettleOverwrites, "the first verdict stays", first_verdict_stays},
      {Mutant::kReuseWithAppendInside, "a segment with an append inside is not reused",
       segment_with_an_append_inside_is_not_reused},
      {Mutant::kOversizeAccepted, "oversize is refused", oversize_is_refused},
      {Mutant::kCapIgnoresPreallocation, "files stay within the cap", files_stay_within_the_cap},
  };
  return kChecks;
}

// In a process of its own: a fault may crash, which counts as caught.
bool holds_with(Mutant mutant, const Check& check) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    g_mutant = mutant;
    const bool held = check.holds();
    std::fflush(stdout);
    _exit(held ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace
}  // namespace logs_sdk::inline v1

int main() {
  using namespace logs_sdk;
  int caught = 0, failures = 0;
  for (const Check& check : checks()) {
    if (!holds_with(Mutant::kNone, check)) {
      std::printf("FAILED: \"%s\" does not hold without any fault\n", check.name);
      ++failures;
    } else if (holds_with(check.mutant, check)) {
      std::printf("FAILED: fault %d is not caught by \"%s\"\n", static_cast<int>(check.mutant), check.name);
      ++failures;
    } else {
      ++caught;
    }
  }
  std::printf("mutants=%zu caught=%d\n", checks().size(), caught);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
