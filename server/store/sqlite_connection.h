// SQLite's C interface behind two owners: a connection and its prepared statements. Failures become Status.
//
// One thread at a time per connection and its statements (opened without SQLite's own mutexes).
#ifndef LOGS_SERVER_STORE_SQLITE_CONNECTION_H_
#define LOGS_SERVER_STORE_SQLITE_CONNECTION_H_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "src/base/status.h"

namespace logs_server {

// Values are bound by reference where SQLite allows it: they must live until the next reset().
class SqliteStatement {
 public:
  SqliteStatement() = default;
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement, &sqlite3_finalize) {}

  void bind(int parameter, std::int64_t value);
  void bind_text(int parameter, std::string_view value);
  void bind_blob(int parameter, std::string_view value);

  // SQLITE_ROW, SQLITE_DONE or an error code.
  int step();
  // Ready to be run again; forgets what was bound.
  void reset();

  std::int64_t column_integer(int column) const;
  // Valid until the next step() or reset().
  std::string_view column_text(int column) const;
  std::string_view column_blob(int column) const;

 private:
  std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement_{nullptr, &sqlite3_finalize};
};

// Resets a statement when the work with it ends, however it ends: a statement left open holds its read lock.
class StatementUse {
 public:
  explicit StatementUse(SqliteStatement& statement) : statement_(statement) {}
  ~StatementUse() { statement_.reset(); }
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;
  SqliteStatement* operator->() const { return &statement_; }
  SqliteStatement& operator*() const { return statement_; }

 private:
  SqliteStatement& statement_;
};

class SqliteConnection {
 public:
  // Creates the file where it is missing. kConfiguration: rights, folder.
  static logs_sdk::Result<std::unique_ptr<SqliteConnection>> open(const std::string& path);
  // A file that is there, which stays as it is; also while another process writes into it. kConfiguration: there is no
  // such file, or no right to the files that readers and writers share beside it.
  static logs_sdk::Result<std::unique_ptr<SqliteConnection>> open_read_only(const std::string& path);
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // One or more statements without results. `what`: what they are for, in the message of a failure; empty: the SQL.
  logs_sdk::Status execute(const char* sql, std::string_view what = {});
  logs_sdk::Result<SqliteStatement> prepare(std::string_view sql);
  // The single integer a query yields; 0 when it yields none or NULL.
  logs_sdk::Result<std::int64_t> query_integer(std::string_view sql);

  // Rows that the last finished INSERT, UPDATE or DELETE changed.
  std::int64_t changes() const { return sqlite3_changes64(database_.get()); }

  // Why the last call on this connection failed. kRetry: full disk, busy, memory, I/O. kConfiguration: rights.
  // kGiveUp: not a database, damaged, or an error of ours.
  logs_sdk::Status failure(std::string_view what) const;
  const std::string& path() const { return path_; }

 private:
  static logs_sdk::Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, int flags);
  SqliteConnection(std::string path, sqlite3* database) : path_(std::move(path)), database_(database, &sqlite3_close) {}

  const std::string path_;
  std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database_;
};

// The same status; of a damaged file, with what an operator can do about it.
logs_sdk::Status with_advice(logs_sdk::Status status);

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_SQLITE_CONNECTION_H_
