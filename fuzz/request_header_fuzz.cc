// Any bytes as the header of a request: what is found in them does not depend on the pieces in which they come, a
// header that is let pass has lines that nobody can read otherwise, and its fields can be judged whatever they hold.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/header_rules.h"
#include "server/http/header_scanner.h"
#include "server/http/peer_address.h"

namespace {

using logs_server::HeaderScanner;

void require(bool holds) {
  if (!holds) std::abort();
}

// The fields of a header that was let pass, as far as they are fields.
logs_server::Request request_of(std::string_view header) {
  logs_server::Request request;
  while (!header.empty()) {
    const std::size_t end = header.find("\r\n");
    require(end != std::string_view::npos);
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(end + 2);
    require(line.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    require(line.empty() ? header.empty() : line.front() != ' ' && line.front() != '\t');
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
      request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }
  }
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  HeaderScanner whole;
  const bool over = whole.scan(bytes);
  HeaderScanner torn;
  bool torn_over = false;
  for (std::size_t at = 0; at < size && !torn_over;) {
    at = std::min(size, at + 1 + data[at] % 8U);
    torn_over = torn.scan(bytes.substr(0, at));
  }
  require(over == torn_over && whole.end() == torn.end() && whole.fault() == torn.fault());
  require(over == (whole.end() > 0 || !whole.fault().empty()));
  if (whole.end() == 0) return 0;
  const logs_server::Request request = request_of(bytes.substr(0, whole.end()));
  static const std::vector<std::string> kShared = {"127.0.0.1", "::1"};
  logs_server::counted_forwarded(request.headers, kShared);
  const std::string fault = logs_server::header_fault(request, 11);
  require(!fault.empty() || request.header("host").has_value());
  return 0;
}
