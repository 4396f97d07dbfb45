#include "src/capture/header_id.h"

#include <algorithm>
#include <array>

namespace logs_sdk::inline v1 {
namespace {

// In the order of HeaderId, which is that of length, so that the candidates of one length stand side by side.
constexpr std::array<std::string_view, kHeaderIdCount> kNames = {"host",
                                                                 "origin",
                                                                 "referer",
                                                                 "forwarded",
                                                                 "x-user-id",
                                                                 "user-agent",
                                                                 "x-app-name",
                                                                 "x-trace-id",
                                                                 "traceparent",
                                                                 "x-app-scene",
                                                                 "content-type",
                                                                 "x-request-id",
                                                                 "x-session-id",
                                                                 "x-app-version",
                                                                 "x-client-type",
                                                                 "sec-fetch-site",
                                                                 "x-forwarded-for",
                                                                 "x-request-start",
                                                                 "x-caller-service",
                                                                 "x-caller-version",
                                                                 "x-forwarded-host",
                                                                 "x-parent-span-id",
                                                                 "x-forwarded-proto",
                                                                 "x-miniprogram-path",
                                                                 "x-miniprogram-appid"};
constexpr auto kShorter = [](std::string_view a, std::string_view b) { return a.size() < b.size(); };
static_assert(std::is_sorted(kNames.begin(), kNames.end(), kShorter));

constexpr std::size_t kMaxNameBytes = kNames.back().size();

// kFirst[n]: the first name of at least n bytes.
constexpr auto kFirst = [] {
  std::array<std::uint8_t, kMaxNameBytes + 2> first{};
  std::size_t at = 0;
  for (std::size_t size = 0; size < first.size(); ++size) {
    while (at < kNames.size() && kNames[at].size() < size) ++at;
    first[size] = static_cast<std::uint8_t>(at);
  }
  return first;
}();

}  // namespace

HeaderId header_id(std::string_view lower_name) noexcept {
  if (lower_name.empty() || lower_name.size() > kMaxNameBytes) return HeaderId::kOther;
  for (std::size_t i = kFirst[lower_name.size()]; i < kFirst[lower_name.size() + 1]; ++i)
    if (kNames[i].back() == lower_name.back() && kNames[i] == lower_name) return static_cast<HeaderId>(i);
  return HeaderId::kOther;
}

}  // namespace logs_sdk::inline v1
