// SqliteClients: the clients of the embedded store; every change belongs to the transaction of an append.
//
// One thread at a time; the connection outlives it.
#ifndef LOGS_SERVER_STORE_SQLITE_CLIENTS_H_
#define LOGS_SERVER_STORE_SQLITE_CLIENTS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "server/store/client_record.h"
#include "server/store/sqlite_connection.h"

namespace logs_server {

class SqliteClients {
 public:
  explicit SqliteClients(SqliteConnection& connection) : connection_(connection) {}
  logs_sdk::Status prepare();

  // Within the caller's transaction. `project`: id of the post's project.
  logs_sdk::Status absorb(std::int64_t project, const ClientPost& post, const ReceivedEntries& verdicts);
  // After a rollback: what was counted meanwhile did not happen.
  void forget_counts() { counts_.reset(); }

 private:
  logs_sdk::Result<std::optional<ClientRecord>> find(std::int64_t project, const ClientPost& post);
  logs_sdk::Status write(std::int64_t project, const ClientRecord& record);
  logs_sdk::Status forget_oldest(std::int64_t project, const ClientRecord& newest);

  // Of the committed and of this transaction's clients.
  struct Counts {
    std::size_t kept = 0;
    bool forgotten = false;
  };
  logs_sdk::Status load_counts();

  SqliteConnection& connection_;
  SqliteStatement find_, write_, forget_, note_forgotten_;
  std::optional<Counts> counts_;
};

// Newest first: of one project, or of all.
logs_sdk::Result<std::vector<ClientRecord>> read_clients(SqliteConnection& connection,
                                                         std::optional<std::string_view> project_slug);

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_SQLITE_CLIENTS_H_
