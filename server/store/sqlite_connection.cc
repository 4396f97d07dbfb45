#include "server/store/sqlite_connection.h"

#include <sys/stat.h>

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::Result;
using logs_sdk::Status;

// Nobody but this process writes; the wait is for an operator's own look into the file, and for recovery of the log.
constexpr int kBusyTimeoutMs = 2000;

Code code_of(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_IOERR:
    case SQLITE_INTERRUPT:
      return Code::kRetry;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Code::kConfiguration;
    default:
      return Code::kGiveUp;
  }
}

}  // namespace

// Binding fails only for a wrong index, which is our own bug and shows in the first test, or for want of memory, which
// step() then reports as a failed constraint.
void SqliteStatement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
}

void SqliteStatement::bind_text(int parameter, std::string_view value) {
  // An empty view may have no address, and SQLite takes none for NULL.
  sqlite3_bind_text64(statement_.get(), parameter, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
}

void SqliteStatement::bind_blob(int parameter, std::string_view value) {
  sqlite3_bind_blob64(statement_.get(), parameter, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC);
}

int SqliteStatement::step() { return sqlite3_step(statement_.get()); }

void SqliteStatement::reset() {
  // The error it repeats is the one step() has returned already.
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

std::int64_t SqliteStatement::column_integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view SqliteStatement::column_text(int column) const {
  // The text has to be asked for before its length: asking converts.
  const void* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  return {static_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view SqliteStatement::column_blob(int column) const {
  const void* blob = sqlite3_column_blob(statement_.get(), column);
  if (blob == nullptr) return {};
  return {static_cast<const char*>(blob), static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path) {
  return open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open_read_only(const std::string& path) {
  return open(path, SQLITE_OPEN_READONLY);
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, int flags) {
  // SQLite would wait for ever for the other end of a FIFO. What is not there yet is for SQLite to make or to refuse.
  struct stat status = {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    return Status(Code::kConfiguration, path + " is not a regular file");
  }
  sqlite3* database = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  // A connection that failed to open still has to be closed, and still holds the message.
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(path, database));
  if (opened != SQLITE_OK) return connection->failure("cannot be opened");
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, kBusyTimeoutMs);
  return connection;
}

Status SqliteConnection::execute(const char* sql, std::string_view what) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return failure(what.empty() ? sql : what);
}

Result<SqliteStatement> SqliteConnection::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int prepared = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (prepared != SQLITE_OK) return failure(sql);
  return SqliteStatement(statement);
}

Result<std::int64_t> SqliteConnection::query_integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement.ok()) return statement.status();
  const int stepped = statement.value().step();
  if (stepped == SQLITE_ROW) return statement.value().column_integer(0);
  if (stepped == SQLITE_DONE) return std::int64_t{0};
  return failure(sql);
}

Status SqliteConnection::failure(std::string_view what) const {
  const int code = database_ ? sqlite3_extended_errcode(database_.get()) : SQLITE_NOMEM;
  const char* reason = database_ ? sqlite3_errmsg(database_.get()) : "out of memory";
  std::string message = path_ + ": " + std::string(what) + ": " + reason + " (sqlite " + std::to_string(code) + ")";
  // Of the call of the system that failed below SQLite, where one did.
  const int error_number = database_ ? sqlite3_system_errno(database_.get()) : 0;
  const bool is_systems = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
  if (!is_systems || error_number == 0) return {code_of(code), std::move(message)};
  return logs_sdk::errno_status(code_of(code), std::move(message), error_number);
}

Status with_advice(Status status) {
  if (status.code() != Code::kGiveUp) return status;
  return {Code::kGiveUp,
          status.message() +
              ". Move this file, and those beside it that end in -wal and -shm, to another folder; then put a "
              "copy of before in their place, or start with an empty file (docs/operations.md)"};
}

}  // namespace logs_server
