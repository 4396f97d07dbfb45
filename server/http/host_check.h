// HostCheck: whether a request's Host is one that this server goes by.
//
// Against DNS rebinding: a page of a foreign site can point its own name at our address, but cannot send another Host.
#ifndef LOGS_SERVER_HTTP_HOST_CHECK_H_
#define LOGS_SERVER_HTTP_HOST_CHECK_H_

#include <string>
#include <string_view>
#include <vector>

namespace logs_server {

// localhost, *.localhost (RFC 6761), 127.0.0.0/8, ::1: a name or address without port and brackets.
bool is_loopback_host(std::string_view host);

class HostCheck {
 public:
  // `public_hosts`: names or addresses, without port.
  explicit HostCheck(std::vector<std::string> public_hosts);
  // `host`: value of a Host header, with or without port (any port: a tunnel changes it).
  bool allows(std::string_view host) const;

 private:
  std::vector<std::string> public_hosts_;  // lower case
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_HOST_CHECK_H_
