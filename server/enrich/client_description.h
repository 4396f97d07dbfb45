// ClientDescription: what five fields of an entry say of the program and the machine that called.
//
// From the user agent, by the rules of uap-core and the few of our own that they lack: programs without a person in
// front, pages within other applications, and the kind of device. Names are those of uap-core. What is not known is
// empty; only the device type of a user agent that nothing is known of is "Other".
#ifndef LOGS_SERVER_ENRICH_CLIENT_DESCRIPTION_H_
#define LOGS_SERVER_ENRICH_CLIENT_DESCRIPTION_H_

#include <string>
#include <string_view>

#include "server/enrich/uap_rule_set.h"

namespace logs_server {

struct ClientDescription {
  std::string device_type;  // one of those below, or empty
  std::string browser;
  std::string browser_version;  // as many of major.minor.patch as are known
  std::string os_name;
  std::string os_version;

  friend bool operator==(const ClientDescription&, const ClientDescription&) = default;
};

inline constexpr std::string_view kDesktop = "Desktop";
inline constexpr std::string_view kMobile = "Mobile";
inline constexpr std::string_view kTablet = "Tablet";
inline constexpr std::string_view kBot = "Bot";
inline constexpr std::string_view kOtherDevice = "Other";

// What the rules of uap-core say of a user agent.
struct UapNames {
  UapName browser;
  UapName os;
  UapName device;
};

// Of an empty user agent: nothing. Otherwise every call takes time linear in its length.
ClientDescription describe(std::string_view user_agent, const UapNames& names);

// Whether systems of that name run on desktops and notebooks.
bool is_desktop_system(std::string_view os_name);

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_CLIENT_DESCRIPTION_H_
