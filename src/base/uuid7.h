// UUID version 7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, then a counter and random bits.
#ifndef LOGS_SDK_BASE_UUID7_H_
#define LOGS_SDK_BASE_UUID7_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "src/base/clock.h"

namespace logs_sdk::inline v1 {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};  // big-endian, as in RFC 9562

  friend bool operator==(const Uuid&, const Uuid&) = default;
  friend auto operator<=>(const Uuid&, const Uuid&) = default;

  int version() const noexcept { return bytes[6] >> 4; }
  // Unix milliseconds of a version 7; meaningless for others.
  std::int64_t unix_ms() const noexcept;
  // 32 lower-case hex digits.
  void to_hex(char (&out)[32]) const noexcept;
  // 32 hex digits of either case, or the 36 characters with hyphens.
  static std::optional<Uuid> parse(std::string_view text) noexcept;
};

// The next identifier of this process: greater than every one made before, on any thread, also when the clock steps
// back. Thread-safe, no lock, no system call but the occasional reseeding (random.h).
Uuid next_uuid7(WallTime now) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_UUID7_H_
