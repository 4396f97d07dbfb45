#include "server/api/registry.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "server/api/secrets.h"

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::Result;
using logs_sdk::Status;

constexpr std::size_t kMaxSlugBytes = 64;
constexpr std::int64_t kSchemaVersion = 3;

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS project(slug TEXT PRIMARY KEY, allow_public_key INTEGER NOT NULL, created_at_us INTEGER NOT NULL,
  mask INTEGER NOT NULL DEFAULT 1) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ingest_key(public_hash BLOB PRIMARY KEY, secret_hash BLOB NOT NULL,
  project_slug TEXT NOT NULL REFERENCES project(slug), created_at_us INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS token(hash BLOB PRIMARY KEY, created_at_us INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session(hash BLOB PRIMARY KEY, expires_at_us INTEGER NOT NULL, reader TEXT NOT NULL)
  WITHOUT ROWID;
PRAGMA user_version = 3;
)sql";

constexpr const char* kFromVersion1 = R"sql(
ALTER TABLE project ADD COLUMN mask INTEGER NOT NULL DEFAULT 1;
)sql";

// Of sessions made before it nobody knows whose they are: until they end they count as those of one reader.
constexpr const char* kFromVersion2 = R"sql(
ALTER TABLE session ADD COLUMN reader TEXT NOT NULL DEFAULT 'reader:earlier';
PRAGMA user_version = 3;
)sql";

// Begins as the only writer; undone unless committed.
class Transaction {
 public:
  explicit Transaction(SqliteConnection& database) : database_(database) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    // When this fails there is no transaction left to undo.
    if (open_) (void)database_.execute("ROLLBACK");
  }
  Status begin() {
    Status status = database_.execute("BEGIN IMMEDIATE");
    open_ = status.ok();
    return status;
  }
  Status commit() {
    Status status = database_.execute("COMMIT");
    open_ = !status.ok();
    return status;
  }

 private:
  SqliteConnection& database_;
  bool open_ = false;
};

bool is_slug_character(char c, bool first) {
  const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  return alphanumeric || (!first && (c == '.' || c == '_' || c == '-'));
}

}  // namespace

bool is_project_slug(std::string_view text) {
  if (text.empty() || text.size() > kMaxSlugBytes || !is_slug_character(text.front(), true)) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_slug_character(c, false); });
}

Result<std::unique_ptr<Registry>> Registry::open(const std::string& folder, const logs_sdk::Clock& clock) {
  const std::string path = folder + "/meta.db";
  auto database = SqliteConnection::open(path);
  if (!database.ok()) return database.status();
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) {
    return logs_sdk::errno_status(Code::kConfiguration, path + ": cannot keep others from reading it", errno);
  }
  std::unique_ptr<Registry> registry(new Registry(std::move(database).value(), clock));
  if (Status status = registry->create_schema(); !status.ok()) return with_advice(status);
  return registry;
}

Status Registry::create_schema() {
  const Result<std::int64_t> version = database_->query_integer("PRAGMA user_version");
  if (!version.ok()) return version.status();
  if (version.value() > kSchemaVersion) {
    return Status(Code::kConfiguration, database_->path() + ": made by a newer version of logs-server");
  }
  if (Status status = database_->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"); !status.ok()) {
    return status;
  }
  if (version.value() == kSchemaVersion) return {};
  Transaction transaction(*database_);
  if (Status status = transaction.begin(); !status.ok()) return status;
  // Another process may have been first.
  const Result<std::int64_t> found = database_->query_integer("PRAGMA user_version");
  if (!found.ok()) return found.status();
  if (found.value() == kSchemaVersion) return {};
  if (found.value() == 1) {
    if (Status status = database_->execute(kFromVersion1); !status.ok()) return status;
  }
  Status status = database_->execute(found.value() == 0 ? kSchema : kFromVersion2);
  if (!status.ok()) return status;
  return transaction.commit();
}

Result<std::optional<FirstStart>> Registry::begin() {
  const std::lock_guard lock(mutex_);
  Transaction transaction(*database_);
  if (Status status = transaction.begin(); !status.ok()) return status;
  const auto count = database_->query_integer("SELECT (SELECT count(*) FROM project) + (SELECT count(*) FROM token)");
  if (!count.ok()) return count.status();
  if (count.value() > 0) return std::optional<FirstStart>();
  Result<FirstStart> first = first_start();
  if (!first.ok()) return first.status();
  if (Status status = transaction.commit(); !status.ok()) return status;
  return std::optional<FirstStart>(std::move(first).value());
}

