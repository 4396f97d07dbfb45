#include "src/capture/client_type.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace logs_sdk::inline v1 {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"web", "miniprogram", "app", "server", "other"};

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_word(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<ClientType> named_type(std::string_view word) noexcept {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (same_word(word, kNames[i])) return static_cast<ClientType>(i);
  return std::nullopt;
}

bool is_mini_program(std::string_view user_agent) noexcept {
  constexpr std::string_view kMessenger = "micromessenger", kMiniProgram = "miniprogram";
  for (std::size_t at = 0; at + 1 < user_agent.size(); ++at) {
    if ((user_agent[at] | 0x20) != 'm' || (user_agent[at + 1] | 0x20) != 'i') continue;
    if (same_word(user_agent.substr(at, kMessenger.size()), kMessenger) ||
        same_word(user_agent.substr(at, kMiniProgram.size()), kMiniProgram))
      return true;
  }
  return false;
}

// Every browser has claimed to be Mozilla since 1994, but for Opera until 2013.
bool is_browser(std::string_view user_agent) noexcept {
  return user_agent.starts_with("Mozilla/") || user_agent.starts_with("Opera/");
}

}  // namespace

std::string_view client_type_name(ClientType type) noexcept { return kNames[static_cast<std::size_t>(type)]; }

ClientType client_type(const ExchangeState& state) noexcept {
  auto given = [&](HeaderId id) { return !state.request_header(id).empty(); };
  if (const auto named = named_type(state.request_header(HeaderId::kClientType))) return *named;
  const std::string_view user_agent = state.request_header(HeaderId::kUserAgent);
  if (is_mini_program(user_agent)) return ClientType::kMiniProgram;
  if (given(HeaderId::kCallerService)) return ClientType::kServer;
  if (given(HeaderId::kAppName)) return ClientType::kApp;
  const bool from_page = given(HeaderId::kReferer) || given(HeaderId::kOrigin) || given(HeaderId::kSecFetchSite);
  return from_page && is_browser(user_agent) ? ClientType::kWeb : ClientType::kOther;
}

}  // namespace logs_sdk::inline v1
