#include "server/http/request.h"

#include <gtest/gtest.h>

namespace logs_server {
namespace {

TEST(Request, came_by_https_when_the_proxy_says_so_last) {
  const struct {
    Headers headers;
    bool expected;
  } cases[] = {
      {{}, false},
      {{{"x-forwarded-proto", "https"}}, true},
      {{{"x-forwarded-proto", "HTTPS "}}, true},
      {{{"x-forwarded-proto", "http"}}, false},
      {{{"x-forwarded-proto", ""}}, false},
      {{{"x-forwarded-proto", "httpsx"}}, false},
      // What stands before was sent by the client, or told to the proxy by another.
      {{{"x-forwarded-proto", "http, https"}}, true},
      {{{"x-forwarded-proto", "https,http"}}, false},
      {{{"x-forwarded-proto", "http, http, https"}}, true},
      {{{"x-forwarded-proto", "https"}, {"x-forwarded-proto", "http"}}, false},
      {{{"x-forwarded-proto", "http"}, {"x-forwarded-proto", "https"}}, true},
      {{{"forwarded", "for=192.0.2.1;proto=https"}}, true},
      {{{"forwarded", "Proto = \"HTTPS\" ; for=\"[2001:db8::1]:4711\""}}, true},
      {{{"forwarded", "for=192.0.2.1;proto=http"}}, false},
      {{{"forwarded", "for=192.0.2.1"}}, false},
      {{{"forwarded", "proto"}}, false},
      {{{"forwarded", "xproto=https"}}, false},
      {{{"forwarded", "proto=https, for=192.0.2.1;proto=http"}}, false},
      {{{"forwarded", "proto=https, for=192.0.2.1"}}, false},
      {{{"forwarded", "for=\"a, for=192.0.2.1;proto=https"}}, true},  // a quotation that the client left open
      {{{"forwarded", "proto=https"}, {"forwarded", "proto=http"}}, false},
      // The one that proxies write on purpose goes before the one that they may pass on.
      {{{"x-forwarded-proto", "https"}, {"forwarded", "proto=http"}}, true},
      {{{"x-forwarded-proto", "http"}, {"forwarded", "proto=https"}}, false},
  };
  for (const auto& [headers, expected] : cases) {
    Request request;
    request.headers = headers;
    const std::string shown = headers.empty() ? "" : headers.front().second;
    EXPECT_FALSE(request.came_by_https()) << "without a proxy: " << shown;
    request.from_proxy = true;
    EXPECT_EQ(request.came_by_https(), expected) << shown;
  }
}

}  // namespace
}  // namespace logs_server
