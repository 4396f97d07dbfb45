// GeoDatabase: one file of the MaxMind format, as it was when it was opened.
//
// It works on a copy in anonymous memory (memfd): whatever happens to the file afterwards, even if it is overwritten in
// place, a look-up reads what was checked. Immutable; every call from any thread.
#ifndef LOGS_SERVER_ENRICH_GEO_DATABASE_H_
#define LOGS_SERVER_ENRICH_GEO_DATABASE_H_

#include <maxminddb.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

#include "src/base/status.h"

namespace logs_server {

// The largest that are sold have some hundred megabytes; it all stays in memory.
inline constexpr std::size_t kMaxGeoFileBytes = std::size_t{1} << 30;

// What is known of an address. Valid as long as its database.
class GeoRecord {
 public:
  explicit GeoRecord(const MMDB_entry_s& entry) : entry_(entry) {}

  // The text at the end of a path of names; "0" to "9" select of an array. Empty: there is none. UTF-8 (repaired).
  std::string text(std::initializer_list<const char*> path) const;

 private:
  MMDB_entry_s entry_;
};

class GeoDatabase {
 public:
  // kRetry: the file is being written. kConfiguration, kInput: it cannot be read, or is damaged. Messages do not name
  // the file.
  static logs_sdk::Result<std::shared_ptr<const GeoDatabase>> open(const std::string& path);

  ~GeoDatabase();
  GeoDatabase(const GeoDatabase&) = delete;
  GeoDatabase& operator=(const GeoDatabase&) = delete;

  // `address` is one of IPv4 or IPv6.
  std::optional<GeoRecord> find(const sockaddr& address) const;

  std::string type() const { return database_.metadata.database_type; }  // "GeoLite2-City"
  std::int64_t built_at_s() const { return static_cast<std::int64_t>(database_.metadata.build_epoch); }

 private:
  explicit GeoDatabase(const MMDB_s& database) : database_(database) {}

  MMDB_s database_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_GEO_DATABASE_H_
