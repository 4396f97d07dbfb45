// Registry: projects, their ingest keys, admin tokens and console sessions, in `<folder>/meta.db`.
//
// Thread-safety: every call from any thread. Several processes may use one registry: an operator's command works while
// the server runs, and the server sees its effect at the next request.
// Durability: what a call changed is on the device when it returns. Secrets are kept as hashes only; the file is 0600.
#ifndef LOGS_SERVER_API_REGISTRY_H_
#define LOGS_SERVER_API_REGISTRY_H_

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/store/sqlite_connection.h"
#include "src/base/clock.h"
#include "src/base/status.h"

namespace logs_server {

inline constexpr std::string_view kDefaultProject = "default";
inline constexpr std::chrono::hours kSessionLifetime{12};
// Of one reader, at once: browsers and tabs that sign in anew, and no more than that for a script to fill the file
// with.
inline constexpr std::int64_t kMaxSessions = 64;

// `[a-z0-9][a-z0-9._-]{0,63}`
bool is_project_slug(std::string_view text);

struct KeyPair {
  std::string public_key;
  std::string secret_key;
};

struct FirstStart {
  KeyPair keys;  // of kDefaultProject
  std::string token;
};

// What a public key stands for.
struct IngestKey {
  std::string project_slug;
  std::string secret_hash;
  bool allow_public_key = false;  // its project does without the secret
  bool mask = true;               // false: its project keeps entries as they come
};

struct Project {
  std::string slug;
  bool allow_public_key = false;
  bool mask = true;
};

class Registry {
 public:
  // Makes the file where it is missing; `folder` must exist. kConfiguration: rights, or a file of a newer version.
  static logs_sdk::Result<std::unique_ptr<Registry>> open(const std::string& folder, const logs_sdk::Clock& clock);

  // In an empty registry: the default project, its keys and the first token, in one step. Otherwise nothing.
  logs_sdk::Result<std::optional<FirstStart>> begin();

  // kInput: not a slug, or taken.
  logs_sdk::Status add_project(std::string_view slug, bool allow_public_key);
  // Whether secrets are masked in what the project sends; on until it is set. kInput: no such project.
  logs_sdk::Status set_masking(std::string_view project_slug, bool mask);
  logs_sdk::Result<std::vector<Project>> projects();
  // kInput: no such project.
  logs_sdk::Result<KeyPair> add_key(std::string_view project_slug);
  // kInput: no such key.
  logs_sdk::Status remove_key(std::string_view public_key);
  logs_sdk::Result<std::optional<IngestKey>> find_key(std::string_view public_key);

  logs_sdk::Result<std::string> add_token();
  // Ends every token and every session.
  logs_sdk::Status remove_tokens();
  logs_sdk::Result<bool> is_token(std::string_view token);

  // A console session of whom the token is that it is made from, good for kSessionLifetime. Beyond kMaxSessions of
  // `reader` its oldest ends.
  logs_sdk::Result<std::string> add_session(std::string_view reader);
  // Whose session it is.
  logs_sdk::Result<std::optional<std::string>> find_session(std::string_view session);
  logs_sdk::Status remove_session(std::string_view session);

 private:
  Registry(std::unique_ptr<SqliteConnection> database, const logs_sdk::Clock& clock)
      : database_(std::move(database)), clock_(clock) {}
  logs_sdk::Status create_schema();
  std::int64_t now_us() const;
  struct Hash {
    std::string bytes;
  };
  using Parameters = std::vector<std::variant<std::int64_t, std::string, Hash>>;
  // One statement that changes rows; how many.
  logs_sdk::Result<std::int64_t> change(std::string_view sql, const Parameters& parameters);
  // Whether a query has a row.
  logs_sdk::Result<bool> exists(std::string_view sql, const Parameters& parameters);
  static void bind(SqliteStatement& statement, const Parameters& parameters);
  static Hash hash_of(std::string_view secret);
  logs_sdk::Result<FirstStart> first_start();
  logs_sdk::Result<KeyPair> insert_key(std::string_view project_slug);
  logs_sdk::Result<std::string> insert_token();

  std::mutex mutex_;
  const std::unique_ptr<SqliteConnection> database_;  // used under mutex_
  const logs_sdk::Clock& clock_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_API_REGISTRY_H_
