// The HttpTransport of the library: libcurl, one connection that is kept alive.
//
// Certificates are always checked, TLS 1.2 or later, redirects never followed, http and https only. A proxy is told
// where to, and its own user and password; headers of the request, so the keys, stay within the tunnel. No signal is
// used or raised. One thread posts; cancel() from any.
#ifndef LOGS_SDK_SHIPPER_CURL_TRANSPORT_H_
#define LOGS_SDK_SHIPPER_CURL_TRANSPORT_H_

#include <memory>
#include <string>

#include "src/shipper/http_transport.h"

namespace logs_sdk::inline v1 {

struct CurlOptions {
  // PEM file, absolute: the only authorities that are trusted, of the platform and of an https proxy. Empty: the
  // system's (system_ca_file.h). It is read for each request, so a file that is replaced counts from then on.
  std::string ca_file = {};
  std::string proxy = {};  // URL, may hold a user and a password
  // Without `proxy`: http_proxy, https_proxy, all_proxy and no_proxy of the environment count.
  bool environment_proxy = true;
};

// Initialises libcurl for the process with the first call (thread-safe) and never uninitialises it: others may use it.
std::unique_ptr<HttpTransport> make_curl_transport(CurlOptions options);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_CURL_TRANSPORT_H_
