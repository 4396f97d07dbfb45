// Place: what four fields of an entry say of where a call came from, by the client's address.
#ifndef LOGS_SERVER_ENRICH_PLACE_H_
#define LOGS_SERVER_ENRICH_PLACE_H_

#include <sys/socket.h>

#include <optional>
#include <string>
#include <string_view>

#include "server/enrich/geo_database.h"

namespace logs_server {

struct Place {
  std::string country;
  std::string province;
  std::string city;
  std::string isp;

  friend bool operator==(const Place&, const Place&) = default;
};

// The address to look up: IPv4-mapped IPv6 as IPv4, a zone left aside. None: no address, or one that is nobody's in
// particular (private, loopback, link-local, shared, multicast, unspecified).
std::optional<sockaddr_storage> public_address(std::string_view text);

// Names in `language` ("en", "zh-CN") where the record has them, else in English, else the code.
void add_place(const GeoRecord& record, const std::string& language, Place& place);
void add_isp(const GeoRecord& record, Place& place);

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_PLACE_H_
