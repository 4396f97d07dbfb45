// EndpointUrl: the parts of an http(s) URL that the configuration judges. The request itself is made by libcurl.
#ifndef LOGS_SDK_SDK_ENDPOINT_URL_H_
#define LOGS_SDK_SDK_ENDPOINT_URL_H_

#include <optional>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

struct EndpointUrl {
  bool https = false;
  bool user_info = false;  // "user:password@" stands before the host
  bool fragment = false;
  std::string_view host;  // without the brackets of an IPv6 address

  // Views into `url`. Nothing for what is no http or https URL with a host, a port of 1 to 65,535 if any, and only
  // printable ASCII.
  static std::optional<EndpointUrl> parse(std::string_view url) noexcept;

  // "localhost", 127.0.0.0/8 or ::1, as written: no name is looked up.
  bool loopback() const noexcept;
};

// `url` with user info and query replaced by "***", for messages. Also for what is no URL at all.
std::string redacted_url(std::string_view url);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_ENDPOINT_URL_H_
