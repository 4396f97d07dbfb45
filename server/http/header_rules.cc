#include "server/http/header_rules.h"

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <string_view>

namespace logs_server {
namespace {

// What this server reads, and reads as one thing. Of two, a proxy before us may go by the other. Lists may stand in
// several lines (RFC 9110 5.3), and so may what nobody here reads. Content-Encoding and Expect are lists of which only
// one element is understood.
constexpr std::array<std::string_view, 17> kSingletons = {
    "authorization",   "content-encoding", "content-length",    "content-type", "expect",        "host",
    "last-event-id",   "sec-fetch-site",   "transfer-encoding", "x-api-key",    "x-api-secret",  "x-batch-id",
    "x-logs-instance", "x-logs-ledger",    "x-sdk-hash",        "x-sdk-type",   "x-sdk-version",
};

std::size_t count_of(const Headers& headers, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(), [name](const auto& field) { return field.first == name; }));
}

}  // namespace

std::string header_fault(const Request& request, unsigned http_version) {
  for (const std::string_view name : kSingletons) {
    if (count_of(request.headers, name) > 1) return "the header field " + std::string(name) + " stands twice";
  }
  if (!request.header("host")) return "exactly one Host header is expected";  // RFC 9112 3.2
  // RFC 9112 6.1: of another transfer coding than chunked, or within HTTP/1.0, a proxy before us may see another end of
  // the body than we do, and what we take for the next request may be one that it never saw.
  const auto coding = request.header("transfer-encoding");
  if (coding && (http_version < 11 || !boost::beast::iequals(*coding, "chunked"))) {
    return "Transfer-Encoding can be chunked, within HTTP/1.1";
  }
  // RFC 9110 8.6 lets a recipient take a list of equal numbers for one. No client of ours writes that.
  const std::string_view length = request.header("content-length").value_or("0");
  if (length.find_first_not_of("0123456789") != std::string_view::npos) return "Content-Length is not one number";
  return {};
}

}  // namespace logs_server
