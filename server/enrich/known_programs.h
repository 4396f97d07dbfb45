// Programs that uap-core's rules do not tell apart, by what stands in their user agents.
#ifndef LOGS_SERVER_ENRICH_KNOWN_PROGRAMS_H_
#define LOGS_SERVER_ENRICH_KNOWN_PROGRAMS_H_

#include <optional>
#include <string_view>

namespace logs_server {

struct Program {
  std::string_view name;
  std::string_view version;  // a view of the user agent; empty: it tells none
};

// What a user agent begins with: "curl/8.5.0 …" is curl, 8.5.0. None when it is not a name, or that of every browser.
std::optional<Program> first_product(std::string_view user_agent);

// Nobody sits in front of it: a library, a command, a health check, a load generator.
bool is_unattended(std::string_view user_agent);

// An application that shows pages within itself, which is then what a person used: WeChat, Alipay and the like.
std::optional<Program> application_around(std::string_view user_agent);

// A system that the rules take for another one, or for none.
std::optional<Program> other_system(std::string_view user_agent);

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_KNOWN_PROGRAMS_H_
