// The parts of a request target: splitting and decoding (RFC 3986, RFC 9112 3.2).
#ifndef LOGS_SERVER_HTTP_URL_H_
#define LOGS_SERVER_HTTP_URL_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logs_server {

struct Target {
  std::string_view authority;  // of the absolute form only: it then overrides the Host header
  std::string_view path;       // begins with '/'
  std::string_view query;      // without '?'
};

// Views into `target`. None: neither origin form ("/path?query") nor absolute form ("http://host/path").
std::optional<Target> parse_target(std::string_view target);

// None: a '%' that two hex digits do not follow.
std::optional<std::string> percent_decode(std::string_view text);

// Names and values decoded, '+' as space; a part that does not decode stays as it is.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_URL_H_
