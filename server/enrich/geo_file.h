// GeoFile: a file that may be replaced while the server runs.
//
// A new version takes the place of the old one in a single step once it has been read and checked as a whole; one that
// is broken or missing leaves the old one in use. Thread-safety: refresh() from one thread at a time, everything else
// from any thread.
#ifndef LOGS_SERVER_ENRICH_GEO_FILE_H_
#define LOGS_SERVER_ENRICH_GEO_FILE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "server/enrich/geo_database.h"
#include "src/base/status.h"

namespace logs_server {

class GeoFile {
 public:
  // Told of each version once: that it is in use, or why it is not.
  using OnVersion = std::function<void(const logs_sdk::Status&)>;

  // Opens `path`; empty: there is no file, and never will be.
  GeoFile(std::string path, OnVersion on_version);
  GeoFile(const GeoFile&) = delete;
  GeoFile& operator=(const GeoFile&) = delete;

  // Looks at the file. A version that was not there at the last look is left alone until it has stayed the same between
  // two of them: it may still be written.
  void refresh();

  // Null: none that can be used has been there yet.
  std::shared_ptr<const GeoDatabase> current() const;

  struct State {
    bool named = false;
    bool in_use = false;
    std::string type;             // of what is in use
    std::int64_t built_at_s = 0;  // the same
    std::string problem;          // of the newest version; empty: it is in use
    std::uint64_t loads = 0;
    std::uint64_t failures = 0;
  };
  State state() const;

 private:
  // What tells two versions apart; all zero: there is no file.
  struct Version {
    std::uint64_t device = 0, inode = 0;
    std::int64_t size = 0, modified_s = 0, modified_ns = 0;
    friend bool operator==(const Version&, const Version&) = default;
  };
  static Version version_of(const std::string& path);
  void load(const Version& version);

  const std::string path_;
  const OnVersion on_version_;
  // Of refresh() alone.
  Version seen_;
  Version judged_;
  mutable std::mutex mutex_;
  std::shared_ptr<const GeoDatabase> current_;  // guarded by mutex_, as is the next
  State state_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_GEO_FILE_H_
