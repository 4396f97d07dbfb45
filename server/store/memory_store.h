// MemoryStore: the reference implementation of Store. Plain containers, no durability; what the other stores are
// compared with, and what tests of the layers above use.
#ifndef LOGS_SERVER_STORE_MEMORY_STORE_H_
#define LOGS_SERVER_STORE_MEMORY_STORE_H_

#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "server/store/store.h"

namespace logs_server {

class MemoryStore : public Store {
 public:
  using Store::append;
  Result<std::vector<AppendVerdict>> append(std::span<const NewEntry> entries,
                                            std::span<const ClientPost> posts) override;
  Result<std::optional<StoredEntry>> find(const logs_sdk::Uuid& uuid,
                                          std::optional<std::string_view> project_slug) override;
  Status scan(const ScanRange& range, const std::function<bool(const ScannedEntry&)>& visit) override;
  Status scan_arrivals(std::uint64_t after_uid, const std::function<bool(const ScannedEntry&)>& visit) override;
  Result<std::uint64_t> last_uid() override;
  Result<std::vector<ClientRecord>> clients(std::optional<std::string_view> project_slug) override;
  Status check() override { return {}; }
  Result<std::uint64_t> count() override;

 private:
  using Identity = std::pair<std::string, logs_sdk::Uuid>;
  using Shared = std::shared_ptr<const StoredEntry>;

  AppendVerdict append_one(const NewEntry& entry);
  void absorb_post(const ClientPost& post, const ReceivedEntries& verdicts);
  std::vector<Shared> snapshot(const ScanRange& range);

  std::mutex mutex_;
  // Guarded by mutex_. The same entries by identity and by place in the list.
  std::uint64_t last_uid_ = 0;
  std::map<Identity, Shared> by_identity_;
  std::map<Position, Shared> by_position_;
  std::map<std::pair<std::string, std::string>, ClientRecord> clients_;  // by project and instance
  bool clients_forgotten_ = false;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_MEMORY_STORE_H_
