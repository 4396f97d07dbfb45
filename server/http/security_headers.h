// The headers that keep a browser from doing anything with our answers but showing them. Sent with every answer, so
// that no handler can forget them. No CORS headers: no other site may read from us.
#ifndef LOGS_SERVER_HTTP_SECURITY_HEADERS_H_
#define LOGS_SERVER_HTTP_SECURITY_HEADERS_H_

#include <string_view>

namespace logs_server {

inline constexpr std::string_view kSecurityHeaders =
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_SECURITY_HEADERS_H_
