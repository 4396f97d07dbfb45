#include "src/capture/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace logs_sdk::inline v1 {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::size_t kGroups = 8;

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
  if (text.size() >= sizeof buffer || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  IpAddress address;
  if (inet_pton(AF_INET6, buffer, address.bytes.data()) != 1) return std::nullopt;
  return address;
}

char* write_octet(unsigned value, char* out) noexcept {
  if (value >= 100) *out++ = static_cast<char>('0' + value / 100);
  if (value >= 10) *out++ = static_cast<char>('0' + value / 10 % 10);
  *out++ = static_cast<char>('0' + value % 10);
  return out;
}

struct Run {
  std::size_t begin = kGroups, size = 0;
};

// The longest run of zero groups, the first of equal ones; a single group is none (RFC 5952, 4.2).
Run longest_zeros(const std::array<unsigned, kGroups>& groups) noexcept {
  Run longest;
  for (std::size_t i = 0; i < kGroups;) {
    std::size_t end = i;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - i > std::max<std::size_t>(longest.size, 1)) longest = {i, end - i};
    i = end + 1;
  }
  return longest;
}

char* write_v6(const std::array<unsigned, kGroups>& groups, char* out, char* limit) noexcept {
  const Run zeros = longest_zeros(groups);
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (i == zeros.begin) {
      *out++ = ':';
      *out++ = ':';
      i += zeros.size;
      if (i == kGroups) break;
    } else if (i > 0) {
      *out++ = ':';
    }
    out = std::to_chars(out, limit, groups[i], 16).ptr;
  }
  return out;
}

}  // namespace

bool IpAddress::is_v4() const noexcept { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin()); }

std::string_view IpAddress::text(char (&out)[kMaxTextBytes]) const noexcept {
  char* end = out;
  if (is_v4()) {
    for (std::size_t i = kMappedPrefix.size(); i < bytes.size(); ++i) {
      if (end != out) *end++ = '.';
      end = write_octet(bytes[i], end);
    }
  } else {
    std::array<unsigned, kGroups> groups;
    for (std::size_t i = 0; i < kGroups; ++i) groups[i] = bytes[2 * i] * 256u + bytes[2 * i + 1];
    end = write_v6(groups, out, out + kMaxTextBytes);
  }
  return {out, static_cast<std::size_t>(end - out)};
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) noexcept {
  if (const auto address = parse_v4(text)) return address;
  if (text.find(':') == std::string_view::npos) return std::nullopt;
  return parse_v6(text.substr(0, text.find('%')));
}

}  // namespace logs_sdk::inline v1
