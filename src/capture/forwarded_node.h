// Nodes of a forwarding chain: what a proxy writes of whom it forwards for, in X-Forwarded-For or in Forwarded.
#ifndef LOGS_SDK_CAPTURE_FORWARDED_NODE_H_
#define LOGS_SDK_CAPTURE_FORWARDED_NODE_H_

#include <cstdint>
#include <string_view>

#include "src/capture/ip_address.h"

namespace logs_sdk::inline v1 {

struct ForwardedNode {
  enum class Kind : std::uint8_t {
    kAddress,
    kUnixSocket,  // "unix:", as nginx writes the peer of a Unix socket
    kObfuscated,  // a name in place of an address: "unknown", "_hidden" (RFC 7239, 6.2 and 6.3); or nobody named at all
    kMalformed,   // none of these
  };
  Kind kind = Kind::kMalformed;
  IpAddress address{};  // of kAddress
};

// An element of X-Forwarded-For, which no standard describes, or the node of one of Forwarded (RFC 7239, 6):
// "192.0.2.1", "2001:db8::1", "[2001:db8::1]", each with a zone if it likes; with a port, of digits or obfuscated,
// where that is told from the address: "192.0.2.1:80", "[2001:db8::1]:_a".
ForwardedNode parse_node(std::string_view text) noexcept;

// An element of Forwarded (RFC 7239, 4): the node of its parameter `for`, in whatever order and case, quoted or not.
// What follows no grammar is malformed as a whole: its text may be of two writers, of whom one opened a quotation.
ForwardedNode parse_forwarded_element(std::string_view element) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_FORWARDED_NODE_H_
