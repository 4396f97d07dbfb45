// SqliteReader: the reading half of the embedded store, on a connection of its own. Readers see what is committed and
// never hold up the writer (WAL).
//
// One thread at a time per reader.
#ifndef LOGS_SERVER_STORE_SQLITE_READER_H_
#define LOGS_SERVER_STORE_SQLITE_READER_H_

#include <memory>
#include <string>

#include "server/store/document_codec.h"
#include "server/store/sqlite_connection.h"
#include "server/store/store.h"

namespace logs_server {

class SqliteReader {
 public:
  static Result<std::unique_ptr<SqliteReader>> open(const std::string& path);
  // For a process that does not own the store, whether a server runs on it or not; the file stays as it is.
  // kConfiguration, with what to do: no store of this version, or no right to read it.
  static Result<std::unique_ptr<SqliteReader>> open_read_only(const std::string& path);

  // As Store has them.
  Result<std::optional<StoredEntry>> find(const logs_sdk::Uuid& uuid, std::optional<std::string_view> project_slug);
  Status scan(const ScanRange& range, const std::function<bool(const ScannedEntry&)>& visit);
  Status scan_arrivals(std::uint64_t after_uid, const std::function<bool(const ScannedEntry&)>& visit);
  Result<std::uint64_t> last_uid();
  Result<std::vector<ClientRecord>> clients(std::optional<std::string_view> project_slug);
  Result<std::uint64_t> count();

 private:
  Status visit_rows(SqliteStatement& rows, const std::function<bool(const ScannedEntry&)>& visit);
  explicit SqliteReader(std::unique_ptr<SqliteConnection> connection) : connection_(std::move(connection)) {}
  Status prepare();

  std::unique_ptr<SqliteConnection> connection_;
  SqliteStatement scan_all_, scan_project_, scan_arrivals_, find_any_, find_in_project_;
  DocumentUnpacker unpacker_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_SQLITE_READER_H_
