#include "src/capture/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace logs_sdk::inline v1 {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

// Strict dotted decimal: inet_pton refuses the same, but costs ten times as much, and most peers are IPv4.
std::optional<IpAddress> parse_v4(std::string_view text) noexcept {
  IpAddress address;
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin());
  std::size_t at = 0;
  for (std::size_t octet = 0; octet < 4; ++octet) {
    if (octet > 0 && (at == text.size() || text[at++] != '.')) return std::nullopt;
    unsigned value = 0;
    const std::size_t first = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - first < 3)
      value = value * 10 + static_cast<unsigned>(text[at++] - '0');
    if (at == first || value > 255 || (text[first] == '0' && at - first > 1)) return std::nullopt;
    address.bytes[12 + octet] = static_cast<std::uint8_t>(value);
  }
  if (at != text.size()) return std::nullopt;
  return address;
}

std::optional<IpAddress> parse_v6(std::string_view text) noexcept {
  char buffer[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof buffer) return std::nullopt;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  IpAddress address;
  if (inet_pton(AF_INET6, buffer, address.bytes.data()) != 1) return std::nullopt;
  return address;
}

}  // namespace

bool IpAddress::is_v4() const noexcept { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin()); }

std::optional<IpAddress> IpAddress::parse(std::string_view text) noexcept {
  if (const auto address = parse_v4(text)) return address;
  if (text.find(':') == std::string_view::npos) return std::nullopt;
  return parse_v6(text.substr(0, text.find('%')));
}

std::string_view address_of_node(std::string_view node) noexcept {
  if (node.size() >= 2 && node.front() == '"' && node.back() == '"') node = node.substr(1, node.size() - 2);
  if (!node.empty() && node.front() == '[') {
    const std::size_t close = node.find(']');
    return close == std::string_view::npos ? node : node.substr(1, close - 1);
  }
  const std::size_t colon = node.find(':');
  const bool one_colon = colon != std::string_view::npos && node.find(':', colon + 1) == std::string_view::npos;
  return one_colon ? node.substr(0, colon) : node;
}

}  // namespace logs_sdk::inline v1
