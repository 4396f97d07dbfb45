#include "server/store/sqlite_writer.h"

#include "server/store/document_codec.h"
#include "server/store/sqlite_schema.h"

namespace logs_server {
namespace {

using logs_sdk::Code;

constexpr std::string_view kInsert =
    "INSERT INTO entry (uid, project, uuid, timestamp_us, received_at_us, ordered_at_us, duration_ms, status_code, "
    "is_error, interrupted, environment, service_name, method, path, error_type, client_ip, trace_id, document, "
    "kind) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19) "
    "ON CONFLICT (project, uuid) DO NOTHING";
constexpr std::string_view kRemoveInterrupted =
    "DELETE FROM entry WHERE project = ?1 AND uuid = ?2 AND interrupted = 1";

// Bounds the memory for names of projects; each is looked up once per kMaxKnownProjects others.
constexpr std::size_t kMaxKnownProjects = 10'000;

std::string_view bytes_of(const logs_sdk::Uuid& uuid) {
  return {reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()};
}

void bind_entry(SqliteStatement& row, std::int64_t uid, std::int64_t project, const NewEntry& entry,
                std::string_view document) {
  int parameter = 0;
  const auto integer = [&](std::int64_t value) { row.bind(++parameter, value); };
  const auto text = [&](std::string_view value) { row.bind_text(++parameter, value); };
  integer(uid);
  integer(project);
  row.bind_blob(++parameter, bytes_of(entry.uuid));
  integer(entry.timestamp_us);
  integer(entry.received_at_us);
  integer(entry.ordered_at_us);
  integer(entry.duration_ms);
  integer(entry.status_code);
  integer(entry.is_error ? 1 : 0);
  integer(entry.interrupted ? 1 : 0);
  text(entry.environment);
  text(entry.service_name);
  text(entry.method);
  text(entry.path);
  text(entry.error_type);
  text(entry.client_ip);
  text(entry.trace_id);
  row.bind_blob(++parameter, document);
  integer(static_cast<std::int64_t>(entry.kind));
}

}  // namespace

Result<PackedDocuments> PackedDocuments::pack(std::span<const NewEntry> entries) {
  PackedDocuments documents;
  DocumentPacker packer;
  std::string packed;
  for (const NewEntry& entry : entries) {
    if (!packer.pack(entry.document, packed)) {
      return Status(Code::kInput, "a document of " + std::to_string(entry.document.size()) + " bytes, at most " +
                                      std::to_string(kMaxDocumentBytes) + " can be stored");
    }
    documents.bytes_ += packed;
    documents.ends_.push_back(documents.bytes_.size());
  }
  return documents;
}

std::string_view PackedDocuments::operator[](std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(bytes_).substr(begin, ends_[index] - begin);
}

Result<std::unique_ptr<SqliteWriter>> SqliteWriter::open(const std::string& path) {
  auto connection = SqliteConnection::open(path);
  if (!connection.ok()) return connection.status();
  if (Status schema = prepare_schema(*connection.value()); !schema.ok()) return schema;
  std::unique_ptr<SqliteWriter> writer(new SqliteWriter(std::move(connection).value()));
  if (Status prepared = writer->prepare(); !prepared.ok()) return prepared;
  return writer;
}

Status SqliteWriter::prepare() {
  const std::pair<SqliteStatement*, std::string_view> statements[] = {
      {&begin_, "BEGIN IMMEDIATE"},
      {&commit_, "COMMIT"},
      {&rollback_, "ROLLBACK"},
      {&insert_, kInsert},
      {&remove_interrupted_, kRemoveInterrupted},
      {&find_project_, "SELECT id FROM project WHERE slug = ?1"},
      {&insert_project_, "INSERT INTO project (slug) VALUES (?1)"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = connection_->prepare(sql);
    if (!prepared.ok()) return prepared.status();
    *statement = std::move(prepared).value();
  }
  const auto last_uid = connection_->query_integer("SELECT max(uid) FROM entry");
  if (!last_uid.ok()) return last_uid.status();
  last_uid_ = last_uid.value();
  return clients_.prepare();
}

Result<std::vector<AppendVerdict>> SqliteWriter::append(std::span<const NewEntry> entries,
                                                        const PackedDocuments& documents,
                                                        std::span<const ClientPost> posts) {
  std::vector<AppendVerdict> verdicts;
  verdicts.reserve(entries.size());
  const std::int64_t committed_uid = last_uid_;
  Status appended = append_in_transaction(entries, documents, posts, verdicts);
  if (appended.ok()) return verdicts;
  // SQLite has rolled back by itself after some errors; then this fails, and there is nothing left to undo.
  const StatementUse rollback(rollback_);
  [[maybe_unused]] const int rolled_back = rollback->step();
  last_uid_ = committed_uid;
  project_ids_.clear();
  clients_.forget_counts();
  return appended;
}

Status SqliteWriter::append_in_transaction(std::span<const NewEntry> entries, const PackedDocuments& documents,
                                           std::span<const ClientPost> posts, std::vector<AppendVerdict>& verdicts) {
  if (const StatementUse begin(begin_); begin->step() != SQLITE_DONE) return connection_->failure("beginning");
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto verdict = append_one(entries[i], documents[i]);
    if (!verdict.ok()) return verdict.status();
    verdicts.push_back(verdict.value());
  }
  for (const ClientPost& post : posts) {
    if (Status absorbed = absorb(post, verdicts); !absorbed.ok()) return absorbed;
  }
  if (const StatementUse commit(commit_); commit->step() != SQLITE_DONE) return connection_->failure("committing");
  return {};
}

Status SqliteWriter::absorb(const ClientPost& post, std::span<const AppendVerdict> verdicts) {
  const auto project = project_id(post.project_slug);
  if (!project.ok()) return project.status();
  return clients_.absorb(project.value(), post, received_entries(post, verdicts));
}

Result<AppendVerdict> SqliteWriter::append_one(const NewEntry& entry, std::string_view document) {
  const auto project = project_id(entry.project_slug);
  if (!project.ok()) return project.status();
  auto inserted = insert(project.value(), entry, document);
  if (!inserted.ok()) return inserted.status();
  if (!inserted.value() && !entry.interrupted) {
    const auto made_room = remove_interrupted(project.value(), entry);
    if (!made_room.ok()) return made_room.status();
    if (made_room.value()) inserted = insert(project.value(), entry, document);
    if (!inserted.ok()) return inserted.status();
  }
  return inserted.value() ? AppendVerdict::kStored : AppendVerdict::kDuplicate;
}

Result<bool> SqliteWriter::insert(std::int64_t project, const NewEntry& entry, std::string_view document) {
  const StatementUse row(insert_);
  bind_entry(*row, last_uid_ + 1, project, entry, document);
  if (row->step() != SQLITE_DONE) return connection_->failure("storing an entry");
  const bool inserted = connection_->changes() == 1;
  if (inserted) ++last_uid_;
  return inserted;
}

Result<bool> SqliteWriter::remove_interrupted(std::int64_t project, const NewEntry& entry) {
  const StatementUse row(remove_interrupted_);
  row->bind(1, project);
  row->bind_blob(2, bytes_of(entry.uuid));
  if (row->step() != SQLITE_DONE) return connection_->failure("replacing an entry");
  return connection_->changes() == 1;
}

Result<std::int64_t> SqliteWriter::project_id(const std::string& slug) {
  if (const auto known = project_ids_.find(slug); known != project_ids_.end()) return known->second;
  if (project_ids_.size() >= kMaxKnownProjects) project_ids_.clear();
  // Looked for, made when missing, then looked for again.
  for (SqliteStatement* statement : {&find_project_, &insert_project_, &find_project_}) {
    const StatementUse row(*statement);
    row->bind_text(1, slug);
    const int stepped = row->step();
    if (stepped == SQLITE_ROW) return project_ids_[slug] = row->column_integer(0);
    if (stepped != SQLITE_DONE) break;
  }
  return connection_->failure("storing a project");
}

}  // namespace logs_server
