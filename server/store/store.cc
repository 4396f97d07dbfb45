#include "server/store/store.h"

#include <algorithm>

namespace logs_server {

ReceivedEntries received_entries(const ClientPost& post, std::span<const AppendVerdict> verdicts) {
  const auto own = verdicts.subspan(post.first_entry, post.entry_count);
  const auto stored = std::count(own.begin(), own.end(), AppendVerdict::kStored);
  return {.accepted = static_cast<std::uint64_t>(stored),
          .duplicate = own.size() - static_cast<std::uint64_t>(stored),
          .rejected = post.rejected};
}

}  // namespace logs_server
