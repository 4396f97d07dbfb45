#include "src/masking/header_kind.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "src/base/ascii.h"
#include "src/masking/name_table.h"

namespace logs_sdk::inline v1 {
namespace {

struct KnownHeader {
  std::string_view name;
  HeaderKind kind;
};

constexpr KnownHeader kKnown[] = {{"te", HeaderKind::kOpen},
                                  {"age", HeaderKind::kOpen},
                                  {"dnt", HeaderKind::kOpen},
                                  {"via", HeaderKind::kOpen},
                                  {"date", HeaderKind::kOpen},
                                  {"etag", HeaderKind::kOpen},
                                  {"from", HeaderKind::kOpen},
                                  {"host", HeaderKind::kOpen},
                                  {"vary", HeaderKind::kOpen},
                                  {"allow", HeaderKind::kOpen},
                                  {"range", HeaderKind::kOpen},
                                  {"accept", HeaderKind::kOpen},
                                  {"cookie", HeaderKind::kSecret},
                                  {"expect", HeaderKind::kOpen},
                                  {"origin", HeaderKind::kUrl},
                                  {"pragma", HeaderKind::kOpen},
                                  {"server", HeaderKind::kOpen},
                                  {"alt-svc", HeaderKind::kOpen},
                                  {"expires", HeaderKind::kOpen},
                                  {"referer", HeaderKind::kUrl},
                                  {"trailer", HeaderKind::kOpen},
                                  {"upgrade", HeaderKind::kOpen},
                                  {"warning", HeaderKind::kOpen},
                                  {"if-match", HeaderKind::kOpen},
                                  {"if-range", HeaderKind::kOpen},
                                  {"location", HeaderKind::kUrl},
                                  {"priority", HeaderKind::kOpen},
                                  {"forwarded", HeaderKind::kOpen},
                                  {"sec-ch-ua", HeaderKind::kOpen},
                                  {"x-real-ip", HeaderKind::kOpen},
                                  {"x-user-id", HeaderKind::kOpen},
                                  {"connection", HeaderKind::kOpen},
                                  {"keep-alive", HeaderKind::kOpen},
                                  {"set-cookie", HeaderKind::kSecret},
                                  {"tracestate", HeaderKind::kOpen},
                                  {"user-agent", HeaderKind::kOpen},
                                  {"x-app-name", HeaderKind::kOpen},
                                  {"x-trace-id", HeaderKind::kOpen},
                                  {"retry-after", HeaderKind::kOpen},
                                  {"traceparent", HeaderKind::kOpen},
                                  {"content-type", HeaderKind::kOpen},
                                  {"x-powered-by", HeaderKind::kOpen},
                                  {"x-request-id", HeaderKind::kOpen},
                                  {"accept-ranges", HeaderKind::kOpen},
                                  {"authorization", HeaderKind::kSecret},
                                  {"cache-control", HeaderKind::kOpen},
                                  {"content-range", HeaderKind::kOpen},
                                  {"if-none-match", HeaderKind::kOpen},
                                  {"last-modified", HeaderKind::kOpen},
                                  {"server-timing", HeaderKind::kOpen},
                                  {"x-app-version", HeaderKind::kOpen},
                                  {"x-client-type", HeaderKind::kOpen},
                                  {"x-rewrite-url", HeaderKind::kUrl},
                                  {"accept-charset", HeaderKind::kOpen},
                                  {"content-length", HeaderKind::kOpen},
                                  {"sec-fetch-dest", HeaderKind::kOpen},
                                  {"sec-fetch-mode", HeaderKind::kOpen},
                                  {"sec-fetch-site", HeaderKind::kOpen},
                                  {"sec-fetch-user", HeaderKind::kOpen},
                                  {"x-original-uri", HeaderKind::kUrl},
                                  {"x-original-url", HeaderKind::kUrl},
                                  {"accept-encoding", HeaderKind::kOpen},
                                  {"accept-language", HeaderKind::kOpen},
                                  {"referrer-policy", HeaderKind::kOpen},
                                  {"x-forwarded-for", HeaderKind::kOpen},
                                  {"x-forwarded-uri", HeaderKind::kUrl},
                                  {"x-frame-options", HeaderKind::kOpen},
                                  {"x-request-start", HeaderKind::kOpen},
                                  {"x-response-time", HeaderKind::kOpen},
                                  {"content-encoding", HeaderKind::kOpen},
                                  {"content-language", HeaderKind::kOpen},
                                  {"content-location", HeaderKind::kUrl},
                                  {"sec-ch-ua-mobile", HeaderKind::kOpen},
                                  {"x-caller-service", HeaderKind::kOpen},
                                  {"x-caller-version", HeaderKind::kOpen},
                                  {"x-forwarded-host", HeaderKind::kOpen},
                                  {"x-forwarded-port", HeaderKind::kOpen},
                                  {"x-parent-span-id", HeaderKind::kOpen},
                                  {"x-requested-with", HeaderKind::kOpen},
                                  {"x-xss-protection", HeaderKind::kOpen},
                                  {"if-modified-since", HeaderKind::kOpen},
                                  {"transfer-encoding", HeaderKind::kOpen},
                                  {"x-forwarded-proto", HeaderKind::kOpen},
                                  {"x-ratelimit-limit", HeaderKind::kOpen},
                                  {"x-ratelimit-reset", HeaderKind::kOpen},
                                  {"sec-ch-ua-platform", HeaderKind::kOpen},
                                  {"content-disposition", HeaderKind::kOpen},
                                  {"proxy-authorization", HeaderKind::kSecret},
                                  {"x-ratelimit-remaining", HeaderKind::kOpen},
                                  {"x-content-type-options", HeaderKind::kOpen},
                                  {"content-security-policy", HeaderKind::kOpen},
                                  {"strict-transport-security", HeaderKind::kOpen},
                                  {"upgrade-insecure-requests", HeaderKind::kOpen},
                                  {"sec-ch-ua-platform-version", HeaderKind::kOpen},
                                  {"access-control-allow-origin", HeaderKind::kOpen},
                                  {"access-control-allow-headers", HeaderKind::kOpen},
                                  {"access-control-allow-methods", HeaderKind::kOpen}};
constexpr std::size_t kKnownCount = std::size(kKnown);
constexpr std::size_t kMaxNameBytes = kKnown[kKnownCount - 1].name.size();
static_assert(std::all_of(std::begin(kKnown), std::end(kKnown),
                          [](const KnownHeader& known) { return known.name.size() <= kMaxNameBytes; }));

constexpr auto kNames = [] {
  std::array<std::string_view, kKnownCount> names;
  for (std::size_t i = 0; i < kKnownCount; ++i) names[i] = kKnown[i].name;
  return names;
}();
constexpr NameTable<kKnownCount> kTable(kNames);

}  // namespace

HeaderKind header_kind_of_lower(std::string_view lower_name) noexcept {
  const std::size_t index = kTable.find(lower_name);
  return index == kKnownCount ? HeaderKind::kOther : kKnown[index].kind;
}

HeaderKind header_kind(std::string_view name) noexcept {
  std::array<char, kMaxNameBytes> lower;
  if (name.size() > lower.size()) return HeaderKind::kOther;
  std::transform(name.begin(), name.end(), lower.begin(), to_lower);
  return header_kind_of_lower({lower.data(), name.size()});
}

}  // namespace logs_sdk::inline v1
