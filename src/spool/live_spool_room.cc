// What a LiveSpool does about room: preparing segments ahead, using them again, the cap and the age of records. All of
// it with the mutex held.
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "src/spool/live_spool.h"
#include "src/spool/mutants.h"
#include "src/spool/orphan_directory.h"

namespace logs_sdk::inline v1 {
namespace {

using std::chrono::seconds;

constexpr auto kMeasureInterval = seconds(1);  // how long a cap that others exceed can stay unnoticed
constexpr auto kExpiryInterval = seconds(10);
constexpr std::uint64_t kMinSegments = 2;  // one that is written, one that is ready

}  // namespace

// Puts the totals of a segment into the ledger, what is pending as dropped for `reason`. After that the file is
// nothing.
Status LiveSpool::fold_away(SegmentBook& book, DropReason reason) {
  LedgerTotals totals = book.totals();
  totals.dropped[static_cast<std::size_t>(reason)] += totals.pending();
  if (mutant(Mutant::kRemoveBeforeFold)) {
    unlinkat(state_->home->directory.fd(), segment_name(book.number()).c_str(), 0);
    return {};
  }
  return state_->home->ledger->fold(book.number(), totals);
}

SegmentBook* LiveSpool::oldest_complete() {
  for (auto& [number, book] : state_->home->shelf.books()) {
    if (book.complete() && !state_->home->shelf.lent(number)) return &book;
  }
  return nullptr;
}

bool LiveSpool::usable_again(const SegmentBook& book) const {
  return book.complete() && book.all_settled() && !state_->home->shelf.lent(book.number());
}

void LiveSpool::release_settled() {
  Home& home = *state_->home;
  for (auto place = home.shelf.books().begin(); place != home.shelf.books().end();) {
    SegmentBook& book = place->second;
    if (!usable_again(book) || !fold_away(book, DropReason::kInternal).ok()) {
      ++place;
      continue;
    }
    unlinkat(home.directory.fd(), segment_name(book.number()).c_str(), 0);
    place = home.shelf.books().erase(place);
  }
}

std::uint64_t LiveSpool::ready() const noexcept {
  return state_->prepared_end - position_.load(std::memory_order_acquire);
}

// Of what dead letters leave of the cap, this process's part.
std::uint64_t LiveSpool::share_bytes() const {
  const std::uint64_t letters = std::min(state_->space.dead_letter_bytes, options_.max_bytes);
  return (options_.max_bytes - letters) / state_->space.owners;
}

std::uint64_t LiveSpool::segment_limit() const {
  if (mutant(Mutant::kCapIgnoresPreallocation)) return options_.max_bytes / segment_bytes_ + 1 + ahead();
  return std::max(kMinSegments, share_bytes() / segment_bytes_);
}

std::uint64_t LiveSpool::ahead() const {
  return std::clamp<std::uint64_t>(share_bytes() / segment_bytes_ / 4, 1, kMaxAhead);
}

void LiveSpool::measure(const Now& now) {
  if (!is_due(state_->next_measure, now.steady, kMeasureInterval)) return;
  state_->space = measure_project(state_->home->project.get(), state_->home->directory.name(), held_->names());
  if (state_->space.bytes > options_.max_bytes) orphans_make_room(state_->space.bytes - options_.max_bytes, now);
}

// Orphans are the oldest there is, as a rule; they yield before what is being captured now does.
void LiveSpool::orphans_make_room(std::uint64_t bytes, const Now& now) {
  Home& home = *state_->home;
  const SegmentBook* own = oldest_complete();
  const std::int64_t own_wall_us =
      own != nullptr && own->header() ? own->header()->created_wall_us : std::numeric_limits<std::int64_t>::max();
  auto& orphans = state_->space.orphans;
  while (bytes > 0 && !orphans.empty() && orphans.front().oldest_wall_us <= own_wall_us) {
    std::uint64_t freed = 0;
    const auto trim = [&](OrphanDirectory& orphan) { freed = orphan.make_room(bytes); };
    const std::string& name = orphans.front().name;
    if (!held_->with(name, trim)) freed = trim_orphan(home.project.get(), name, bytes);
    if (freed > 0) note_cap(now);
    if (freed < bytes) orphans.erase(orphans.begin());  // nothing is left in it, or it lives
    bytes -= std::min(bytes, freed);
    state_->space.bytes -= std::min(state_->space.bytes, freed);
  }
}

void LiveSpool::note_cap(const Now& now) {
  if (!state_->cap_episode) {
    say("spool_cap", "the spool is at its limit of " + std::to_string(options_.max_bytes) +
                         " bytes; the oldest entries make room and are counted as dropped");
  }
  state_->cap_episode = now.steady;
}

void LiveSpool::make_room(const Now& now) {
  if (state_->cap_episode && now.steady - *state_->cap_episode >= kCalmInterval) state_->cap_episode.reset();

  Home& home = *state_->home;
  while (home.shelf.books().size() > segment_limit()) {
    SegmentBook* book = oldest_complete();
    if (book == nullptr || !fold_away(*book, DropReason::kCap).ok()) return;
    if (!book->all_settled()) note_cap(now);
    unlinkat(home.directory.fd(), segment_name(book->number()).c_str(), 0);
    home.shelf.remove(book->number());
  }
}

void LiveSpool::prepare_ahead(const Now& now) {
  for (auto& writer : writers_) {
    if (ready() > ahead()) return;
    if (writer->idle() && !prepare_one(*writer, now)) return;
  }
}

bool LiveSpool::prepare_one(SegmentWriter& writer, const Now& now) {
  auto file = obtain_file(now);
  if (!file.ok()) {
    if (!std::exchange(state_->unavailable_said, true)) {
      say("spool_unavailable", "no further spool segment, entries are kept in memory: " + file.status().message());
    }
    return false;
  }
  state_->unavailable_said = false;
  SegmentBook& book = state_->home->shelf.add(file.value().header());
  if (file.value().data() != nullptr) book.show({file.value().data(), segment_bytes_});
  writer.open(std::move(file).value());
  const std::uint64_t position = state_->prepared_end++;
  const auto index = static_cast<std::uint64_t>(
      std::find_if(writers_.begin(), writers_.end(), [&](const auto& each) { return each.get() == &writer; }) -
      writers_.begin());
  ring_[position % kRing].store(position << 8 | index, std::memory_order_release);
  return true;
}

// By preference a settled segment's file, which is allocated already; then a new one; at the limit the oldest.
Result<SegmentFile> LiveSpool::obtain_file(const Now& now) {
  Home& home = *state_->home;
  auto& books = home.shelf.books();
  auto reused =
      std::find_if(books.begin(), books.end(), [this](const auto& entry) { return usable_again(entry.second); });
  if (reused == books.end()) {
    if (state_->space.bytes + segment_bytes_ > options_.max_bytes && books.size() < segment_limit()) {
      orphans_make_room(state_->space.bytes + segment_bytes_ - options_.max_bytes, now);
    }
    const bool no_space = state_->space.bytes + segment_bytes_ > options_.max_bytes;
    const bool full = books.size() >= segment_limit() || (no_space && !mutant(Mutant::kCapIgnoresPreallocation));
    if (!full || books.size() < kMinSegments) return create_file(now);
    SegmentBook* oldest = oldest_complete();
    if (oldest == nullptr) return Status(Code::kRetry, "every segment is in use");
    reused = books.find(oldest->number());
    note_cap(now);
  }
  if (Status status = fold_away(reused->second, DropReason::kCap); !status.ok()) return status;
  const std::uint64_t number = reused->first;
  MappedFile mapping = reused->second.take_mapping();
  books.erase(reused);
  auto recycled = SegmentFile::recycle(home.directory.fd(), number, next_header(now), home.map, std::move(mapping));
  if (recycled.ok()) return recycled;
  unlinkat(home.directory.fd(), segment_name(number).c_str(), 0);  // removed, cut short, or unwritable: a new one
  return create_file(now);
}

Result<SegmentFile> LiveSpool::create_file(const Now& now) {
  if (state_->next_create && now.steady < *state_->next_create) return Status(Code::kRetry, "tried a moment ago");
  auto created = SegmentFile::create(state_->home->directory.fd(), next_header(now), state_->home->map);
  if (created.ok()) {
    state_->space.bytes += segment_bytes_;
    state_->next_create.reset();
  } else {
    state_->next_create = now.steady + kRetryInterval;  // a full disk is asked now and then, not ten times a second
  }
  return created;
}

SegmentHeader LiveSpool::next_header(const Now& now) {
  SegmentHeader header;
  header.segment_bytes = segment_bytes_;
  header.instance = instance_;
  header.number = state_->next_number++;
  header.boot_id = now.boot_id;
  header.created_wall_us = now.wall.time_since_epoch().count();
  header.created_steady_us = steady_microseconds(now.steady);
  header.records_begin = records_begin(segment_bytes_);
  return header;
}

void LiveSpool::expire(const Now& now) {
  if (!is_due(state_->next_expiry, now.steady, kExpiryInterval)) return;
  for (auto& [number, book] : state_->home->shelf.books()) {
    const auto bound = expiry_bound(*book.header(), now, options_.max_age);
    if (bound) state_->home->shelf.settle_older(book, *bound, Fate::kDroppedAge);
  }
  for (const OrphanSpace& orphan : state_->space.orphans) {
    const WallTime changed{std::chrono::microseconds(orphan.oldest_wall_us)};
    if (now.wall - changed > options_.max_age) {
      const auto expire = [&](OrphanDirectory& held) { held.expire(now, options_.max_age); };
      if (!held_->with(orphan.name, expire)) {
        expire_orphan(state_->home->project.get(), orphan.name, now, options_.max_age);
      }
    }
  }
}

}  // namespace logs_sdk::inline v1
