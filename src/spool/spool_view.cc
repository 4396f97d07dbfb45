#include "src/spool/spool_view.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <span>
#include <utility>

#include "src/base/file_system.h"
#include "src/spool/dead_letters.h"
#include "src/spool/instance_directory.h"
#include "src/spool/ledger_file.h"
#include "src/spool/segment_book.h"
#include "src/spool/segment_format.h"
#include "src/spool/segment_scan.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxNames = 65536;        // in one directory: a directory is outside input
constexpr std::size_t kMaxLineBytes = 2 << 20;  // an entry is at most a quarter of a segment
constexpr std::size_t kPieceBytes = 64 << 10;   // read at once
constexpr std::int64_t kMicrosecondsPerTenth = 100'000;

// Beginning with `limit` bytes at most; empty where there is no such file.
Result<std::vector<std::byte>> file_bytes(int directory, const std::string& name, std::uint64_t limit) {
  const auto file = open_file(directory, name, O_RDONLY);
  if (!file.ok()) return file.status();
  const auto size = file_size(file.value().get());
  if (!size.ok()) return size.status();
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::min(size.value(), limit)));
  const auto got = read_at(file.value().get(), bytes.data(), bytes.size(), 0);
  if (!got.ok()) return got.status();
  bytes.resize(got.value());
  return bytes;
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

LedgerContents read_ledger(int directory, const Uuid& instance) {
  const auto bytes = file_bytes(directory, kLedgerName, kLedgerBytes);
  return parse_ledger(bytes.ok() ? std::span(bytes.value()) : std::span<const std::byte>(), instance);
}

std::vector<std::uint64_t> segment_numbers(int directory) {
  std::vector<std::uint64_t> numbers;
  const auto names = list_directory(directory, kMaxNames);
  if (!names.ok()) return numbers;
  for (const std::string& name : names.value()) {
    if (const auto number = segment_number(name)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// One instance directory while it is looked at.
class Look {
 public:
  Look(int directory, const Uuid& instance, const std::function<void(const PendingRecord&)>& visit)
      : directory_(directory), instance_(instance), visit_(visit) {}

  void run(InstanceView& view) {
    const LedgerContents before = read_ledger(directory_, instance_);
    for (const std::uint64_t number : segment_numbers(directory_)) {
      if (folded(before.slot, number)) continue;  // counted, and killed before its removal
      ++view.segments;
      if (!look_at(number)) ++view.unreadable;
    }
    // A segment that its owner has folded while we looked is in the ledger of now.
    const LedgerContents after = read_ledger(directory_, instance_);
    view.totals = totals_of(after);
    for (const auto& [number, totals] : totals_) {
      if (!folded(after.slot, number)) view.totals += totals;
    }
  }

 private:
  bool look_at(std::uint64_t number) {
    const auto bytes = file_bytes(directory_, segment_name(number), kMaxSegmentBytes);
    if (!bytes.ok()) return false;
    SegmentBook book(number, segment_seed(instance_, number), scan_segment(bytes.value(), instance_, number));
    totals_[number] = book.totals();
    if (!visit_) return true;
    for (const SegmentBook::Entry& entry : book.entries()) {
      if (entry.fate == Fate::kNone) visit_(record_of(book, entry, bytes.value()));
    }
    return true;
  }

  static PendingRecord record_of(const SegmentBook& book, const SegmentBook::Entry& entry,
                                 std::span<const std::byte> bytes) {
    PendingRecord record{.stream = entry.stream,
                         .payload = text_of(bytes.subspan(entry.offset + kRecordHeaderBytes, entry.length))};
    if (book.header()) record.written_at_us = book.header()->created_wall_us + entry.age_tenths * kMicrosecondsPerTenth;
    return record;
  }

  const int directory_;
  const Uuid instance_;
  const std::function<void(const PendingRecord&)>& visit_;
  std::map<std::uint64_t, LedgerTotals> totals_;  // of the segments, by number
};

// Cuts what is read piece by piece into lines.
class Lines {
 public:
  explicit Lines(std::function<void(std::string_view)> visit) : visit_(std::move(visit)) {}

  void add(std::string_view piece) {
    for (std::size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
      append(piece.substr(0, end));
      give();
      piece.remove_prefix(end + 1);
    }
    append(piece);
  }
  // A kill may have left the last line without its end.
  void end() {
    if (!line_.empty() || too_long_) give();
  }

 private:
  void append(std::string_view part) {
    too_long_ = too_long_ || line_.size() + part.size() > kMaxLineBytes;
    if (!too_long_) line_.append(part);
  }
  void give() {
    visit_(too_long_ ? std::string_view() : line_);
    line_.clear();
    too_long_ = false;
  }

  const std::function<void(std::string_view)> visit_;
  std::string line_;
  bool too_long_ = false;
};

Status read_lines(int directory, const std::string& name, Lines& lines) {
  const auto file = open_file(directory, name, O_RDONLY);
  if (!file.ok()) return file.status();
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0;;) {
    const auto got = read_at(file.value().get(), piece.data(), piece.size(), at);
    if (!got.ok()) return got.status();
    if (got.value() == 0) break;
    lines.add(std::string_view(piece).substr(0, got.value()));
    at += got.value();
  }
  lines.end();
  return {};
}

}  // namespace

Result<std::vector<std::string>> spool_instances(int project) {
  auto names = list_directory(project, kMaxNames);
  if (!names.ok()) return names.status();
  std::vector<std::string> instances;
  for (std::string& name : names.value()) {
    const auto instance = Uuid::parse(name);
    if (instance && name.size() == 32) instances.push_back(std::move(name));
  }
  return instances;
}

Result<InstanceView> view_instance(int project, const std::string& name,
                                   const std::function<void(const PendingRecord&)>& visit) {
  const auto instance = Uuid::parse(name);
  if (!instance) return Status(Code::kInput, name + " is no instance");
  const auto directory = open_directory(project, name);
  if (!directory.ok()) {
    struct stat status {};
    const bool gone = fstatat(project, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
    return gone ? Status(Code::kRetry, name + " has been removed") : directory.status();
  }
  InstanceView view;
  view.name = name;
  view.owned = InstanceDirectory::owned(project, name);
  const auto identity = file_bytes(directory.value().get(), kLockName, kLedgerBytes);
  if (identity.ok()) view.owner = decode(text_of(identity.value()));
  Look(directory.value().get(), *instance, visit).run(view);
  return view;
}

Status view_dead_letters(int project,
                         const std::function<void(const std::string& file, std::string_view line)>& visit) {
  const auto folder = open_directory(project, kDeadLetterFolder);
  if (!folder.ok()) return {};  // none was ever written
  const auto names = list_directory(folder.value().get(), kMaxNames);
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) {
    if (!is_dead_letter_file(name)) continue;
    Lines lines([&](std::string_view line) { visit(name, line); });
    if (Status read = read_lines(folder.value().get(), name, lines); !read.ok()) return read;
  }
  return {};
}

}  // namespace logs_sdk::inline v1
