#include "server/store/sqlite_schema.h"

#include <iterator>
#include <string>

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::Result;
using logs_sdk::Status;

// `uuid` of an SDK begins with its time, so both the identity and the two orders grow at their end: inserts stay local
// however large the table is. Columns that only some queries compare have no index.
constexpr const char* kVersion1 = R"sql(
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
)sql";

// What each later version adds. `kind` stands behind the document, where a column can be added to a file of any size at
// once; as 0 or 1 it has no bytes of its own, so that a document on several pages need not be walked to read it.
// A store that held entries before it kept records of clients counts as one that has forgotten some.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE entry ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
CREATE TABLE client (
  project INTEGER NOT NULL REFERENCES project (id),
  instance TEXT NOT NULL,
  sdk_type TEXT NOT NULL,
  sdk_version TEXT NOT NULL,
  sdk_hash TEXT NOT NULL,
  host TEXT NOT NULL,
  peer_address TEXT NOT NULL,
  first_seen_us INTEGER NOT NULL,
  last_seen_us INTEGER NOT NULL,
  batches INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  duplicate INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  under_way INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  delivered_before INTEGER NOT NULL,
  duplicate_before INTEGER NOT NULL,
  has_ledger INTEGER NOT NULL,
  ledger_captured INTEGER NOT NULL,
  ledger_delivered INTEGER NOT NULL,
  ledger_duplicate INTEGER NOT NULL,
  ledger_rejected INTEGER NOT NULL,
  ledger_dropped INTEGER NOT NULL,
  PRIMARY KEY (project, instance)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_seen ON client (last_seen_us);
CREATE TABLE client_history (forgotten INTEGER NOT NULL) STRICT;
INSERT INTO client_history SELECT EXISTS (SELECT 1 FROM entry);
)sql";

// A new file takes all of these in turn, an older one those it lacks: both end with the same schema.
constexpr const char* kVersions[] = {kVersion1, kVersion2};
static_assert(std::size(kVersions) == kSqliteSchemaVersion);

// FULL: the log is flushed by every commit, so that an answered batch survives power loss.
constexpr const char* kDurability = "PRAGMA synchronous = FULL;";

// The page size counts only before the first page is written. 8 KiB: four to eight entries to a page.
constexpr const char* kNewFile = "PRAGMA page_size = 8192;";

// From version `from` (0: an empty file) to the present one. An error leaves the transaction to the connection, whose
// end undoes it.
Status upgrade(SqliteConnection& connection, std::int64_t from) {
  std::string sql = "BEGIN IMMEDIATE;";
  for (std::int64_t version = from; version < kSqliteSchemaVersion; ++version) sql += kVersions[version];
  sql += "PRAGMA user_version = " + std::to_string(kSqliteSchemaVersion) + "; COMMIT;";
  return connection.execute(sql.c_str(), from == 0 ? "making the tables" : "bringing the tables up to date");
}

Status create(SqliteConnection& connection) {
  for (const char* sql : {kNewFile, kDurability, "PRAGMA journal_mode = WAL;"}) {
    if (Status done = connection.execute(sql); !done.ok()) return done;
  }
  return upgrade(connection, 0);
}

// The version of a file that is ours and not newer than this program.
Result<std::int64_t> version_of(SqliteConnection& connection, std::int64_t application_id) {
  if (application_id != kSqliteApplicationId) {
    return Status(Code::kConfiguration, connection.path() + ": belongs to another program (application id " +
                                            std::to_string(application_id) + "); name another data folder");
  }
  const auto version = connection.query_integer("PRAGMA user_version");
  if (!version.ok()) return version.status();
  if (version.value() < 1 || version.value() > kSqliteSchemaVersion) {
    return Status(Code::kConfiguration, connection.path() + ": has schema version " + std::to_string(version.value()) +
                                            ", this program knows 1 to " + std::to_string(kSqliteSchemaVersion));
  }
  return version;
}

}  // namespace

Status check_schema(SqliteConnection& connection) {
  const auto application_id = connection.query_integer("PRAGMA application_id");
  if (!application_id.ok()) return application_id.status();
  const auto version = version_of(connection, application_id.value());
  if (!version.ok()) return version.status();
  if (version.value() == kSqliteSchemaVersion) return {};
  return {Code::kConfiguration, connection.path() + ": has the older schema version " +
                                    std::to_string(version.value()) + "; start logs-server on it once"};
}

Status prepare_schema(SqliteConnection& connection) {
  const auto tables = connection.query_integer("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.status();
  const auto application_id = connection.query_integer("PRAGMA application_id");
  if (!application_id.ok()) return application_id.status();
  // A process killed while it made the file leaves it without tables: they and the id come in one transaction.
  if (tables.value() == 0 && application_id.value() == 0) return create(connection);
  const auto version = version_of(connection, application_id.value());
  if (!version.ok()) return version.status();
  if (Status durable = connection.execute(kDurability); !durable.ok()) return durable;
  return version.value() == kSqliteSchemaVersion ? Status() : upgrade(connection, version.value());
}

}  // namespace logs_server
