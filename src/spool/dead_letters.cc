#include "src/spool/dead_letters.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "src/base/hex.h"
#include "src/base/rfc3339.h"
#include "src/base/uuid7.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::string_view kSuffix = ".ndjson";
constexpr std::size_t kMaxNames = 65536;

std::string new_file_name(WallTime now) {
  char digits[32];
  next_uuid7(now).to_hex(digits);
  return std::string(digits, sizeof digits) + std::string(kSuffix);
}

struct LetterFile {
  std::string name;
  std::uint64_t bytes;
};

// Oldest first.
std::vector<LetterFile> letter_files(int folder) {
  std::vector<LetterFile> files;
  const auto names = list_directory(folder, kMaxNames);
  if (!names.ok()) return files;
  for (const std::string& name : names.value()) {
    struct stat status = {};
    const bool ours = is_dead_letter_file(name) && fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                      S_ISREG(status.st_mode);
    if (ours) files.push_back({name, static_cast<std::uint64_t>(status.st_size)});
  }
  return files;  // the listing is sorted
}

std::uint64_t total_bytes(const std::vector<LetterFile>& files) {
  std::uint64_t bytes = 0;
  for (const LetterFile& file : files) bytes += file.bytes;
  return bytes;
}

std::uint64_t count_lines(int folder, const std::string& name) {
  const auto file = open_file(folder, name, O_RDONLY);
  if (!file.ok()) return 0;
  std::vector<char> piece(64 << 10);
  std::uint64_t lines = 0;
  for (std::uint64_t at = 0;;) {
    const auto got = read_at(file.value().get(), piece.data(), piece.size(), at);
    if (!got.ok() || got.value() == 0) return lines;
    lines +=
        static_cast<std::uint64_t>(std::count(piece.begin(), piece.begin() + static_cast<long>(got.value()), '\n'));
    at += got.value();
  }
}

void append_string(std::string_view text, std::string& line) {
  line += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') line += '\\';
    line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  line += '"';
}

// At most kMaxDeadLetterReason bytes, cut before a character that would not fit.
std::string_view cut(std::string_view reason) {
  if (reason.size() <= kMaxDeadLetterReason) return reason;
  std::size_t end = kMaxDeadLetterReason;
  while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0) == 0x80) --end;
  return reason.substr(0, end);
}

std::string line_of(const DeadLetter& letter, WallTime now) {
  const Rfc3339 time = rfc3339(now);
  std::string line = "{\"time\":";
  line.reserve(letter.entry.size() + 512);
  append_string(view(time), line);
  line += ",\"instance\":";
  append_string(letter.instance, line);
  line += ",\"stream\":" + std::to_string(letter.stream) + ",\"status\":" + std::to_string(letter.status);
  line += ",\"reason\":";
  append_string(cut(letter.reason), line);
  line += ",\"entry\":";
  const std::size_t entry_begin = line.size();
  line += letter.entry;
  // White space between tokens is all that such a byte can be in JSON, and a line must stay one.
  std::replace_if(
      line.begin() + static_cast<long>(entry_begin), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return line + "}\n";
}

}  // namespace

// 32 hex digits of a UUID 7, so that names sort by age whichever process gave them.
bool is_dead_letter_file(std::string_view name) noexcept {
  return name.size() == 32 + kSuffix.size() && name.ends_with(kSuffix) && is_hex(name.substr(0, 32));
}

DeadLetters::DeadLetters(FindProjectFolder find_project_dir, std::uint64_t max_bytes, Clock& clock)
    : find_project_dir_(std::move(find_project_dir)), limit_(max_bytes / kDeadLetterShare), clock_(clock) {}

Status DeadLetters::keep(const DeadLetter& letter) {
  Status status = append(line_of(letter, clock_.wall()));
  (status.ok() ? kept_ : lost_).fetch_add(1, std::memory_order_relaxed);
  return status;
}

DeadLetters::Counts DeadLetters::counts() const noexcept {
  return {kept_.load(std::memory_order_relaxed), lost_.load(std::memory_order_relaxed)};
}

// Folder and file are found and opened anew for each letter: they are rare, and somebody may have removed either.
Status DeadLetters::append(const std::string& line) {
  const auto place = find_project_dir_();
  if (!place.ok()) return place.status();
  const auto project = open_directory(AT_FDCWD, place.value().path);
  if (!project.ok()) return project.status();
  if (mkdirat(project.value().get(), kDeadLetterFolder, 0700) != 0 && errno != EEXIST) {
    return errno_status(Code::kConfiguration, place.value().path + "/" + kDeadLetterFolder, errno);
  }
  const auto folder = open_directory(project.value().get(), kDeadLetterFolder);
  if (!folder.ok()) return folder.status();
  if (Status status = make_room(folder.value().get(), line.size()); !status.ok()) return status;
  const auto file = open_own(folder.value().get(), line.size());
  if (!file.ok()) return file.status();
  const auto size = file_size(file.value().get());
  if (!size.ok()) return size.status();
  Status written = write_at(file.value().get(), line.data(), line.size(), size.value());
  // Half a line would spoil the next.
  if (!written.ok() && ftruncate(file.value().get(), static_cast<off_t>(size.value())) != 0) file_.clear();
  return written;
}

Status DeadLetters::make_room(int folder, std::size_t bytes) {
  if (bytes > limit_) {
    return Status(Code::kGiveUp, "a dead letter of " + std::to_string(bytes) + " bytes is larger than all may be, " +
                                     std::to_string(limit_));
  }
  const std::vector<LetterFile> files = letter_files(folder);
  std::uint64_t total = total_bytes(files);
  for (const LetterFile& oldest : files) {
    if (total + bytes <= limit_) break;
    const std::uint64_t lines = count_lines(folder, oldest.name);
    if (unlinkat(folder, oldest.name.c_str(), 0) == 0) {
      lost_.fetch_add(lines, std::memory_order_relaxed);
    } else if (errno != ENOENT) {  // another process may have been faster, and counts them
      return errno_status(Code::kConfiguration, "cannot remove the dead letters " + oldest.name, errno);
    }
    total -= oldest.bytes;
  }
  return {};
}

// The file of this process while it stands and has room for `bytes`, else a new one.
Result<FileDescriptor> DeadLetters::open_own(int folder, std::size_t bytes) {
  if (!file_.empty()) {
    auto file = open_file(folder, file_, O_WRONLY);
    const auto size = file.ok() ? file_size(file.value().get()) : Result<std::uint64_t>(file.status());
    if (size.ok() && size.value() + bytes <= limit_ / kDeadLetterFiles) return file;
  }
  file_ = new_file_name(clock_.wall());
  return open_file(folder, file_, O_WRONLY | O_CREAT | O_EXCL);
}

std::uint64_t measure_dead_letters(int project) {
  const auto folder = open_directory(project, kDeadLetterFolder);
  return folder.ok() ? total_bytes(letter_files(folder.value().get())) : 0;
}

}  // namespace logs_sdk::inline v1
