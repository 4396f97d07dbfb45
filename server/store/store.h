// Store: entries, kept once, in the order of their receipt; found again by identity, time and a filter.
//
// Implementations: MemoryStore (the reference the contract suite compares with) and SqliteStore (embedded).
// Thread-safety: every call from any thread.
// Durability: when append() returns, its new entries survive the death of process and machine (embedded store).
#ifndef LOGS_SERVER_STORE_STORE_H_
#define LOGS_SERVER_STORE_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/stored_entry.h"
#include "src/base/status.h"

namespace logs_server {

using logs_sdk::Result;
using logs_sdk::Status;

enum class AppendVerdict : std::uint8_t { kStored, kDuplicate };

// A place in the order of lists: newest first by (ordered_at_us, uid).
struct Position {
  std::int64_t ordered_at_us = 0;
  std::uint64_t uid = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

struct ScanRange {
  std::optional<std::string> project_slug;
  std::int64_t from_us = INT64_MIN;  // of ordered_at_us, included
  std::int64_t to_us = INT64_MAX;    // not included
  std::optional<Position> before;    // only entries that come after this place in the list (older)
};

class Store {
 public:
  virtual ~Store() = default;
  // Commits all entries in one step and says of each what became of it; entries get their uid here. Identity is
  // (project_slug, uuid); an entry without uuid is never a duplicate and gets one from the caller before. A complete
  // entry replaces an interrupted one of the same identity (both count as stored); never the reverse.
  // kRetry: nothing was stored, try again later (disk full, busy).
  virtual Result<std::vector<AppendVerdict>> append(std::span<NewEntry> entries) = 0;
  virtual Result<std::optional<StoredEntry>> find(std::string_view uuid_hex) = 0;
  // Calls `visit` with each entry of the range, newest first, until it returns false. Entries stored meanwhile may or
  // may not be seen. The view is valid during the call.
  virtual Status scan(const ScanRange& range, const std::function<bool(const StoredEntry&)>& visit) = 0;
  virtual Result<std::uint64_t> count() = 0;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_STORE_H_
