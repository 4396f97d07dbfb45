#include "src/sdk/endpoint_url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace logs_sdk::inline v1 {
namespace {

constexpr std::string_view kSchemeEnd = "://";

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool printable(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool valid_port(std::string_view text) noexcept {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65'535;
}

bool address_of_family(int family, std::string_view host, void* address) noexcept {
  char text[INET6_ADDRSTRLEN] = {};
  if (host.size() >= sizeof text) return false;
  std::copy(host.begin(), host.end(), text);
  return inet_pton(family, text, address) == 1;
}

// Splits "host", "host:port" or "[address]:port"; false when one of the parts is malformed.
bool split_authority(std::string_view authority, std::string_view& host) noexcept {
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) return false;
    host = authority.substr(1, bracket - 1);
    port = authority.substr(bracket + 1);
    in6_addr address;
    if (!address_of_family(AF_INET6, host, &address)) return false;
  } else {
    host = authority.substr(0, authority.find(':'));
    port = authority.substr(host.size());
    if (host.find_first_of("[]\\\"<>^`{|}%") != std::string_view::npos) return false;
  }
  return !host.empty() && (port.empty() || (port.front() == ':' && valid_port(port.substr(1))));
}

}  // namespace

std::optional<EndpointUrl> EndpointUrl::parse(std::string_view url) noexcept {
  const std::size_t scheme_size = url.find(kSchemeEnd);
  if (scheme_size == std::string_view::npos || !printable(url)) return std::nullopt;
  EndpointUrl parts;
  parts.https = equal_ignoring_case(url.substr(0, scheme_size), "https");
  if (!parts.https && !equal_ignoring_case(url.substr(0, scheme_size), "http")) return std::nullopt;

  const std::string_view rest = url.substr(scheme_size + kSchemeEnd.size());
  std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  parts.fragment = rest.find('#') != std::string_view::npos;
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    parts.user_info = true;
    authority.remove_prefix(at + 1);
  }
  if (!split_authority(authority, parts.host)) return std::nullopt;
  return parts;
}

bool EndpointUrl::loopback() const noexcept {
  if (equal_ignoring_case(host, "localhost")) return true;
  in_addr ipv4;
  if (address_of_family(AF_INET, host, &ipv4)) return (ntohl(ipv4.s_addr) >> 24) == 127;
  in6_addr ipv6;
  return address_of_family(AF_INET6, host, &ipv6) && IN6_IS_ADDR_LOOPBACK(&ipv6) != 0;
}

std::string redacted_url(std::string_view url) {
  std::string shown;
  if (const std::size_t scheme = url.find(kSchemeEnd); scheme != std::string_view::npos) {
    shown = url.substr(0, scheme + kSchemeEnd.size());
    url.remove_prefix(shown.size());
  }
  // The last '@' of the whole text: a password may hold an unescaped '/' or '?'.
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
    shown += "***";
    url.remove_prefix(at);
  }
  const std::size_t query = url.find_first_of("?#");
  shown += url.substr(0, query);
  if (query != std::string_view::npos) shown.append(1, url[query]).append("***");
  return shown;
}

}  // namespace logs_sdk::inline v1
