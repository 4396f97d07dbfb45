// Any bytes as the ownership record in a lock file: what is read is bounded, reads the same once written again, and
// never says of a process that is not the owner that it lives.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "src/spool/owner_identity.h"

namespace {

using namespace logs_sdk;

void require(bool condition) {
  if (!condition) std::abort();
}

// Any three bytes are one damaged byte of this process's own record.
std::string damaged(std::string record, const std::uint8_t* data, std::size_t size) {
  for (std::size_t i = 0; i + 3 <= size; i += 3) {
    record[(data[i] | std::size_t{data[i + 1]} << 8) % record.size()] = static_cast<char>(data[i + 2]);
  }
  return record;
}

bool names_this_process(const OwnerIdentity& read, const OwnerIdentity& own) {
  return read.boot_id == own.boot_id && read.pid_namespace == own.pid_namespace && read.start_ticks == own.start_ticks;
}

void check(const std::string& bytes, const OwnerIdentity& own) {
  const OwnerIdentity read = decode(bytes);
  require(read.host.size() <= 255 && read.version.size() <= 255);
  require(read.host.find('\n') == std::string::npos && read.version.find('\n') == std::string::npos);
  require(encode(decode(encode(read))) == encode(read));
  // Another process that began in the very same tick may own the record; one of another time may not.
  if (provably_alive(read)) require(names_this_process(read, own) || read.pid != own.pid);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const OwnerIdentity kOwn = this_process(*Uuid::parse("000102030405060708090a0b0c0d0e0f"), "1.0.0");
  static const std::string kRecord = encode(kOwn);
  require(provably_alive(decode(kRecord)));
  const std::string raw(reinterpret_cast<const char*>(data), size);
  check(raw, kOwn);
  check(kRecord + raw, kOwn);
  check(damaged(kRecord, data, size), kOwn);
  return 0;
}
