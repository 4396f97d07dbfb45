#include "server/store/sqlite_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace logs_server {
namespace {

using logs_sdk::Code;

// Connections kept for the next reader; more are opened when more read at once, and closed afterwards.
constexpr std::size_t kMaxIdleReaders = 8;

// A new folder's name is in its parent, which has to reach the device as well.
Status flush_folder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return logs_sdk::errno_status(Code::kConfiguration, folder + ": cannot be opened", errno);
  const int flushed = ::fsync(descriptor);
  const int error_number = errno;
  ::close(descriptor);
  if (flushed == 0) return {};
  return logs_sdk::errno_status(Code::kConfiguration, folder + ": cannot be flushed", error_number);
}

Status make_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) {
    const std::string parent = (std::filesystem::path(folder) / "").parent_path().parent_path().string();
    return flush_folder(parent.empty() ? "." : parent);
  }
  if (errno == EEXIST) {
    std::error_code ignored;
    if (std::filesystem::is_directory(folder, ignored)) return {};
    return {Code::kConfiguration, folder + ": is not a folder; name another with --data-dir"};
  }
  return logs_sdk::errno_status(Code::kConfiguration, folder + ": cannot be made", errno);
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& folder, WriteHealth::OnChange on_change,
                                                       const logs_sdk::Clock& clock) {
  if (Status made = make_folder(folder); !made.ok()) return made;
  auto lock = FolderLock::acquire(folder);
  if (!lock.ok()) return lock.status();
  const std::string path = folder + "/store.db";
  auto writer = SqliteWriter::open(path);
  if (!writer.ok()) return with_advice(writer.status());
  return std::unique_ptr<SqliteStore>(
      new SqliteStore(path, std::move(lock).value(), std::move(writer).value(), std::move(on_change), clock));
}

SqliteStore::SqliteStore(std::string path, std::unique_ptr<FolderLock> lock, std::unique_ptr<SqliteWriter> writer,
                         WriteHealth::OnChange on_change, const logs_sdk::Clock& clock)
    : path_(std::move(path)),
      lock_(std::move(lock)),
      health_(path_, clock, std::move(on_change)),
      writer_(std::move(writer)) {}

Result<std::vector<AppendVerdict>> SqliteStore::append(std::span<const NewEntry> entries,
                                                       std::span<const ClientPost> posts) {
  if (entries.empty() && posts.empty()) return std::vector<AppendVerdict>();
  auto documents = PackedDocuments::pack(entries);
  if (!documents.ok()) return documents.status();
  const std::lock_guard lock(append_mutex_);
  auto verdicts = writer_->append(entries, documents.value(), posts);
  health_.note_append(verdicts.ok() ? Status() : verdicts.status());
  return verdicts;
}

Result<std::optional<StoredEntry>> SqliteStore::find(const logs_sdk::Uuid& uuid,
                                                     std::optional<std::string_view> project_slug) {
  auto reader = take_reader();
  if (!reader.ok()) return reader.status();
  auto found = reader.value()->find(uuid, project_slug);
  give_back(std::move(reader).value());
  return found;
}

Status SqliteStore::scan(const ScanRange& range, const std::function<bool(const ScannedEntry&)>& visit) {
  auto reader = take_reader();
  if (!reader.ok()) return reader.status();
  Status scanned = reader.value()->scan(range, visit);
  give_back(std::move(reader).value());
  return scanned;
}

Result<std::vector<ClientRecord>> SqliteStore::clients(std::optional<std::string_view> project_slug) {
  auto reader = take_reader();
  if (!reader.ok()) return reader.status();
  auto records = reader.value()->clients(project_slug);
  give_back(std::move(reader).value());
  return records;
}

Status SqliteStore::scan_arrivals(std::uint64_t after_uid, const std::function<bool(const ScannedEntry&)>& visit) {
  auto reader = take_reader();
  if (!reader.ok()) return reader.status();
  Status scanned = reader.value()->scan_arrivals(after_uid, visit);
  give_back(std::move(reader).value());
  return scanned;
}

Result<std::uint64_t> SqliteStore::last_uid() {
  auto reader = take_reader();
  if (!reader.ok()) return reader.status();
  auto last = reader.value()->last_uid();
  give_back(std::move(reader).value());
  return last;
}

Status SqliteStore::check() {
  if (Status writable = health_.check(); !writable.ok()) {
    return {writable.code(), "the store cannot write: " + writable.message()};
  }
  // Cheaper than counting: a name that no entry has.
  if (find(logs_sdk::Uuid{}, std::nullopt).ok()) return {};
  return {Code::kRetry, "the store cannot be read"};
}

Result<std::uint64_t> SqliteStore::count() {
  auto reader = take_reader();
  if (!reader.ok()) return reader.status();
  auto counted = reader.value()->count();
  give_back(std::move(reader).value());
  return counted;
}

Result<std::unique_ptr<SqliteReader>> SqliteStore::take_reader() {
  {
    const std::lock_guard lock(readers_mutex_);
    if (!idle_readers_.empty()) {
      std::unique_ptr<SqliteReader> reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
      return reader;
    }
  }
  return SqliteReader::open(path_);
}

void SqliteStore::give_back(std::unique_ptr<SqliteReader> reader) {
  const std::lock_guard lock(readers_mutex_);
  if (idle_readers_.size() < kMaxIdleReaders) idle_readers_.push_back(std::move(reader));
}

}  // namespace logs_server
