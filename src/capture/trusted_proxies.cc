#include "src/capture/trusted_proxies.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

namespace logs_sdk::inline v1 {
namespace {

constexpr unsigned kMappedPrefixBits = 96;  // IPv4 stands in the last 32 of 128 bits

// The bits after '/' as written; nothing when it is not a number of at most `limit`.
std::optional<unsigned> parse_prefix(std::string_view text, unsigned limit) noexcept {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc() || end != text.data() + text.size() || bits > limit) return std::nullopt;
  return bits;
}

IpAddress mask_of(unsigned prefix_bits) noexcept {
  IpAddress mask;
  for (unsigned i = 0; i < mask.bytes.size(); ++i) {
    const unsigned ones = std::clamp(prefix_bits, i * 8, i * 8 + 8) - i * 8;
    mask.bytes[i] = static_cast<std::uint8_t>(0xFF00u >> ones);
  }
  return mask;
}

// The sixteen bytes in two words, for comparisons without a loop.
struct Words {
  explicit Words(const IpAddress& address) noexcept { std::memcpy(this, address.bytes.data(), sizeof *this); }
  std::uint64_t front, back;
};

bool within(const IpAddress& block, const IpAddress& mask, const Words& address) noexcept {
  const Words kept(mask), wanted(block);
  return (((address.front ^ wanted.front) & kept.front) | ((address.back ^ wanted.back) & kept.back)) == 0;
}

Status refuse(std::string_view value) {
  return Status(Code::kConfiguration,
                "trusted_proxies: \"" + std::string(value) +
                    "\" is neither a CIDR (\"10.0.0.0/8\", \"fc00::/7\"), nor an address, nor \"unix\"");
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& values) {
  TrustedProxies trusted;
  for (const std::string& value : values) {
    if (value == "unix") {
      trusted.unix_sockets_ = true;
      continue;
    }
    const std::size_t slash = value.find('/');
    const std::optional<IpAddress> address = IpAddress::parse(std::string_view(value).substr(0, slash));
    if (!address || value.find('%') != std::string::npos) return refuse(value);  // no zone: it would not be looked at
    const bool dotted = value.find(':') == std::string::npos;
    const unsigned width = dotted ? 32 : 128;
    const std::optional<unsigned> bits = slash == std::string::npos
                                             ? std::optional<unsigned>(width)
                                             : parse_prefix(std::string_view(value).substr(slash + 1), width);
    if (!bits) return refuse(value);
    // "::ffff:10.0.0.0/8" would be the eight bits before all IPv4, and so nearly everybody.
    if (!dotted && address->is_v4() && *bits < kMappedPrefixBits) return refuse(value);
    Block block{*address, mask_of(*bits + (dotted ? kMappedPrefixBits : 0))};
    for (std::size_t i = 0; i < block.mask.bytes.size(); ++i) block.address.bytes[i] &= block.mask.bytes[i];
    trusted.blocks_.push_back(block);
  }
  return trusted;
}

bool TrustedProxies::contains(const IpAddress& address) const noexcept {
  const Words words(address);
  return std::any_of(blocks_.begin(), blocks_.end(),
                     [&](const Block& block) { return within(block.address, block.mask, words); });
}

bool TrustedProxies::contains_peer(std::string_view peer) const noexcept {
  if (peer == "unix") return unix_sockets_;
  const std::optional<IpAddress> address = IpAddress::parse(peer);
  return address && contains(*address);
}

}  // namespace logs_sdk::inline v1
