// ClientHints: what a browser tells of itself in headers (User-Agent Client Hints,
// https://wicg.github.io/ua-client-hints/).
//
// They win over the user agent, whose versions browsers have frozen: "Windows NT 10.0" is also Windows 11, and every
// Mac says 10_15_7. A program that is known to be unattended stays what it is.
#ifndef LOGS_SERVER_ENRICH_CLIENT_HINTS_H_
#define LOGS_SERVER_ENRICH_CLIENT_HINTS_H_

#include <optional>
#include <string>
#include <string_view>

#include "server/enrich/client_description.h"

namespace logs_server {

struct ClientHints {
  std::string brand;  // the one that says most: not one made up (GREASE), and the engine's only if there is no other
  std::string brand_version;  // the full one if it was sent
  bool is_full_version = false;
  std::string platform;
  std::string platform_version;
  std::string model;
  std::optional<bool> mobile;

  friend bool operator==(const ClientHints&, const ClientHints&) = default;
};

// Whether it is worth reading them: most entries have none. `request_headers` may also be a JSON token as it stands in
// an entry; names are written in small letters by ours, and in the usual ways by others.
bool may_hold_client_hints(std::string_view request_headers);

// `request_headers` as the field of an entry: a JSON object as text. None without hints, and when it is no such object.
std::optional<ClientHints> read_client_hints(std::string_view request_headers);

// Puts what the hints tell over what the user agent told.
void apply(const ClientHints& hints, ClientDescription& told);

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_CLIENT_HINTS_H_
