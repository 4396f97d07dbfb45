#include "server/enrich/client_description.h"

#include <algorithm>
#include <array>

#include "server/enrich/known_programs.h"

namespace logs_server {
namespace {

constexpr std::array<std::string_view, 22> kDesktopSystems = {
    "Windows",   "Mac OS X", "Mac OS",  "Linux",    "Ubuntu",  "Kubuntu",   "Debian",     "Fedora",
    "Red Hat",   "CentOS",   "SUSE",    "Mandriva", "Gentoo",  "Slackware", "Arch Linux", "Linux Mint",
    "Chrome OS", "FreeBSD",  "OpenBSD", "NetBSD",   "Solaris", "BeOS"};

constexpr std::array<std::string_view, 9> kTelevisions = {"TV",          "BRAVIA", " AFT",     "Roku", "CrKey",
                                                          "PlayStation", "Xbox",   "Nintendo", "VIDAA"};

constexpr std::array<std::string_view, 7> kTablets = {"iPad",  "Tablet", "Kindle", "PlayBook",
                                                      "Silk/", "KFTT",   "Nexus 7"};

constexpr std::array<std::string_view, 10> kPhones = {"Mobile",  "iPhone", "iPod",       "Phone",   "BlackBerry",
                                                      "Symbian", "MIDP",   "Opera Mini", "webOS/1", "Windows CE"};

bool holds_one_of(std::string_view text, const auto& parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

bool is_known(const UapName& named) { return !named.name.empty() && named.name != kUnknownName; }

// A part of a version is short; what is longer is something else.
constexpr std::size_t kMaxPartBytes = 16;

std::string version_of(const UapName& named) {
  std::string version;
  for (const std::string& part : named.version) {
    if (part.empty() || part.size() > kMaxPartBytes) break;
    if (!version.empty()) version += '.';
    version += part;
  }
  return version;
}

// Makers name their devices as they like; what all of them keep to is that a phone says Mobile, and a tablet does not.
std::string_view device_type_of(std::string_view user_agent, const UapNames& names, std::string_view os_name) {
  if (names.device.name == "Spider" || is_unattended(user_agent)) return kBot;
  if (holds_one_of(user_agent, kTelevisions)) return kOtherDevice;
  if (holds_one_of(user_agent, kTablets)) return kTablet;
  if (holds_one_of(user_agent, kPhones) || os_name == "iOS") return kMobile;
  if (os_name == "Android") return kTablet;
  return is_desktop_system(os_name) ? kDesktop : kOtherDevice;
}

}  // namespace

bool is_desktop_system(std::string_view os_name) {
  return std::find(kDesktopSystems.begin(), kDesktopSystems.end(), os_name) != kDesktopSystems.end();
}

ClientDescription describe(std::string_view user_agent, const UapNames& names) {
  ClientDescription told;
  if (user_agent.empty()) return told;
  if (is_known(names.os)) {
    told.os_name = names.os.name;
    told.os_version = version_of(names.os);
  }
  if (const auto other = other_system(user_agent)) {
    told.os_name = other->name;
    told.os_version = other->version;
  }
  told.device_type = device_type_of(user_agent, names, told.os_name);
  const auto use = [&](std::string_view name, std::string_view version) {
    told.browser = name;
    told.browser_version = version;
  };
  const std::string version = version_of(names.browser);
  const auto around = application_around(user_agent);
  const auto first = first_product(user_agent);
  if (around) {
    use(around->name, around->version);
  } else if (is_known(names.browser) && (!version.empty() || !first)) {
    use(names.browser.name, version);
  } else if (first) {  // what tells no version may only be what the application is built on
    use(first->name, first->version);
  }
  return told;
}

}  // namespace logs_server
