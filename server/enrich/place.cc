#include "server/enrich/place.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace logs_server {
namespace {

struct Network {
  std::uint32_t address;
  int bits;
};

// The registry of special-purpose addresses (RFC 6890), as far as clients can have them.
constexpr std::array<Network, 9> kNobodys = {{{0x00000000, 8},
                                              {0x0a000000, 8},
                                              {0x64400000, 10},
                                              {0x7f000000, 8},
                                              {0xa9fe0000, 16},
                                              {0xac100000, 12},
                                              {0xc0a80000, 16},
                                              {0xe0000000, 4},
                                              {0xf0000000, 4}}};

bool is_public(std::uint32_t address) {
  return std::none_of(kNobodys.begin(), kNobodys.end(),
                      [&](const Network& network) { return (address ^ network.address) >> (32 - network.bits) == 0; });
}

bool is_public(const in6_addr& address) {
  const std::uint8_t* const bytes = address.s6_addr;
  const bool unique_local = (bytes[0] & 0xfe) == 0xfc;
  const bool link_local = bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
  return !unique_local && !link_local && bytes[0] != 0xff && IN6_IS_ADDR_LOOPBACK(&address) == 0 &&
         IN6_IS_ADDR_UNSPECIFIED(&address) == 0;
}

std::optional<sockaddr_storage> public_v4(const in_addr& address) {
  if (!is_public(ntohl(address.s_addr))) return std::nullopt;
  sockaddr_storage storage{};
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_addr = address;
  std::memcpy(&storage, &made, sizeof made);
  return storage;
}

// The first path that leads to a text.
std::string first_text(const GeoRecord& record, std::initializer_list<std::initializer_list<const char*>> paths) {
  for (const auto& path : paths) {
    if (std::string text = record.text(path); !text.empty()) return text;
  }
  return {};
}

}  // namespace

std::optional<sockaddr_storage> public_address(std::string_view text) {
  const std::string address(text.substr(0, text.find('%')));
  in_addr v4{};
  if (::inet_pton(AF_INET, address.c_str(), &v4) == 1) return public_v4(v4);
  sockaddr_in6 made{};
  made.sin6_family = AF_INET6;
  if (::inet_pton(AF_INET6, address.c_str(), &made.sin6_addr) != 1) return std::nullopt;
  if (IN6_IS_ADDR_V4MAPPED(&made.sin6_addr) != 0) {
    std::memcpy(&v4, made.sin6_addr.s6_addr + 12, sizeof v4);
    return public_v4(v4);
  }
  if (!is_public(made.sin6_addr)) return std::nullopt;
  sockaddr_storage storage{};
  std::memcpy(&storage, &made, sizeof made);
  return storage;
}

void add_place(const GeoRecord& record, const std::string& language, Place& place) {
  const char* const wanted = language.c_str();
  place.country = first_text(record, {{"country", "names", wanted},
                                      {"country", "names", "en"},
                                      {"country", "iso_code"},
                                      {"registered_country", "names", wanted},
                                      {"registered_country", "names", "en"},
                                      {"registered_country", "iso_code"}});
  place.province = first_text(record, {{"subdivisions", "0", "names", wanted},
                                       {"subdivisions", "0", "names", "en"},
                                       {"subdivisions", "0", "iso_code"}});
  place.city = first_text(record, {{"city", "names", wanted}, {"city", "names", "en"}});
}

void add_isp(const GeoRecord& record, Place& place) {
  place.isp = first_text(record, {{"isp"},
                                  {"traits", "isp"},
                                  {"organization"},
                                  {"autonomous_system_organization"},
                                  {"traits", "autonomous_system_organization"}});
}

}  // namespace logs_server
