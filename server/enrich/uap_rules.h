// The rules of uap-core that name browsers, systems and devices by their user agents, as the build embeds them.
//
// embed/embed_uap_rules.cc writes the tables from the package's regexes.yaml. The specification is that of uap-core:
// the first rule whose pattern is found decides; a replacement stands for the group of its place, and may hold $1 to
// $9.
#ifndef LOGS_SERVER_ENRICH_UAP_RULES_H_
#define LOGS_SERVER_ENRICH_UAP_RULES_H_

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace logs_server {

// The name, and the three parts of a version that are kept: major, minor, patch.
inline constexpr std::size_t kUapParts = 4;

struct UapRule {
  std::string_view pattern;
  bool ignore_case = false;
  std::array<std::string_view, kUapParts> replacements = {};  // empty: the group decides
};

// Each in the order of the file. Of devices only the name is embedded.
std::span<const UapRule> uap_browser_rules();
std::span<const UapRule> uap_os_rules();
std::span<const UapRule> uap_device_rules();

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_UAP_RULES_H_
