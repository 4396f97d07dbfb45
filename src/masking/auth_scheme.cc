#include "src/masking/auth_scheme.h"

#include <algorithm>

#include "src/base/ascii.h"

namespace logs_sdk::inline v1 {
namespace {

// The IANA registry's, and those of clouds. Only known words: any other first word may be part of the secret.
constexpr std::string_view kSchemes[] = {"bearer", "basic",  "digest", "negotiate",    "ntlm",
                                         "token",  "apikey", "dpop",   "hoba",         "mutual",
                                         "oauth",  "vapid",  "gnap",   "privatetoken", "aws4-hmac-sha256"};

}  // namespace

std::size_t auth_scheme_bytes(std::string_view text) noexcept {
  for (const std::string_view scheme : kSchemes) {
    if (text.size() <= scheme.size() || scheme[0] != to_lower(text[0]) || !is_blank(text[scheme.size()])) continue;
    const bool same = std::equal(scheme.begin(), scheme.end(), text.begin(),
                                 [](char expected, char c) { return expected == to_lower(c); });
    if (same) return scheme.size();
  }
  return 0;
}

}  // namespace logs_sdk::inline v1
