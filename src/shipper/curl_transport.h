// The HttpTransport of the library: libcurl, one connection that is kept alive.
//
// Certificates are always checked, TLS 1.2 or later, redirects never followed, http and https only. No signal is used
// or raised. One thread posts; cancel() from any.
#ifndef LOGS_SDK_SHIPPER_CURL_TRANSPORT_H_
#define LOGS_SDK_SHIPPER_CURL_TRANSPORT_H_

#include <memory>
#include <string>

#include "src/shipper/http_transport.h"

namespace logs_sdk::inline v1 {

struct CurlOptions {
  std::string ca_file;  // PEM file; empty: the one that libcurl was built with
  std::string proxy;    // URL; empty: http_proxy, https_proxy and no_proxy of the environment
};

// Initialises libcurl for the process with the first call (thread-safe) and never uninitialises it: others may use it.
std::unique_ptr<HttpTransport> make_curl_transport(CurlOptions options);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_CURL_TRANSPORT_H_
