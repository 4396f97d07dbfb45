#include "server/http/peer_address.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace logs_server {
namespace {

namespace ip = boost::asio::ip;

// One element of X-Forwarded-For: an address, which some proxies write with its port, "192.0.2.1:80",
// "[2001:db8::1]:80".
std::optional<ip::address> parse_element(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t[");
  if (first == std::string_view::npos) return std::nullopt;
  const bool in_brackets = first > 0 && text[first - 1] == '[';
  text.remove_prefix(first);
  const bool has_port = std::count(text.begin(), text.end(), ':') == 1;
  text = text.substr(0, text.find_first_of(in_brackets ? "]" : has_port ? ":" : " \t"));
  boost::system::error_code error;
  const ip::address address = ip::make_address(text, error);
  if (error) return std::nullopt;
  return address;
}

}  // namespace

std::string counted_peer(const ip::address& peer, const std::vector<std::string>& shared_peers) {
  ip::address address = peer;
  if (peer.is_v6() && peer.to_v6().is_v4_mapped()) address = ip::make_address_v4(ip::v4_mapped, peer.to_v6());
  const std::string text = address.to_string();
  if (std::find(shared_peers.begin(), shared_peers.end(), text) != shared_peers.end()) return {};
  if (address.is_v4() || address.is_loopback()) return text;
  ip::address_v6::bytes_type bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return ip::address_v6(bytes).to_string();
}

std::string counted_forwarded(const Headers& headers, const std::vector<std::string>& shared_peers) {
  for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
    if (header->first != "x-forwarded-for") continue;
    std::string_view rest = header->second;
    for (std::size_t comma = 0; comma != std::string_view::npos;) {
      comma = rest.find_last_of(',');
      const auto address = parse_element(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
      if (!address) return {};
      if (std::string counted = counted_peer(*address, shared_peers); !counted.empty()) return counted;
      rest = rest.substr(0, comma);
    }
  }
  return {};
}

}  // namespace logs_server
