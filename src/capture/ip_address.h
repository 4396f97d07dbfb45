// IpAddress: an IPv4 or IPv6 address as sixteen bytes; IPv4 stands as its IPv4-mapped form (RFC 4291, 2.5.5.2), so that
// "10.0.0.1" and "::ffff:10.0.0.1" are the same peer.
#ifndef LOGS_SDK_CAPTURE_IP_ADDRESS_H_
#define LOGS_SDK_CAPTURE_IP_ADDRESS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace logs_sdk::inline v1 {

struct IpAddress {
  // Eight groups of four digits and the colons between them.
  static constexpr std::size_t kMaxTextBytes = 39;

  std::array<std::uint8_t, 16> bytes{};

  friend bool operator==(const IpAddress&, const IpAddress&) = default;

  bool is_v4() const noexcept;
  // The one text of this address, however it was written: dotted for IPv4 and IPv4-mapped, RFC 5952 for the rest. A
  // view of the beginning of `out`.
  std::string_view text(char (&out)[kMaxTextBytes]) const noexcept;
  // "192.0.2.1" without leading zeros, or IPv6 text in any writing (RFC 4291, 2.2); a zone ("%eth0", which means
  // something on one machine only) is left aside.
  static std::optional<IpAddress> parse(std::string_view text) noexcept;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_IP_ADDRESS_H_
