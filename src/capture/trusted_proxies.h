// TrustedProxies: whose word counts. A peer in it may say for whom it forwards, and who the user is.
//
// Thread-safety: constant after construction.
#ifndef LOGS_SDK_CAPTURE_TRUSTED_PROXIES_H_
#define LOGS_SDK_CAPTURE_TRUSTED_PROXIES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/status.h"
#include "src/capture/ip_address.h"

namespace logs_sdk::inline v1 {

class TrustedProxies {
 public:
  TrustedProxies() = default;  // nobody

  // Each value a CIDR ("10.0.0.0/8", "fc00::/7"), a single address, or "unix". Bits beyond a prefix count for nothing.
  // kConfiguration: the message names the first value that is none of these.
  static Result<TrustedProxies> parse(const std::vector<std::string>& values);

  bool contains(const IpAddress& address) const noexcept;
  bool contains_unix_sockets() const noexcept { return unix_sockets_; }
  // `peer` as in Exchange::peer: the text of an address, or "unix".
  bool contains_peer(std::string_view peer) const noexcept;

 private:
  struct Block {
    IpAddress address;  // bits beyond the prefix are zero
    IpAddress mask;     // bits of the prefix are one
  };

  std::vector<Block> blocks_;
  bool unix_sockets_ = false;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_TRUSTED_PROXIES_H_
