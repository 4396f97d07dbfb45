// The schema of the embedded store: what a file must be before the store touches it. docs/formats/store.md describes
// it.
#ifndef LOGS_SERVER_STORE_SQLITE_SCHEMA_H_
#define LOGS_SERVER_STORE_SQLITE_SCHEMA_H_

#include <cstdint>

#include "server/store/sqlite_connection.h"

namespace logs_server {

inline constexpr std::int64_t kSqliteApplicationId = 0x4c4f4753;  // "LOGS" at offset 68 of the file
inline constexpr std::int64_t kSqliteSchemaVersion = 2;

// Makes the schema in an empty file, brings that of an older version up to date in one transaction, checks it in any
// other, and sets the connection's durability. kConfiguration: the file belongs to another program or to a newer
// version. kGiveUp: no database, or damaged. Neither changes the file.
logs_sdk::Status prepare_schema(SqliteConnection& connection);

// Whether the file has the schema of this program, for one that may not change it. kConfiguration: another program's,
// or one of a newer or older version.
logs_sdk::Status check_schema(SqliteConnection& connection);

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_SQLITE_SCHEMA_H_
