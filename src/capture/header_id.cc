#include "src/capture/header_id.h"

#include <algorithm>
#include <array>

#include "src/masking/name_table.h"

namespace logs_sdk::inline v1 {
namespace {

// In the order of HeaderId.
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
                                                                 "x-miniprogram-appid",
                                                                 "content-encoding"};
constexpr NameTable<kHeaderIdCount> kTable(kNames);
static_assert(std::all_of(kNames.begin(), kNames.end(),
                          [](std::string_view name) { return name.size() <= kMaxHeaderIdBytes; }));
static_assert(kTable.find("x-miniprogram-appid") == static_cast<std::size_t>(HeaderId::kMiniProgramAppId));

}  // namespace

HeaderId header_id(std::string_view lower_name) noexcept { return static_cast<HeaderId>(kTable.find(lower_name)); }

HeaderKind kind_of(HeaderId id) noexcept {
  static const auto kKinds = [] {
    std::array<HeaderKind, kHeaderIdCount> kinds{};
    std::transform(kNames.begin(), kNames.end(), kinds.begin(), header_kind_of_lower);
    return kinds;
  }();
  return kKinds[static_cast<std::size_t>(id)];
}

}  // namespace logs_sdk::inline v1
