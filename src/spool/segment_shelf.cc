#include "src/spool/segment_shelf.h"

#include <fcntl.h>

#include <algorithm>

namespace logs_sdk::inline v1 {
namespace {

// Settled records that are read along rather than ending a run. A batch of 500 reads at most 2 MiB of them, however the
// records lie.
constexpr std::uint32_t kMaxGapBytes = 4096;

template <typename Run>
std::size_t run_bytes(const Run& run) {
  const auto& last = *run.back().entry;
  return last.offset + record_bytes(last.length) - run.front().entry->offset;
}

}  // namespace

SegmentBook& SegmentShelf::add(const SegmentHeader& header) {
  return books_.try_emplace(header.number, header, segment_seed(instance_, header.number)).first->second;
}

Status SegmentShelf::load(std::uint64_t number) {
  auto file = open_file(directory_, segment_name(number), O_RDONLY);
  if (!file.ok()) return file.status();
  auto size = file_size(file.value().get());
  if (!size.ok()) return size.status();
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size.value(), kMaxSegmentBytes)));
  auto got = read_at(file.value().get(), bytes.data(), bytes.size(), 0);
  if (!got.ok()) return got.status();
  bytes.resize(got.value());
  books_.try_emplace(number, number, segment_seed(instance_, number), scan_segment(bytes, instance_, number));
  return {};
}

std::vector<SegmentShelf::Pick> SegmentShelf::choose(const BatchLimits& limits) {
  std::vector<Pick> picks;
  StreamSet streams = limits.streams;
  std::size_t bytes = 0;
  // False: the batch is full.
  const auto offer = [&](SegmentBook& book, SegmentBook::Entry& entry) {
    if (entry.given || entry.fate != Fate::kNone || !streams[entry.stream]) return true;
    if (picks.empty()) streams = StreamSet().set(entry.stream);
    if (!picks.empty() && bytes + entry.length > limits.max_bytes) return false;
    picks.push_back({&book, &entry});
    bytes += entry.length;
    return picks.size() < limits.max_records;
  };
  const auto offer_all_of = [&](Books::value_type& numbered) {
    SegmentBook& book = numbered.second;
    if (!book.anything_to_give()) return true;
    const auto offer_one = [&](SegmentBook::Entry& entry) { return offer(book, entry); };
    auto& entries = book.entries();
    return limits.newest ? std::all_of(entries.rbegin(), entries.rend(), offer_one)
                         : std::all_of(entries.begin(), entries.end(), offer_one);
  };
  if (!limits.newest) {
    static_cast<void>(std::all_of(books_.begin(), books_.end(), offer_all_of));
  } else {
    static_cast<void>(std::all_of(books_.rbegin(), books_.rend(), offer_all_of));
    std::reverse(picks.begin(), picks.end());  // adjoining records are read with one call
  }
  return picks;
}

std::vector<Record> SegmentShelf::read(const BatchLimits& limits) {
  release();
  // A batch that turns out to be nothing but damage is no reason to report the end.
  while (true) {
    const std::vector<Pick> picks = choose(limits);
    if (picks.empty()) return {};
    std::vector<Record> records = fetch(picks);
    if (!records.empty()) return records;
  }
}

bool SegmentShelf::lent(std::uint64_t number) const noexcept {
  return std::find(lent_.begin(), lent_.end(), number) != lent_.end();
}

SegmentShelf::Run SegmentShelf::first_run(std::span<const Pick> picks) {
  std::size_t count = 1;
  const auto end_of = [](const Pick& pick) { return pick.entry->offset + record_bytes(pick.entry->length); };
  while (count < picks.size() && picks[count].book == picks[0].book &&
         picks[count].entry->offset <= end_of(picks[count - 1]) + kMaxGapBytes) {
    ++count;
  }
  return picks.first(count);
}

