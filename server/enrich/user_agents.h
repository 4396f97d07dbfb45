// UserAgents: what user agents say of clients, remembered for those that were asked for last.
//
// A miss costs tens of microseconds, and at most some milliseconds for bytes made to be slow; a hit a fraction of one.
// Thread-safety: every call from any thread.
#ifndef LOGS_SERVER_ENRICH_USER_AGENTS_H_
#define LOGS_SERVER_ENRICH_USER_AGENTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

#include "server/enrich/bounded_cache.h"
#include "server/enrich/client_description.h"

namespace logs_server {

// Few sites see more at a time. With the longest that entries hold it is about 20 MiB.
inline constexpr std::size_t kMaxKnownUserAgents = 16'384;

class UserAgents {
 public:
  explicit UserAgents(std::size_t max_known = kMaxKnownUserAgents) : known_(max_known) {}

  // Never null. The first call prepares the rules (some tenths of a second); warm_up() does nothing else.
  std::shared_ptr<const ClientDescription> describe(std::string_view user_agent) const;
  void warm_up() const { rules(); }

  std::uint64_t hits() const { return known_.hits(); }
  std::uint64_t misses() const { return known_.misses(); }
  std::size_t left_out_rules() const;

 private:
  struct Rules;
  const Rules& rules() const;

  mutable BoundedCache<ClientDescription> known_;
  mutable std::once_flag prepared_;
  mutable std::shared_ptr<const Rules> rules_;  // written once, before prepared_ is passed
};

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_USER_AGENTS_H_
