#include "server/store/sqlite_schema.h"

#include <string>

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::Result;
using logs_sdk::Status;

// `uuid` of an SDK begins with its time, so both the identity and the two orders grow at their end: inserts stay local
// however large the table is. Columns that only some queries compare have no index.
constexpr const char* kCreate = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE project (
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE entry (
  uid INTEGER PRIMARY KEY,
  project INTEGER NOT NULL REFERENCES project (id),
  uuid BLOB NOT NULL,
  timestamp_us INTEGER NOT NULL,
  received_at_us INTEGER NOT NULL,
  ordered_at_us INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  status_code INTEGER NOT NULL,
  is_error INTEGER NOT NULL,
  interrupted INTEGER NOT NULL,
  environment TEXT NOT NULL,
  service_name TEXT NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  error_type TEXT NOT NULL,
  client_ip TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  document BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX entry_identity ON entry (project, uuid);
CREATE INDEX entry_order ON entry (ordered_at_us);
CREATE INDEX entry_project_order ON entry (project, ordered_at_us);
PRAGMA application_id = 0x4c4f4753;
PRAGMA user_version = 1;
COMMIT;
)sql";

// FULL: the log is flushed by every commit, so that an answered batch survives power loss.
constexpr const char* kDurability = "PRAGMA synchronous = FULL;";

// The page size counts only before the first page is written. 8 KiB: four to eight entries to a page.
constexpr const char* kNewFile = "PRAGMA page_size = 8192;";

Status create(SqliteConnection& connection) {
  for (const char* sql : {kNewFile, kDurability, "PRAGMA journal_mode = WAL;"}) {
    if (Status done = connection.execute(sql); !done.ok()) return done;
  }
  return connection.execute(kCreate);
}

Status check_owner(SqliteConnection& connection, std::int64_t application_id) {
  if (application_id != kSqliteApplicationId) {
    return {Code::kConfiguration, connection.path() + ": belongs to another program (application id " +
                                      std::to_string(application_id) + "); name another data folder"};
  }
  const auto version = connection.query_integer("PRAGMA user_version");
  if (!version.ok()) return version.status();
  if (version.value() != kSqliteSchemaVersion) {
    return {Code::kConfiguration, connection.path() + ": has schema version " + std::to_string(version.value()) +
                                      ", this program knows " + std::to_string(kSqliteSchemaVersion)};
  }
  return {};
}

}  // namespace

Status prepare_schema(SqliteConnection& connection) {
  const auto tables = connection.query_integer("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.status();
  const auto application_id = connection.query_integer("PRAGMA application_id");
  if (!application_id.ok()) return application_id.status();
  // A process killed while it made the file leaves it without tables: they and the id come in one transaction.
  if (tables.value() == 0 && application_id.value() == 0) return create(connection);
  if (Status owner = check_owner(connection, application_id.value()); !owner.ok()) return owner;
  return connection.execute(kDurability);
}

}  // namespace logs_server