std::vector<Record> SegmentShelf::fetch(std::span<const Pick> picks) {
  std::vector<Record> records;
  records.reserve(picks.size());
  std::size_t total = 0;
  for (auto rest = picks; !rest.empty();) {
    const Run run = first_run(rest);
    if (run[0].book->bytes().empty()) total += run_bytes(run);
    rest = rest.subspan(run.size());
  }
  if (total > buffer_bytes_) {
    buffer_ = std::make_unique_for_overwrite<std::byte[]>(total);
    buffer_bytes_ = total;
  }
  std::size_t at = 0;
  for (auto rest = picks; !rest.empty();) {
    const Run run = first_run(rest);
    SegmentBook& book = *run[0].book;
    if (book.bytes().empty()) {
      read_run(run, {buffer_.get() + at, run_bytes(run)}, records);
      at += run_bytes(run);
    } else {
      if (!lent(book.number())) lent_.push_back(book.number());
      take_mapped(run, records);
    }
    write_lines(book);
    rest = rest.subspan(run.size());
  }
  return records;
}

void SegmentShelf::read_run(Run run, std::span<std::byte> to, std::vector<Record>& records) {
  const std::uint32_t begin = run[0].entry->offset;
  const auto file = open_file(directory_, segment_name(run[0].book->number()), O_RDONLY);
  const auto got = file.ok() ? read_at(file.value().get(), to.data(), to.size(), begin) : Result<std::size_t>(0);
  const std::span<const std::byte> bytes = to.first(got.ok() ? got.value() : 0);
  for (const Pick& pick : run) {
    take(pick, bytes.subspan(std::min<std::size_t>(bytes.size(), pick.entry->offset - begin)), records);
  }
}

// Written by another core a while ago: the next record is on its way while this one is verified.
void SegmentShelf::take_mapped(Run run, std::vector<Record>& records) {
  const std::span<const std::byte> bytes = run[0].book->bytes();
  for (const Pick& pick : run) {
    const std::byte* const next = bytes.data() + pick.entry->offset + record_bytes(pick.entry->length);
    for (std::uint32_t line = 0; line < pick.entry->length; line += kSlotBytes) __builtin_prefetch(next + line);
    take(pick, bytes.subspan(pick.entry->offset), records);
  }
}

// `bytes` begin with the record, if it is there at all.
void SegmentShelf::take(const Pick& pick, std::span<const std::byte> bytes, std::vector<Record>& records) {
  const auto& [book, entry] = pick;
  const auto view = view_record(bytes, entry->offset, book->seed());
  book->give(*entry);
  if (view && view->state == RecordState::kIntact) {
    records.push_back({{book->number(), entry->offset}, entry->stream, view->payload});
  } else {
    book->settle(*entry, Fate::kDroppedDamaged);
  }
}

void SegmentShelf::rewind() noexcept {
  for (auto& [number, book] : books_) book.rewind();
}

void SegmentShelf::settle(std::span<const RecordId> records, Fate fate) {
  SegmentBook* last = nullptr;
  for (const RecordId& id : records) {
    if (last == nullptr || last->number() != id.segment) {
      const auto place = books_.find(id.segment);
      if (place == books_.end()) continue;  // dropped meanwhile to make room, and counted
      if (last != nullptr) write_lines(*last);
      last = &place->second;
    }
    if (SegmentBook::Entry* entry = last->find(id.offset)) last->settle(*entry, fate);
  }
  if (last != nullptr) write_lines(*last);
}

void SegmentShelf::write_lines(SegmentBook& book) {
  if (!book.lines_due()) return;
  if (!book.bytes().empty()) return book.store_lines();
  // What cannot be written stays due in the book, and is settled for this process all the same. Should the process die
  // before it is written, those records are sent again: in doubt, twice.
  const auto file = open_file(directory_, segment_name(book.number()), O_WRONLY);
  if (file.ok()) static_cast<void>(book.write_lines(file.value().get()).ok());
}

void SegmentShelf::settle_older(SegmentBook& book, std::uint32_t tenths, Fate fate) {
  for (SegmentBook::Entry& entry : book.entries()) {
    if (entry.age_tenths <= tenths) book.settle(entry, fate);
  }
  write_lines(book);
}

LedgerTotals SegmentShelf::totals() const {
  LedgerTotals totals;
  for (const auto& [number, book] : books_) totals += book.totals();
  return totals;
}

}  // namespace logs_sdk::inline v1
