#include "src/spool/orphan_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxNames = 65536;

}  // namespace

OrphanDirectory::OrphanDirectory(InstanceDirectory directory, LedgerFile ledger)
    : directory_(std::move(directory)), ledger_(std::move(ledger)), shelf_(directory_.fd(), directory_.instance()) {}

Result<std::unique_ptr<OrphanDirectory>> OrphanDirectory::open(int project, const std::string& name,
                                                               std::shared_ptr<HeldOrphans> held) {
  auto directory = InstanceDirectory::adopt(project, name);
  if (!directory.ok()) return directory.status();
  // Never mapped: its blocks may not all be there.
  auto ledger = LedgerFile::open(directory.value().fd(), directory.value().instance(), false);
  if (!ledger.ok()) return ledger.status();
  std::unique_ptr<OrphanDirectory> orphan(new OrphanDirectory(std::move(directory).value(), std::move(ledger).value()));
  if (Status status = orphan->load(); !status.ok()) return status;
  if (held != nullptr) {
    held->add(*orphan);
    orphan->held_ = std::move(held);
  }
  return orphan;
}

Status OrphanDirectory::load() {
  const auto names = list_directory(directory_.fd(), kMaxNames);
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) {
    const auto number = segment_number(name);
    if (!number) continue;
    struct stat status = {};
    const bool regular =
        fstatat(directory_.fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode);
    if (!regular || ledger_.folded(*number)) {
      unlinkat(directory_.fd(), name.c_str(), 0);  // a link that we never make; or counted, and killed before removal
    } else if (!shelf_.load(*number).ok()) {
      whole_ = false;  // perhaps readable later: it stays
    }
  }
  release_settled();
  return {};
}

OrphanDirectory::~OrphanDirectory() {
  if (held_ != nullptr) held_->remove(*this);
  release_settled();
  if (whole_ && shelf_.books().empty()) static_cast<void>(directory_.remove().ok());
}

bool OrphanDirectory::fold_and_remove(SegmentBook& book, DropReason reason) {
  LedgerTotals totals = book.totals();
  totals.dropped[static_cast<std::size_t>(reason)] += totals.pending();
  if (!ledger_.fold(book.number(), totals).ok()) return false;
  unlinkat(directory_.fd(), segment_name(book.number()).c_str(), 0);
  return true;
}

void OrphanDirectory::release_settled() {
  auto& books = shelf_.books();
  for (auto place = books.begin(); place != books.end();) {
    const bool gone = place->second.all_settled() && fold_and_remove(place->second, DropReason::kInternal);
    place = gone ? books.erase(place) : std::next(place);
  }
}

std::vector<Record> OrphanDirectory::read(const BatchLimits& limits) {
  const std::lock_guard lock(mutex_);
  return shelf_.read(limits);
}

void OrphanDirectory::rewind() {
  const std::lock_guard lock(mutex_);
  shelf_.rewind();
}

void OrphanDirectory::settle(std::span<const RecordId> records, Verdict verdict) {
  const std::lock_guard lock(mutex_);
  shelf_.settle(records, fate_of(verdict));
  release_settled();
}

LedgerTotals OrphanDirectory::spooled() const {
  const std::lock_guard lock(mutex_);
  LedgerTotals totals = ledger_.totals();
  totals += shelf_.totals();
  return totals;
}

std::uint64_t OrphanDirectory::make_room(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  std::uint64_t freed = 0;
  while (freed < bytes) {
    const std::uint64_t more = drop_oldest();
    if (more == 0) break;
    freed += more;
  }
  return freed;
}

std::uint64_t OrphanDirectory::drop_oldest() {
  if (shelf_.books().empty()) return 0;
  SegmentBook& book = shelf_.books().begin()->second;
  const std::uint64_t bytes = book.segment_bytes();
  if (!fold_and_remove(book, DropReason::kCap)) return 0;
  shelf_.remove(book.number());
  return bytes;
}

void OrphanDirectory::expire(const Now& now, std::chrono::seconds max_age) {
  const std::lock_guard lock(mutex_);
  for (auto& [number, book] : shelf_.books()) {
    if (!book.header()) continue;
    const auto bound = expiry_bound(*book.header(), now, max_age);
    if (bound) shelf_.settle_older(book, *bound, Fate::kDroppedAge);
  }
  release_settled();
}

void expire_orphan(int project, const std::string& name, const Now& now, std::chrono::seconds max_age) {
  const auto orphan = OrphanDirectory::open(project, name);
  if (orphan.ok()) orphan.value()->expire(now, max_age);
}

std::uint64_t trim_orphan(int project, const std::string& name, std::uint64_t bytes) {
  const auto orphan = OrphanDirectory::open(project, name);
  return orphan.ok() ? orphan.value()->make_room(bytes) : 0;
}

}  // namespace logs_sdk::inline v1
