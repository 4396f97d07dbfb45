// The client's address behind proxies.
#ifndef LOGS_SDK_CAPTURE_CLIENT_ADDRESS_H_
#define LOGS_SDK_CAPTURE_CLIENT_ADDRESS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "src/capture/exchange_state.h"
#include "src/capture/ip_address.h"
#include "src/capture/trusted_proxies.h"

namespace logs_sdk::inline v1 {

// Why the client's address is the one it is.
enum class IpRule : std::uint8_t {
  kPeer,           // nobody says that he forwards: the peer
  kUntrustedPeer,  // somebody says so, but the peer is not trusted: the peer
  kXForwardedFor,  // the first stranger of X-Forwarded-For, from the right
  kForwarded,      // the first stranger of Forwarded, from the right
  kAllTrusted,     // no stranger in the chain: its leftmost address
  kObfuscated,     // before any stranger came one who hides: the last address before him
  kMalformed,      // before any stranger came what is no address: the last one before it
  kCut,            // the chain is not here, or too long to be walked, up to any stranger: the last address before
};

// The word of tags.ip_rule: "peer", "untrusted_peer", "x_forwarded_for" and so on.
std::string_view ip_rule_name(IpRule rule) noexcept;

struct ClientAddress {
  std::optional<IpAddress> address;  // nothing: the peer, whose text is no address
  IpRule rule = IpRule::kPeer;
  // Elements of the chain from the right up to the one that decided: as many proxies have written into other headers.
  std::size_t hops = 0;
};

// The peer when it is not trusted (`peer_trusted`: TrustedProxies::contains_peer of it). Otherwise walks
// X-Forwarded-For, or Forwarded (RFC 7239) where that has no element, from the right. Linear in the chain.
ClientAddress client_address(const ExchangeState& state, const TrustedProxies& trusted, bool peer_trusted) noexcept;

// What the proxy that named the client says in a header to which each proxy appends an element or writes one alone,
// such as X-Forwarded-Proto: the element `hops` from the right, or the leftmost of fewer; empty when there is none.
std::string_view element_at_hop(const ExchangeState& state, HeaderId id, std::size_t hops) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_CLIENT_ADDRESS_H_
