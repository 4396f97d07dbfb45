#include "server/store/memory_store.h"

#include <algorithm>
#include <tuple>

namespace logs_server {
namespace {

Position position_of(const StoredEntry& entry) { return {entry.ordered_at_us, entry.uid}; }

class ScannedInMemory final : public ScannedEntry {
 public:
  explicit ScannedInMemory(const StoredEntry& entry) : entry_(entry) {}
  const EntryColumns& columns() const override { return entry_; }
  std::uint64_t uid() const override { return entry_.uid; }
  std::string_view document() const override { return entry_.document; }
  bool is_damaged() const override { return false; }

 private:
  const StoredEntry& entry_;
};

bool in_range(const StoredEntry& entry, const ScanRange& range) {
  return entry.ordered_at_us >= range.from_us && entry.ordered_at_us < range.to_us &&
         (!range.before || position_of(entry) < *range.before) &&
         (!range.project_slug || entry.project_slug == *range.project_slug) &&
         (!range.kind || entry.kind == *range.kind);
}

}  // namespace

Result<std::vector<AppendVerdict>> MemoryStore::append(std::span<const NewEntry> entries,
                                                       std::span<const ClientPost> posts) {
  const std::lock_guard lock(mutex_);
  std::vector<AppendVerdict> verdicts;
  verdicts.reserve(entries.size());
  for (const NewEntry& entry : entries) verdicts.push_back(append_one(entry));
  for (const ClientPost& post : posts) absorb_post(post, received_entries(post, verdicts));
  return verdicts;
}

void MemoryStore::absorb_post(const ClientPost& post, const ReceivedEntries& verdicts) {
  ClientRecord& record = clients_[{post.project_slug, post.instance}];
  record.project_slug = post.project_slug;
  record.instance = post.instance;
  absorb(record, post, verdicts, clients_forgotten_);
  if (clients_.size() <= kMaxClients) return;
  auto oldest = clients_.end();
  for (auto each = clients_.begin(); each != clients_.end(); ++each) {
    if (&each->second == &record) continue;
    if (oldest == clients_.end() || each->second.last_seen_us < oldest->second.last_seen_us) oldest = each;
  }
  clients_.erase(oldest);
  clients_forgotten_ = true;
}

Result<std::vector<ClientRecord>> MemoryStore::clients(std::optional<std::string_view> project_slug) {
  const std::lock_guard lock(mutex_);
  std::vector<ClientRecord> records;
  for (const auto& [name, record] : clients_) {
    if (!project_slug || record.project_slug == *project_slug) records.push_back(record);
  }
  std::sort(records.begin(), records.end(), [](const ClientRecord& a, const ClientRecord& b) {
    return std::tie(b.last_seen_us, a.project_slug, a.instance) < std::tie(a.last_seen_us, b.project_slug, b.instance);
  });
  return records;
}

AppendVerdict MemoryStore::append_one(const NewEntry& entry) {
  Shared& known = by_identity_[{entry.project_slug, entry.uuid}];
  if (known) {
    if (!known->interrupted || entry.interrupted) return AppendVerdict::kDuplicate;
    by_position_.erase(position_of(*known));
  }
  auto stored = std::make_shared<StoredEntry>();
  static_cast<NewEntry&>(*stored) = entry;
  stored->uid = ++last_uid_;
  known = stored;
  by_position_.emplace(position_of(*stored), known);
  return AppendVerdict::kStored;
}

Result<std::optional<StoredEntry>> MemoryStore::find(const logs_sdk::Uuid& uuid,
                                                     std::optional<std::string_view> project_slug) {
  const std::lock_guard lock(mutex_);
  std::optional<StoredEntry> newest;
  for (const auto& [identity, entry] : by_identity_) {
    if (entry->uuid != uuid || (project_slug && entry->project_slug != *project_slug)) continue;
    if (!newest || newest->uid < entry->uid) newest = *entry;
  }
  return newest;
}

std::vector<MemoryStore::Shared> MemoryStore::snapshot(const ScanRange& range) {
  const std::lock_guard lock(mutex_);
  std::vector<Shared> entries;
  for (auto place = by_position_.rbegin(); place != by_position_.rend(); ++place) {
    if (in_range(*place->second, range)) entries.push_back(place->second);
  }
  return entries;
}

Status MemoryStore::scan(const ScanRange& range, const std::function<bool(const ScannedEntry&)>& visit) {
  // Visited outside of the lock: a visit may take long, or call the store.
  for (const Shared& entry : snapshot(range)) {
    if (!visit(ScannedInMemory(*entry))) break;
  }
  return {};
}

Status MemoryStore::scan_arrivals(std::uint64_t after_uid, const std::function<bool(const ScannedEntry&)>& visit) {
  std::map<std::uint64_t, Shared> by_arrival;
  for (const Shared& entry : snapshot({})) {
    if (entry->uid > after_uid) by_arrival.emplace(entry->uid, entry);
  }
  for (const auto& [uid, entry] : by_arrival) {
    if (!visit(ScannedInMemory(*entry))) break;
  }
  return {};
}

Result<std::uint64_t> MemoryStore::last_uid() {
  const std::lock_guard lock(mutex_);
  return last_uid_;
}

Result<std::uint64_t> MemoryStore::count() {
  const std::lock_guard lock(mutex_);
  return static_cast<std::uint64_t>(by_identity_.size());
}

}  // namespace logs_server
