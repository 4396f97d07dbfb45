// The client's address behind proxies.
#ifndef LOGS_SDK_CAPTURE_CLIENT_ADDRESS_H_
#define LOGS_SDK_CAPTURE_CLIENT_ADDRESS_H_

#include <string_view>

#include "src/capture/exchange_state.h"
#include "src/capture/trusted_proxies.h"

namespace logs_sdk::inline v1 {

// The peer when it is not trusted (`peer_trusted`: TrustedProxies::contains_peer of it). Otherwise walks
// X-Forwarded-For, or Forwarded (RFC 7239) where there is none, from the right: the first address that is not trusted,
// or the last one before something that is no address, or the leftmost when all are trusted. Without port and brackets;
// an IPv4-mapped address as IPv4. A view into `state`.
std::string_view client_address(const ExchangeState& state, const TrustedProxies& trusted, bool peer_trusted) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_CLIENT_ADDRESS_H_
