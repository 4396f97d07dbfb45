// Store: entries, kept once, in the order of their time; found again by identity, time and a filter.
//
// Implementations: MemoryStore (the reference the contract suite compares with) and SqliteStore (embedded).
// Thread-safety: every call from any thread; a scan never holds up an append.
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

#include "server/store/client_record.h"
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
  std::optional<std::string> project_slug = {};
  std::optional<EntryKind> kind = {};
  std::int64_t from_us = INT64_MIN;     // of ordered_at_us, included
  std::int64_t to_us = INT64_MAX;       // not included
  std::optional<Position> before = {};  // only entries that come after this place in the list (older)
};

// One entry while a scan stands on it; nothing of it outlives the visit.
class ScannedEntry {
 public:
  virtual ~ScannedEntry() = default;
  virtual const EntryColumns& columns() const = 0;
  virtual std::uint64_t uid() const = 0;
  // Unpacked when first asked for, so that a filter which the columns decide does not pay for it. A damaged document
  // reads as empty; the scan goes on, for one bad row must not hide all that are older.
  virtual std::string_view document() const = 0;
  // Whether document() was asked for in vain.
  virtual bool is_damaged() const = 0;

  Position position() const { return {columns().ordered_at_us, uid()}; }
};

// The verdicts on the entries of a post, from those on the whole append.
ReceivedEntries received_entries(const ClientPost& post, std::span<const AppendVerdict> verdicts);

class Store {
 public:
  virtual ~Store() = default;

  // Commits all entries in one step and says of each, in their order, what became of it; a stored entry gets the next
  // uid. Identity is (project_slug, uuid), within the call as well. A complete entry replaces an interrupted one of the
  // same identity under a new uid and counts as stored; every other repetition is a duplicate and changes nothing.
  // `posts`: the clients that sent them, whose records are brought up to date in the same step; a post may have no
  // entries.
  // On failure nothing was stored. kRetry: try again later (disk full, busy); kGiveUp: the store is damaged.
  virtual Result<std::vector<AppendVerdict>> append(std::span<const NewEntry> entries,
                                                    std::span<const ClientPost> posts) = 0;
  Result<std::vector<AppendVerdict>> append(std::span<const NewEntry> entries) { return append(entries, {}); }

  // The entry of that identity; of any project when none is named (the one stored last, should several have it).
  // kGiveUp, naming the uid: its document is damaged.
  virtual Result<std::optional<StoredEntry>> find(const logs_sdk::Uuid& uuid,
                                                  std::optional<std::string_view> project_slug) = 0;

  // Calls `visit` with each entry of the range, newest first, until it returns false. Entries stored meanwhile may or
  // may not be seen.
  virtual Status scan(const ScanRange& range, const std::function<bool(const ScannedEntry&)>& visit) = 0;

  // Calls `visit` with each entry whose uid is greater, in the order of uids, which is that of their arrival, until it
  // returns false.
  virtual Status scan_arrivals(std::uint64_t after_uid, const std::function<bool(const ScannedEntry&)>& visit) = 0;

  // The uid of the entry that arrived last; 0 when there is none.
  virtual Result<std::uint64_t> last_uid() = 0;

  // Clients of one project, or of all, the one seen last first; at most kMaxClients.
  virtual Result<std::vector<ClientRecord>> clients(std::optional<std::string_view> project_slug) = 0;

  // Whether it can be read and written at the moment. The message says why not and names no path: it is for everybody.
  virtual Status check() = 0;

  // How many entries there are.
  virtual Result<std::uint64_t> count() = 0;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_STORE_H_
