// Whom connections and requests count for, where each address has a bound: an IPv4 address, or the 64 bits of an IPv6
// address that a site gives to one host.
//
// Internal to this folder: includes Asio. Thread-safety: functions without state.
#ifndef LOGS_SERVER_HTTP_PEER_ADDRESS_H_
#define LOGS_SERVER_HTTP_PEER_ADDRESS_H_

#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

#include "server/http/request.h"

namespace logs_server {

// Empty for one of `shared_peers` (numeric): behind it stand many clients, and it has no bound.
std::string counted_peer(const boost::asio::ip::address& peer, const std::vector<std::string>& shared_peers);

// Of a request that comes from a shared peer, such as a reverse proxy: the last address in X-Forwarded-For that is no
// shared peer's, which is the one that the proxy wrote itself. Empty when there is none.
std::string counted_forwarded(const Headers& headers, const std::vector<std::string>& shared_peers);

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_PEER_ADDRESS_H_