Result<FirstStart> Registry::first_start() {
  const auto added = change("INSERT INTO project(slug, allow_public_key, created_at_us) VALUES(?, 0, ?)",
                            {std::string(kDefaultProject), now_us()});
  if (!added.ok()) return added.status();
  Result<KeyPair> keys = insert_key(kDefaultProject);
  if (!keys.ok()) return keys.status();
  Result<std::string> token = insert_token();
  if (!token.ok()) return token.status();
  return FirstStart{std::move(keys).value(), std::move(token).value()};
}

Status Registry::add_project(std::string_view slug, bool allow_public_key) {
  if (!is_project_slug(slug)) {
    return Status(Code::kInput, "a project is named by [a-z0-9][a-z0-9._-]{0,63}");
  }
  const std::lock_guard lock(mutex_);
  const auto added = change("INSERT OR IGNORE INTO project(slug, allow_public_key, created_at_us) VALUES(?, ?, ?)",
                            {std::string(slug), std::int64_t{allow_public_key ? 1 : 0}, now_us()});
  if (!added.ok()) return added.status();
  if (added.value() == 0) return Status(Code::kInput, "there is a project " + std::string(slug) + " already");
  return {};
}

Status Registry::set_masking(std::string_view project_slug, bool mask) {
  const std::lock_guard lock(mutex_);
  const auto changed =
      change("UPDATE project SET mask = ? WHERE slug = ?", {std::int64_t{mask ? 1 : 0}, std::string(project_slug)});
  if (!changed.ok()) return changed.status();
  return changed.value() > 0 ? Status() : Status(Code::kInput, "there is no project " + std::string(project_slug));
}

Result<std::vector<Project>> Registry::projects() {
  const std::lock_guard lock(mutex_);
  auto prepared = database_->prepare("SELECT slug, allow_public_key, mask FROM project ORDER BY slug");
  if (!prepared.ok()) return prepared.status();
  std::vector<Project> found;
  int stepped = SQLITE_ROW;
  while ((stepped = prepared.value().step()) == SQLITE_ROW) {
    found.push_back({.slug = std::string(prepared.value().column_text(0)),
                     .allow_public_key = prepared.value().column_integer(1) != 0,
                     .mask = prepared.value().column_integer(2) != 0});
  }
  if (stepped != SQLITE_DONE) return database_->failure("cannot list the projects");
  return found;
}

Result<KeyPair> Registry::add_key(std::string_view project_slug) {
  const std::lock_guard lock(mutex_);
  return insert_key(project_slug);
}

Result<KeyPair> Registry::insert_key(std::string_view project_slug) {
  KeyPair keys{new_secret(kPublicKeyPrefix, kPublicKeyBytes), new_secret(kSecretKeyPrefix, kSecretBytes)};
  const auto added = change("INSERT INTO ingest_key SELECT ?, ?, slug, ? FROM project WHERE slug = ?",
                            {hash_of(keys.public_key), hash_of(keys.secret_key), now_us(), std::string(project_slug)});
  if (!added.ok()) return added.status();
  if (added.value() == 0) return Status(Code::kInput, "there is no project " + std::string(project_slug));
  return keys;
}

Status Registry::remove_key(std::string_view public_key) {
  const std::lock_guard lock(mutex_);
  const auto removed = change("DELETE FROM ingest_key WHERE public_hash = ?", {hash_of(public_key)});
  if (!removed.ok()) return removed.status();
  return removed.value() > 0 ? Status() : Status(Code::kInput, "there is no such key");
}

Result<std::optional<IngestKey>> Registry::find_key(std::string_view public_key) {
  const std::string hash = secret_hash(public_key);
  const std::lock_guard lock(mutex_);
  auto prepared = database_->prepare(
      "SELECT project_slug, secret_hash, allow_public_key, mask FROM ingest_key JOIN project ON slug = project_slug "
      "WHERE public_hash = ?");
  if (!prepared.ok()) return prepared.status();
  SqliteStatement& statement = prepared.value();
  statement.bind_blob(1, hash);
  const int stepped = statement.step();
  if (stepped == SQLITE_DONE) return std::optional<IngestKey>();
  if (stepped != SQLITE_ROW) return database_->failure("cannot look for a key");
  return std::optional<IngestKey>(IngestKey{.project_slug = std::string(statement.column_text(0)),
                                            .secret_hash = std::string(statement.column_blob(1)),
                                            .allow_public_key = statement.column_integer(2) != 0,
                                            .mask = statement.column_integer(3) != 0});
}

