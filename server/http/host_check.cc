#include "server/http/host_check.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace logs_server {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What names and addresses are made of; names of other alphabets travel in it too (RFC 5890).
bool is_of_hosts(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._:[]").find(c) != std::string_view::npos;
}

// The host of "host", "host:port", "[v6]" and "[v6]:port"; none when it is neither.
std::optional<std::string_view> without_port(std::string_view host) {
  if (!std::all_of(host.begin(), host.end(), is_of_hosts)) return std::nullopt;
  if (host.starts_with('[')) {
    const std::size_t close = host.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view rest = host.substr(close + 1);
    if (!rest.empty() && (rest[0] != ':' || !all_digits(rest.substr(1)))) return std::nullopt;
    return host.substr(1, close - 1);
  }
  const std::size_t colon = host.find(':');
  if (colon == std::string_view::npos) return host;
  if (!all_digits(host.substr(colon + 1))) return std::nullopt;
  return host.substr(0, colon);
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  const std::string name = lower(host);
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  in_addr v4{};
  if (inet_pton(AF_INET, name.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, name.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

HostCheck::HostCheck(std::vector<std::string> public_hosts) : public_hosts_(std::move(public_hosts)) {
  for (std::string& host : public_hosts_) host = lower(host);
}

bool HostCheck::allows(std::string_view host) const {
  const std::optional<std::string_view> name = without_port(host);
  if (!name || name->empty()) return false;
  return is_loopback_host(*name) ||
         std::find(public_hosts_.begin(), public_hosts_.end(), lower(*name)) != public_hosts_.end();
}

}  // namespace logs_server
