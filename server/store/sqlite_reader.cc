#include "server/store/sqlite_reader.h"

#include <algorithm>
#include <cstring>

#include "server/store/sqlite_clients.h"
#include "server/store/sqlite_schema.h"

namespace logs_server {
namespace {

using logs_sdk::Code;

// The order of these columns is the order in which read_columns() takes them.
constexpr std::string_view kSelect =
    "SELECT uid, slug, uuid, timestamp_us, received_at_us, ordered_at_us, duration_ms, status_code, is_error, "
    "interrupted, environment, service_name, method, path, error_type, client_ip, trace_id, document, kind ";

// CROSS JOIN keeps SQLite from walking the projects first and sorting all of their entries.
constexpr std::string_view kScanAll =
    "FROM entry INDEXED BY entry_order CROSS JOIN project ON project.id = entry.project "
    "WHERE ordered_at_us >= ?1 AND (ordered_at_us, uid) < (?2, ?3) AND (?5 IS NULL OR kind = ?5) "
    "ORDER BY ordered_at_us DESC, uid DESC";
constexpr std::string_view kScanProject =
    "FROM project CROSS JOIN entry INDEXED BY entry_project_order "
    "WHERE slug = ?4 AND project = project.id AND ordered_at_us >= ?1 AND (ordered_at_us, uid) < (?2, ?3) "
    "AND (?5 IS NULL OR kind = ?5) ORDER BY ordered_at_us DESC, uid DESC";
constexpr std::string_view kScanArrivals =
    "FROM entry CROSS JOIN project ON project.id = entry.project WHERE uid > ?1 ORDER BY uid";
constexpr std::string_view kFindAny =
    "FROM project CROSS JOIN entry INDEXED BY entry_identity ON project = project.id "
    "WHERE uuid = ?1 ORDER BY uid DESC LIMIT 1";
constexpr std::string_view kFindInProject =
    "FROM project CROSS JOIN entry INDEXED BY entry_identity ON project = project.id "
    "WHERE uuid = ?1 AND slug = ?2";

constexpr int kUidColumn = 0;
constexpr int kDocumentColumn = 17;
constexpr int kKindColumn = 18;

// Strings are assigned, not made anew: a scan reuses their memory from row to row.
void read_columns(const SqliteStatement& row, EntryColumns& entry) {
  int column = kUidColumn + 1;
  const auto integer = [&] { return row.column_integer(column++); };
  const auto text = [&](std::string& to) { to.assign(row.column_text(column++)); };
  text(entry.project_slug);
  const std::string_view uuid = row.column_blob(column++);
  std::memcpy(entry.uuid.bytes.data(), uuid.data(), std::min(uuid.size(), entry.uuid.bytes.size()));
  entry.timestamp_us = integer();
  entry.received_at_us = integer();
  entry.ordered_at_us = integer();
  entry.duration_ms = integer();
  entry.status_code = static_cast<std::int32_t>(integer());
  entry.is_error = integer() != 0;
  entry.interrupted = integer() != 0;
  text(entry.environment);
  text(entry.service_name);
  text(entry.method);
  text(entry.path);
  text(entry.error_type);
  text(entry.client_ip);
  text(entry.trace_id);
  entry.kind = static_cast<EntryKind>(row.column_integer(kKindColumn));
}

std::uint64_t read_uid(const SqliteStatement& row) {
  return static_cast<std::uint64_t>(row.column_integer(kUidColumn));
}

Status damaged(const std::string& path, std::uint64_t uid) {
  return {Code::kGiveUp, path + ": the document of the entry with uid " + std::to_string(uid) + " is damaged"};
}

std::string_view bytes_of(const logs_sdk::Uuid& uuid) {
  return {reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()};
}

// The place in the list below which a scan begins: the end of the time range, or the place it goes on from.
Position upper_bound(const ScanRange& range) {
  const Position end{range.to_us, 0};
  const Position bound = range.before ? std::min(*range.before, end) : end;
  return {bound.ordered_at_us, std::min<std::uint64_t>(bound.uid, INT64_MAX)};
}

class ScannedRow final : public ScannedEntry {
 public:
  ScannedRow(const SqliteStatement& row, DocumentUnpacker& unpacker) : row_(row), unpacker_(unpacker) {}

  void load() {
    read_columns(row_, columns_);
    uid_ = read_uid(row_);
    unpacked_ = damaged_ = false;
  }
  const EntryColumns& columns() const override { return columns_; }
  std::uint64_t uid() const override { return uid_; }
  std::string_view document() const override {
    if (!unpacked_) damaged_ = !unpacker_.unpack(row_.column_blob(kDocumentColumn), document_);
    unpacked_ = true;
    return document_;
  }
  bool is_damaged() const override { return damaged_; }

