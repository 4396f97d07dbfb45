#include "server/api/secrets.h"

#include <sodium.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "src/base/hex.h"

namespace logs_server {
namespace {

// Without its randomness nothing can go on; libsodium allows any number of calls, from any thread.
void ensure_sodium() {
  if (sodium_init() < 0) std::abort();
}

}  // namespace

std::string new_secret(std::string_view prefix, std::size_t random_bytes) {
  ensure_sodium();
  std::vector<unsigned char> bytes(random_bytes);
  randombytes_buf(bytes.data(), bytes.size());
  std::string hex(2 * random_bytes + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  hex.pop_back();
  return std::string(prefix) + hex;
}

std::string secret_hash(std::string_view secret) {
  ensure_sodium();
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), nullptr, 0);
  return hash;
}

std::string secret_id(std::string_view secret) {
  const std::string hash = secret_hash(secret);
  std::uint64_t id = 0;
  std::memcpy(&id, hash.data(), sizeof id);
  return logs_sdk::to_hex(id);
}

bool equal_hashes(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace logs_server
