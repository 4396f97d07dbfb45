// The parts of a request target (RFC 9112, 3.2) as views of it.
#ifndef LOGS_SDK_CAPTURE_REQUEST_TARGET_H_
#define LOGS_SDK_CAPTURE_REQUEST_TARGET_H_

#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

struct RequestTarget {
  std::string_view scheme;     // absolute form only
  std::string_view authority;  // absolute form and CONNECT, without user info
  std::string_view path;       // as received; "*", and the authority of CONNECT
  std::string_view query;      // without '?'
  bool is_path = true;         // false for "*" and CONNECT, which name no resource
};

RequestTarget parse_target(std::string_view method, std::string_view target) noexcept;

// Appends a decoded path, percent-encoded again wherever RFC 3986, 3.3 does not allow a character.
void encode_path(std::string_view path, std::string& out);

// "v<digits>", of at most twelve: the segment after "/api/", or the first segment; else empty.
std::string_view api_version(std::string_view path) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_REQUEST_TARGET_H_