 private:
  const SqliteStatement& row_;
  DocumentUnpacker& unpacker_;
  EntryColumns columns_;
  std::uint64_t uid_ = 0;
  mutable std::string document_;
  mutable bool unpacked_ = false;
  mutable bool damaged_ = false;
};

}  // namespace

Result<std::unique_ptr<SqliteReader>> SqliteReader::open(const std::string& path) {
  auto connection = SqliteConnection::open(path);
  if (!connection.ok()) return connection.status();
  std::unique_ptr<SqliteReader> reader(new SqliteReader(std::move(connection).value()));
  if (Status prepared = reader->prepare(); !prepared.ok()) return prepared;
  return reader;
}

Result<std::unique_ptr<SqliteReader>> SqliteReader::open_read_only(const std::string& path) {
  auto connection = SqliteConnection::open_read_only(path);
  if (!connection.ok()) return connection.status();
  if (Status known = check_schema(*connection.value()); !known.ok()) return known;
  std::unique_ptr<SqliteReader> reader(new SqliteReader(std::move(connection).value()));
  if (Status prepared = reader->prepare(); !prepared.ok()) return prepared;
  return reader;
}

Status SqliteReader::prepare() {
  if (Status only = connection_->execute("PRAGMA query_only = ON"); !only.ok()) return only;
  const std::pair<SqliteStatement*, std::string_view> statements[] = {{&scan_all_, kScanAll},
                                                                      {&scan_project_, kScanProject},
                                                                      {&scan_arrivals_, kScanArrivals},
                                                                      {&find_any_, kFindAny},
                                                                      {&find_in_project_, kFindInProject}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = connection_->prepare(std::string(kSelect).append(sql));
    if (!prepared.ok()) return prepared.status();
    *statement = std::move(prepared).value();
  }
  return {};
}

Result<std::optional<StoredEntry>> SqliteReader::find(const logs_sdk::Uuid& uuid,
                                                      std::optional<std::string_view> project_slug) {
  const StatementUse row(project_slug ? find_in_project_ : find_any_);
  row->bind_blob(1, bytes_of(uuid));
  if (project_slug) row->bind_text(2, *project_slug);
  const int stepped = row->step();
  if (stepped == SQLITE_DONE) return std::optional<StoredEntry>();
  if (stepped != SQLITE_ROW) return connection_->failure("finding an entry");
  StoredEntry entry;
  read_columns(*row, entry);
  entry.uid = read_uid(*row);
  if (!unpacker_.unpack(row->column_blob(kDocumentColumn), entry.document)) {
    return damaged(connection_->path(), entry.uid);
  }
  return std::optional(std::move(entry));
}

Status SqliteReader::scan(const ScanRange& range, const std::function<bool(const ScannedEntry&)>& visit) {
  const StatementUse rows(range.project_slug ? scan_project_ : scan_all_);
  const Position bound = upper_bound(range);
  rows->bind(1, range.from_us);
  rows->bind(2, bound.ordered_at_us);
  rows->bind(3, static_cast<std::int64_t>(bound.uid));
  if (range.project_slug) rows->bind_text(4, *range.project_slug);
  if (range.kind) rows->bind(5, static_cast<std::int64_t>(*range.kind));
  return visit_rows(*rows, visit);
}

Status SqliteReader::scan_arrivals(std::uint64_t after_uid, const std::function<bool(const ScannedEntry&)>& visit) {
  const StatementUse rows(scan_arrivals_);
  rows->bind(1, static_cast<std::int64_t>(std::min<std::uint64_t>(after_uid, INT64_MAX)));
  return visit_rows(*rows, visit);
}

Status SqliteReader::visit_rows(SqliteStatement& rows, const std::function<bool(const ScannedEntry&)>& visit) {
  ScannedRow row(rows, unpacker_);
  for (;;) {
    const int stepped = rows.step();
    if (stepped == SQLITE_DONE) return {};
    if (stepped != SQLITE_ROW) return connection_->failure("scanning");
    row.load();
    if (!visit(row)) return {};
  }
}

Result<std::uint64_t> SqliteReader::last_uid() {
  const auto last = connection_->query_integer("SELECT coalesce(max(uid), 0) FROM entry");
  if (!last.ok()) return last.status();
  return static_cast<std::uint64_t>(last.value());
}

Result<std::vector<ClientRecord>> SqliteReader::clients(std::optional<std::string_view> project_slug) {
  return read_clients(*connection_, project_slug);
}

Result<std::uint64_t> SqliteReader::count() {
  const auto counted = connection_->query_integer("SELECT count(*) FROM entry");
  if (!counted.ok()) return counted.status();
  return static_cast<std::uint64_t>(counted.value());
}

}  // namespace logs_server
