// Secrets: keys, tokens and session ids. Made from the kernel's randomness, kept as BLAKE2b hashes, compared in
// constant time (libsodium).
//
// All of them have 128 random bits or more, so a fast hash without salt is enough: there is nothing to guess.
// Thread-safety: every call from any thread.
#ifndef LOGS_SERVER_API_SECRETS_H_
#define LOGS_SERVER_API_SECRETS_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace logs_server {

inline constexpr std::string_view kPublicKeyPrefix = "clog_pk_";
inline constexpr std::string_view kSecretKeyPrefix = "clog_sk_";
inline constexpr std::string_view kTokenPrefix = "clog_at_";
inline constexpr std::size_t kPublicKeyBytes = 16;
inline constexpr std::size_t kSecretBytes = 32;

// `prefix` and 2 * random_bytes hex digits.
std::string new_secret(std::string_view prefix, std::size_t random_bytes);

// 32 bytes.
std::string secret_hash(std::string_view secret);

// 16 hex digits of the hash: tells those who hold secrets apart, and is of no use to whoever sees it.
std::string secret_id(std::string_view secret);

// In a time that depends on the lengths alone.
bool equal_hashes(std::string_view a, std::string_view b);

}  // namespace logs_server

#endif  // LOGS_SERVER_API_SECRETS_H_
