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

constexpr std::string_view kMessenger = "micromessenger", kMiniProgram = "miniprogram";
constexpr std::size_t kWindow = std::min(kMessenger.size(), kMiniProgram.size());

// kSkip[c]: how far a window of kWindow characters that ends with c may be moved without passing over the beginning of
// either word (Horspool, 1980): most of a user agent is never looked at.
constexpr auto kSkip = [] {
  std::array<std::uint8_t, 256> skip{};
  skip.fill(static_cast<std::uint8_t>(kWindow));
  for (std::size_t i = 0; i < kWindow; ++i) {
    for (const char c : {kMessenger[i], kMiniProgram[i]}) {
      const auto distance = static_cast<std::uint8_t>(kWindow - 1 - i);
      for (const char each : {c, static_cast<char>(c - 32)}) {
        std::uint8_t& least = skip[static_cast<unsigned char>(each)];
        least = std::min(least, distance);
      }
    }
  }
  return skip;
}();

bool is_mini_program(std::string_view user_agent) noexcept {
  for (std::size_t end = kWindow; end <= user_agent.size();) {
    const std::size_t skip = kSkip[static_cast<unsigned char>(user_agent[end - 1])];
    const std::string_view rest = user_agent.substr(end - kWindow);
    if (skip == 0 && (same_word(rest.substr(0, kMessenger.size()), kMessenger) ||
                      same_word(rest.substr(0, kMiniProgram.size()), kMiniProgram)))
      return true;
    end += std::max<std::size_t>(skip, 1);
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
