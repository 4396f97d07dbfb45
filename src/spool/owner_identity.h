// OwnerIdentity: who owns an instance directory. It is written into the lock file and only ever serves to refuse: a
// lock that is free although its owner provably lives is a lock that does not work here, and nothing is adopted then.
#ifndef LOGS_SDK_SPOOL_OWNER_IDENTITY_H_
#define LOGS_SDK_SPOOL_OWNER_IDENTITY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/uuid7.h"

namespace logs_sdk::inline v1 {

struct OwnerIdentity {
  Uuid instance;
  Uuid boot_id;                     // zeros: unknown, equal to no other
  std::uint64_t pid_namespace = 0;  // inode of /proc/self/ns/pid; a pid means something only within one
  std::uint64_t pid = 0;
  std::uint64_t start_ticks = 0;  // field 22 of /proc/<pid>/stat: tells a pid's second owner from its first
  std::string host;
  std::string version;
};

// Of this process. What /proc does not tell stays 0.
OwnerIdentity this_process(const Uuid& instance, const std::string& version);
// Of this boot; zeros when /proc does not tell.
Uuid this_boot();

// Lines of name=value. decode() takes any bytes; what it cannot read stays 0.
std::string encode(const OwnerIdentity& identity);
OwnerIdentity decode(std::string_view text);

// Same boot, same pid namespace, and the pid still belongs to the process that started then.
bool provably_alive(const OwnerIdentity& identity);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_OWNER_IDENTITY_H_
