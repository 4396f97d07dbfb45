// SHA-256 (FIPS 180-4). For names and for identifiers that must not be reversible: folder names, session ids. Not a hot
// path: straightforward code, about 300 MB/s.
#ifndef LOGS_SDK_BASE_SHA256_H_
#define LOGS_SDK_BASE_SHA256_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace logs_sdk::inline v1 {

using Sha256Digest = std::array<std::uint8_t, 32>;

Sha256Digest sha256(std::string_view message) noexcept;

// The first `digits` (at most 64) lower-case hex digits of the digest, written to `out` without a terminator.
void sha256_hex(std::string_view message, std::size_t digits, char* out) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_SHA256_H_
