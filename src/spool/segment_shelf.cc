#include "src/spool/segment_shelf.h"

#include <fcntl.h>

#include <algorithm>
#include <optional>

namespace logs_sdk::inline v1 {

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
  std::optional<Stream> stream;
  std::size_t bytes = 0;
  for (auto& [number, book] : books_) {
    if (!book.anything_to_give()) continue;
    for (SegmentBook::Entry& entry : book.entries()) {
      if (entry.given || entry.fate != Fate::kNone || entry.stream != stream.value_or(entry.stream)) continue;
      stream = entry.stream;
      if (!picks.empty() && bytes + entry.length > limits.max_bytes) return picks;
      picks.push_back({&book, &entry});
      bytes += entry.length;
      if (picks.size() >= limits.max_records) return picks;
    }
  }
  return picks;
}

std::vector<Record> SegmentShelf::read(const BatchLimits& limits) {
  // A batch that turns out to be nothing but damage is no reason to report the end.
  while (true) {
    const std::vector<Pick> picks = choose(limits);
    if (picks.empty()) return {};
    std::vector<Record> records = fetch(picks);
    if (!records.empty()) return records;
  }
}

std::vector<Record> SegmentShelf::fetch(std::span<const Pick> picks) {
  std::size_t total = 0;
  for (const Pick& pick : picks) total += record_bytes(pick.entry->length);
  buffer_.resize(total);
  std::vector<Record> records;
  records.reserve(picks.size());
  SegmentBook* open_book = nullptr;
  FileDescriptor file;
  std::size_t at = 0;
  for (const auto& [book, entry] : picks) {
    if (book != open_book) {
      if (open_book != nullptr) write_lines(*open_book);
      auto opened = open_file(directory_, segment_name(book->number()), O_RDONLY);
      file = opened.ok() ? std::move(opened).value() : FileDescriptor();
      open_book = book;
    }
    const std::size_t size = record_bytes(entry->length);
    const auto got = read_at(file.get(), buffer_.data() + at, size, entry->offset);
    const std::span<const std::byte> bytes(buffer_.data() + at, got.ok() ? got.value() : 0);
    const auto view = view_record(bytes, entry->offset, book->seed());
    book->give(*entry);
    if (view && view->state == RecordState::kIntact) {
      records.push_back({{book->number(), entry->offset}, entry->stream, view->payload});
    } else {
      book->settle(*entry, Fate::kDroppedDamaged);
    }
    at += size;
  }
  write_lines(*open_book);
  return records;
}

void SegmentShelf::rewind() noexcept {
  for (auto& [number, book] : books_) book.rewind();
}

void SegmentShelf::settle(std::span<const RecordId> records, Fate fate) {
  SegmentBook* last = nullptr;
  for (const RecordId& id : records) {
    const auto place = books_.find(id.segment);
    if (place == books_.end()) continue;  // dropped meanwhile to make room, and counted
    SegmentBook& book = place->second;
    if (last != nullptr && last != &book) write_lines(*last);
    last = &book;
    if (SegmentBook::Entry* entry = book.find(id.offset)) book.settle(*entry, fate);
  }
  if (last != nullptr) write_lines(*last);
}

void SegmentShelf::write_lines(SegmentBook& book) {
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
