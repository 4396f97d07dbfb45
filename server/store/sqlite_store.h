// SqliteStore: the embedded store. One SQLite file in write-ahead-log mode, `<folder>/store.db`.
//
// Thread-safety: every call from any thread. Appends take turns; readers have connections of their own and run beside
// them. Documents are compressed before the turn begins.
// Ownership: one SqliteStore owns its folder, by a lock, until destroyed.
// Durability: append() returns after the log has been flushed to the device (synchronous = FULL). A process killed in
// the middle of an append leaves all of its entries or none.
#ifndef LOGS_SERVER_STORE_SQLITE_STORE_H_
#define LOGS_SERVER_STORE_SQLITE_STORE_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/store/folder_lock.h"
#include "server/store/sqlite_reader.h"
#include "server/store/sqlite_writer.h"
#include "server/store/store.h"
#include "server/store/write_health.h"

namespace logs_server {

class SqliteStore final : public Store {
 public:
  // Makes the folder (0700, its parent must exist) and the file where they are missing. kConfiguration: another server
  // holds the folder, rights, a file of another program or of a newer version. kGiveUp: the file is damaged. A file
  // that is refused is left as it is.
  // `on_change`: told when appends begin to fail, and when they work again. `clock` outlives the store.
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& folder, WriteHealth::OnChange on_change = {},
                                                   const logs_sdk::Clock& clock = logs_sdk::system_clock());

  using Store::append;
  Result<std::vector<AppendVerdict>> append(std::span<const NewEntry> entries,
                                            std::span<const ClientPost> posts) override;
  Result<std::optional<StoredEntry>> find(const logs_sdk::Uuid& uuid,
                                          std::optional<std::string_view> project_slug) override;
  Status scan(const ScanRange& range, const std::function<bool(const ScannedEntry&)>& visit) override;
  Status scan_arrivals(std::uint64_t after_uid, const std::function<bool(const ScannedEntry&)>& visit) override;
  Result<std::uint64_t> last_uid() override;
  Result<std::vector<ClientRecord>> clients(std::optional<std::string_view> project_slug) override;
  Status check() override;
  Result<std::uint64_t> count() override;

 private:
  SqliteStore(std::string path, std::unique_ptr<FolderLock> lock, std::unique_ptr<SqliteWriter> writer,
              WriteHealth::OnChange on_change, const logs_sdk::Clock& clock);
  Result<std::unique_ptr<SqliteReader>> take_reader();
  void give_back(std::unique_ptr<SqliteReader> reader);

  // Constant after construction. The lock outlives the connections.
  const std::string path_;
  const std::unique_ptr<FolderLock> lock_;
  WriteHealth health_;
  std::mutex append_mutex_;
  const std::unique_ptr<SqliteWriter> writer_;  // used under append_mutex_
  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<SqliteReader>> idle_readers_;  // guarded by readers_mutex_
};

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_SQLITE_STORE_H_
