#include "src/capture/client_address.h"

#include <array>

#include "src/capture/elements_from_end.h"
#include "src/capture/forwarded_node.h"

namespace logs_sdk::inline v1 {
namespace {

// More proxies than any request passes. Beyond them everybody in the chain is trusted, so it is not an attacker's who
// gets nothing for its length: it is a loop of proxies.
constexpr std::size_t kMaxHops = 64;

// In the order of IpRule.
constexpr std::array<std::string_view, 8> kRuleNames = {"peer",        "untrusted_peer", "x_forwarded_for", "forwarded",
                                                        "all_trusted", "obfuscated",     "malformed",       "cut"};

class Walk {
 public:
  Walk(const TrustedProxies& trusted, const std::optional<IpAddress>& peer) noexcept : trusted_(trusted) {
    client_.address = peer;
  }

  // False when the header says nothing.
  bool through(const ExchangeState& state, HeaderId id) noexcept {
    if (state.request_headers.lost(id)) {
      client_.rule = IpRule::kCut;
      return true;
    }
    const bool forwarded = id == HeaderId::kForwarded;
    ElementsFromEnd elements(state, id, forwarded ? Quotes::kStrings : Quotes::kNone);
    const IpRule stranger = forwarded ? IpRule::kForwarded : IpRule::kXForwardedFor;
    while (const auto element = elements.next()) {
      if (++client_.hops > kMaxHops) {
        client_.rule = IpRule::kCut;
        break;
      }
      if (!pass(forwarded ? parse_forwarded_element(*element) : parse_node(*element), stranger)) break;
    }
    return client_.hops > 0;
  }
  const ClientAddress& client() const noexcept { return client_; }

 private:
  // Whether this one is trusted, so that it counts whom it forwards for.
  bool pass(const ForwardedNode& node, IpRule stranger) noexcept {
    bool passed = false;
    if (node.kind == ForwardedNode::Kind::kAddress) {
      client_.address = node.address;
      passed = trusted_.contains(node.address);
      client_.rule = passed ? IpRule::kAllTrusted : stranger;
    } else if (node.kind == ForwardedNode::Kind::kUnixSocket && trusted_.contains_unix_sockets()) {
      passed = true;
      client_.rule = IpRule::kAllTrusted;
    } else {
      client_.rule = node.kind == ForwardedNode::Kind::kMalformed ? IpRule::kMalformed : IpRule::kObfuscated;
    }
    return passed;
  }

  const TrustedProxies& trusted_;
  ClientAddress client_;
};

bool forwards(const ExchangeState& state) noexcept {
  const auto& headers = state.request_headers;
  return headers.has(HeaderId::kForwardedFor) || headers.has(HeaderId::kForwarded) ||
         headers.lost(HeaderId::kForwardedFor) || headers.lost(HeaderId::kForwarded);
}

}  // namespace

std::string_view ip_rule_name(IpRule rule) noexcept { return kRuleNames[static_cast<std::size_t>(rule)]; }

ClientAddress client_address(const ExchangeState& state, const TrustedProxies& trusted, bool peer_trusted) noexcept {
  const std::optional<IpAddress> peer = IpAddress::parse(state.text(state.peer));
  if (!peer_trusted) return {peer, forwards(state) ? IpRule::kUntrustedPeer : IpRule::kPeer};
  Walk walk(trusted, peer);
  if (!walk.through(state, HeaderId::kForwardedFor)) walk.through(state, HeaderId::kForwarded);
  return walk.client();
}

std::string_view element_at_hop(const ExchangeState& state, HeaderId id, std::size_t hops) noexcept {
  if (state.request_headers.lost(id)) return {};
  ElementsFromEnd elements(state, id, Quotes::kNone);
  std::string_view found;
  std::size_t passed = 0;
  do {
    const auto element = elements.next();
    if (!element) break;
    found = *element;
  } while (++passed < hops);
  return found;
}

}  // namespace logs_sdk::inline v1
