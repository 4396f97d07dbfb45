// SqliteWriter: the writing half of the embedded store: one connection, one transaction per append.
//
// One thread at a time.
#ifndef LOGS_SERVER_STORE_SQLITE_WRITER_H_
#define LOGS_SERVER_STORE_SQLITE_WRITER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/sqlite_clients.h"
#include "server/store/sqlite_connection.h"
#include "server/store/store.h"

namespace logs_server {

// The documents of one append, compressed, back to back. Made before the writer's turn begins.
class PackedDocuments {
 public:
  // kInput: a document is longer than kMaxDocumentBytes.
  static Result<PackedDocuments> pack(std::span<const NewEntry> entries);
  std::string_view operator[](std::size_t index) const;

 private:
  std::string bytes_;
  std::vector<std::size_t> ends_;
};

class SqliteWriter {
 public:
  // Opens the file, makes or checks its schema.
  static Result<std::unique_ptr<SqliteWriter>> open(const std::string& path);
  Result<std::vector<AppendVerdict>> append(std::span<const NewEntry> entries, const PackedDocuments& documents,
                                            std::span<const ClientPost> posts);

 private:
  explicit SqliteWriter(std::unique_ptr<SqliteConnection> connection)
      : connection_(std::move(connection)), clients_(*connection_) {}
  Status prepare();
  Status append_in_transaction(std::span<const NewEntry> entries, const PackedDocuments& documents,
                               std::span<const ClientPost> posts, std::vector<AppendVerdict>& verdicts);
  Status absorb(const ClientPost& post, std::span<const AppendVerdict> verdicts);
  Result<AppendVerdict> append_one(const NewEntry& entry, std::string_view document);
  // Whether the row was new; false: its identity is known.
  Result<bool> insert(std::int64_t project, const NewEntry& entry, std::string_view document);
  // Whether an interrupted entry of this identity made room.
  Result<bool> remove_interrupted(std::int64_t project, const NewEntry& entry);
  Result<std::int64_t> project_id(const std::string& slug);

  std::unique_ptr<SqliteConnection> connection_;
  SqliteStatement begin_, commit_, rollback_, insert_, remove_interrupted_, find_project_, insert_project_;
  SqliteClients clients_;
  std::int64_t last_uid_ = 0;
  std::map<std::string, std::int64_t> project_ids_;  // of committed and of this transaction's projects
};

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_SQLITE_WRITER_H_
