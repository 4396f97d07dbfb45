// IpAddress: an IPv4 or IPv6 address as sixteen bytes; IPv4 stands as its IPv4-mapped form (RFC 4291, 2.5.5.2), so that
// "10.0.0.1" and "::ffff:10.0.0.1" are the same peer.
#ifndef LOGS_SDK_CAPTURE_IP_ADDRESS_H_
#define LOGS_SDK_CAPTURE_IP_ADDRESS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace logs_sdk::inline v1 {

struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  friend bool operator==(const IpAddress&, const IpAddress&) = default;

  bool is_v4() const noexcept;
  // "192.0.2.1" without leading zeros, or IPv6 text; a zone ("%eth0") is left aside.
  static std::optional<IpAddress> parse(std::string_view text) noexcept;
};

// The address in a node of X-Forwarded-For or Forwarded: without brackets, port and quotes; "192.0.2.1:80",
// "[2001:db8::1]:80", "2001:db8::1". The rest of `node` when it is none of these.
std::string_view address_of_node(std::string_view node) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_IP_ADDRESS_H_