Result<std::string> Registry::add_token() {
  const std::lock_guard lock(mutex_);
  return insert_token();
}

Result<std::string> Registry::insert_token() {
  std::string token = new_secret(kTokenPrefix, kSecretBytes);
  const auto added = change("INSERT INTO token VALUES(?, ?)", {hash_of(token), now_us()});
  if (!added.ok()) return added.status();
  return token;
}

Status Registry::remove_tokens() {
  const std::lock_guard lock(mutex_);
  return database_->execute("BEGIN IMMEDIATE; DELETE FROM token; DELETE FROM session; COMMIT");
}

Result<bool> Registry::is_token(std::string_view token) {
  const std::lock_guard lock(mutex_);
  return exists("SELECT 1 FROM token WHERE hash = ?", {hash_of(token)});
}

Result<std::string> Registry::add_session(std::string_view reader) {
  std::string session = new_secret({}, kSecretBytes);
  const std::string name(reader);
  const std::int64_t expires_at_us = now_us() + std::chrono::microseconds(kSessionLifetime).count();
  const std::lock_guard lock(mutex_);
  Transaction transaction(*database_);
  if (Status status = transaction.begin(); !status.ok()) return status;
  const auto ended = change("DELETE FROM session WHERE expires_at_us <= ?", {now_us()});
  if (!ended.ok()) return ended.status();
  const auto made_room = change(
      "DELETE FROM session WHERE reader = ? AND hash NOT IN "
      "(SELECT hash FROM session WHERE reader = ? ORDER BY expires_at_us DESC LIMIT ?)",
      {name, name, kMaxSessions - 1});
  if (!made_room.ok()) return made_room.status();
  const auto added = change("INSERT INTO session VALUES(?, ?, ?)", {hash_of(session), expires_at_us, name});
  if (!added.ok()) return added.status();
  if (Status status = transaction.commit(); !status.ok()) return status;
  return session;
}

Result<std::optional<std::string>> Registry::find_session(std::string_view session) {
  const std::string hash = secret_hash(session);
  const std::lock_guard lock(mutex_);
  auto prepared = database_->prepare("SELECT reader FROM session WHERE hash = ? AND expires_at_us > ?");
  if (!prepared.ok()) return prepared.status();
  SqliteStatement& statement = prepared.value();
  statement.bind_blob(1, hash);
  statement.bind(2, now_us());
  const int stepped = statement.step();
  if (stepped == SQLITE_DONE) return std::optional<std::string>();
  if (stepped != SQLITE_ROW) return database_->failure("cannot look for a session");
  return std::optional<std::string>(statement.column_text(0));
}

Status Registry::remove_session(std::string_view session) {
  const std::lock_guard lock(mutex_);
  const auto removed = change("DELETE FROM session WHERE hash = ?", {hash_of(session)});
  return removed.ok() ? Status() : removed.status();
}

std::int64_t Registry::now_us() const { return clock_.wall().time_since_epoch().count(); }

Result<std::int64_t> Registry::change(std::string_view sql, const Parameters& parameters) {
  auto prepared = database_->prepare(sql);
  if (!prepared.ok()) return prepared.status();
  bind(prepared.value(), parameters);
  if (prepared.value().step() != SQLITE_DONE) return database_->failure("cannot change the registry");
  return database_->changes();
}

Result<bool> Registry::exists(std::string_view sql, const Parameters& parameters) {
  auto prepared = database_->prepare(sql);
  if (!prepared.ok()) return prepared.status();
  bind(prepared.value(), parameters);
  const int stepped = prepared.value().step();
  if (stepped != SQLITE_ROW && stepped != SQLITE_DONE) return database_->failure("cannot read the registry");
  return stepped == SQLITE_ROW;
}

void Registry::bind(SqliteStatement& statement, const Parameters& parameters) {
  int index = 0;
  for (const auto& parameter : parameters) {
    ++index;
    if (const auto* integer = std::get_if<std::int64_t>(&parameter)) statement.bind(index, *integer);
    if (const auto* text = std::get_if<std::string>(&parameter)) statement.bind_text(index, *text);
    if (const auto* hash = std::get_if<Hash>(&parameter)) statement.bind_blob(index, hash->bytes);
  }
}

Registry::Hash Registry::hash_of(std::string_view secret) { return {secret_hash(secret)}; }

}  // namespace logs_server
