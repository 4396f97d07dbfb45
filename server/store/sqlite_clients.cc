#include "server/store/sqlite_clients.h"

#include <string>
#include <utility>

namespace logs_server {
namespace {

using logs_sdk::Result;
using logs_sdk::Status;

// The order of these columns is the order in which bind_record() and read_record() take them.
constexpr std::string_view kColumns =
    "instance, sdk_type, sdk_version, sdk_hash, host, peer_address, first_seen_us, last_seen_us, batches, accepted, "
    "duplicate, rejected, under_way, missing, delivered_before, duplicate_before, has_ledger, ledger_captured, "
    "ledger_delivered, ledger_duplicate, ledger_rejected, ledger_dropped";

constexpr std::string_view kParameters =
    "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
    "?19, ?20, ?21, ?22, ?23";

// Visits the numbers of a record in the order of kColumns, from first_seen_us on.
template <typename Record, typename Ledger, typename Visit>
void visit_numbers(Record& record, bool& has_ledger, Ledger& ledger, const Visit& visit) {
  visit(record.first_seen_us);
  visit(record.last_seen_us);
  for (auto* number :
       {&record.batches, &record.received.accepted, &record.received.duplicate, &record.received.rejected,
        &record.under_way, &record.missing, &record.delivered_before, &record.duplicate_before}) {
    visit(*number);
  }
  visit(has_ledger);
  for (auto* number : {&ledger.captured, &ledger.delivered, &ledger.duplicate, &ledger.rejected, &ledger.dropped}) {
    visit(*number);
  }
}

void bind_record(SqliteStatement& row, const ClientRecord& record) {
  int parameter = 1;  // 1 is the project
  row.bind_text(++parameter, record.instance);
  const ClientLabels& labels = record.labels;
  for (const std::string* label :
       {&labels.sdk_type, &labels.sdk_version, &labels.sdk_hash, &labels.host, &labels.peer_address}) {
    row.bind_text(++parameter, *label);
  }
  bool has_ledger = record.ledger.has_value();
  const ClientLedger ledger = record.ledger.value_or(ClientLedger{});
  visit_numbers(record, has_ledger, ledger,
                [&](const auto& number) { row.bind(++parameter, static_cast<std::int64_t>(number)); });
}

ClientRecord read_record(const SqliteStatement& row, std::string_view project_slug) {
  ClientRecord record{.project_slug = std::string(project_slug)};
  int column = 0;
  ClientLabels& labels = record.labels;
  for (std::string* text : {&record.instance, &labels.sdk_type, &labels.sdk_version, &labels.sdk_hash, &labels.host,
                            &labels.peer_address}) {
    text->assign(row.column_text(column++));
  }
  bool has_ledger = false;
  ClientLedger ledger;
  visit_numbers(record, has_ledger, ledger,
                [&]<typename Number>(Number& number) { number = static_cast<Number>(row.column_integer(column++)); });
  if (has_ledger) record.ledger = ledger;
  return record;
}

}  // namespace

Status SqliteClients::prepare() {
  const std::string columns(kColumns);
  const std::pair<SqliteStatement*, std::string> statements[] = {
      {&find_, "SELECT " + columns + " FROM client WHERE project = ?1 AND instance = ?2"},
      {&write_,
       "INSERT OR REPLACE INTO client (project, " + columns + ") VALUES (?1, " + std::string(kParameters) + ")"},
      {&forget_,
       "DELETE FROM client WHERE (project, instance) = (SELECT project, instance FROM client "
       "WHERE (project, instance) <> (?1, ?2) ORDER BY last_seen_us LIMIT 1)"},
      {&note_forgotten_, "UPDATE client_history SET forgotten = forgotten + 1"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = connection_.prepare(sql);
    if (!prepared.ok()) return prepared.status();
    *statement = std::move(prepared).value();
  }
  return load_counts();
}

Status SqliteClients::load_counts() {
  const auto count = connection_.query_integer("SELECT count(*) FROM client");
  if (!count.ok()) return count.status();
  const auto forgotten = connection_.query_integer("SELECT forgotten FROM client_history");
  if (!forgotten.ok()) return forgotten.status();
  counts_ = Counts{.kept = static_cast<std::size_t>(count.value()), .forgotten = forgotten.value() > 0};
  return {};
}

Status SqliteClients::absorb(std::int64_t project, const ClientPost& post, const ReceivedEntries& verdicts) {
  if (!counts_) {
    if (Status loaded = load_counts(); !loaded.ok()) return loaded;
  }
  auto found = find(project, post);
  if (!found.ok()) return found.status();
  const bool is_new = !found.value();
  ClientRecord record = std::move(found).value().value_or(ClientRecord{.instance = post.instance});
  logs_server::absorb(record, post, verdicts, counts_->forgotten);
  if (Status written = write(project, record); !written.ok()) return written;
  if (!is_new || ++counts_->kept <= kMaxClients) return {};
  return forget_oldest(project, record);
}

Result<std::optional<ClientRecord>> SqliteClients::find(std::int64_t project, const ClientPost& post) {
  const StatementUse row(find_);
  row->bind(1, project);
  row->bind_text(2, post.instance);
  const int stepped = row->step();
  if (stepped == SQLITE_ROW) return std::optional(read_record(*row, post.project_slug));
  if (stepped == SQLITE_DONE) return std::optional<ClientRecord>();
  return connection_.failure("finding a client");
}

Status SqliteClients::write(std::int64_t project, const ClientRecord& record) {
  const StatementUse row(write_);
  row->bind(1, project);
  bind_record(*row, record);
  if (row->step() != SQLITE_DONE) return connection_.failure("storing a client");
  return {};
}

Status SqliteClients::forget_oldest(std::int64_t project, const ClientRecord& newest) {
  const StatementUse row(forget_);
  row->bind(1, project);
  row->bind_text(2, newest.instance);
  if (row->step() != SQLITE_DONE) return connection_.failure("forgetting a client");
  --counts_->kept;
  counts_->forgotten = true;
  const StatementUse note(note_forgotten_);
  if (note->step() != SQLITE_DONE) return connection_.failure("noting that a client was forgotten");
  return {};
}

Result<std::vector<ClientRecord>> read_clients(SqliteConnection& connection,
                                               std::optional<std::string_view> project_slug) {
  auto rows = connection.prepare("SELECT " + std::string(kColumns) +
                                 ", slug FROM client JOIN project ON project.id = project "
                                 "WHERE ?1 IS NULL OR slug = ?1 ORDER BY last_seen_us DESC, slug, instance");
  if (!rows.ok()) return rows.status();
  SqliteStatement& row = rows.value();
  if (project_slug) row.bind_text(1, *project_slug);
  constexpr int kSlugColumn = 22;
  std::vector<ClientRecord> records;
  for (;;) {
    const int stepped = row.step();
    if (stepped == SQLITE_DONE) return records;
    if (stepped != SQLITE_ROW) return connection.failure("listing clients");
    records.push_back(read_record(row, row.column_text(kSlugColumn)));
  }
}

}  // namespace logs_server
