#include "server/enrich/known_programs.h"

#include <algorithm>
#include <array>

namespace logs_server {
namespace {

// First products, in lower case. Not among them: okhttp, CFNetwork, Dart and other libraries that applications on
// phones call with.
constexpr std::array<std::string_view, 40> kUnattended = {"ab",
                                                          "aiohttp",
                                                          "apache-httpclient",
                                                          "apachebench",
                                                          "axios",
                                                          "blackbox",
                                                          "curl",
                                                          "datadog",
                                                          "elb-healthchecker",
                                                          "envoy",
                                                          "fasthttp",
                                                          "faraday",
                                                          "go-http-client",
                                                          "got",
                                                          "googlehc",
                                                          "grpc-go",
                                                          "guzzlehttp",
                                                          "hey",
                                                          "httpie",
                                                          "java",
                                                          "java-http-client",
                                                          "k6",
                                                          "kube-probe",
                                                          "libcurl",
                                                          "libwww-perl",
                                                          "node",
                                                          "node-fetch",
                                                          "nagios",
                                                          "pingdom",
                                                          "postmanruntime",
                                                          "prometheus",
                                                          "python",
                                                          "python-httpx",
                                                          "python-requests",
                                                          "python-urllib",
                                                          "reqwest",
                                                          "ruby",
                                                          "undici",
                                                          "vegeta",
                                                          "wget"};

// Anywhere in a user agent, in lower case.
constexpr std::array<std::string_view, 14> kUnattendedParts = {
    "health check",  "health-check", "healthcheck", "check_http",     "uptimerobot",
    "better uptime", "statuscake",   "site24x7",    "newrelicpinger", "apache-httpclient",
    "apachebench",   "jmeter",       "locust",      "headlesschrome"};

struct Marker {
  std::string_view text;  // what stands before the version, as it is written
  std::string_view name;
};

// The more particular first: what belongs to WeCom says MicroMessenger too.
constexpr std::array<Marker, 16> kApplications = {{{"wxwork/", "WeCom"},
                                                   {"MicroMessenger/", "WeChat"},
                                                   {"AlipayClient/", "Alipay"},
                                                   {"DingTalk/", "DingTalk"},
                                                   {"Lark/", "Lark"},
                                                   {"aweme_", "Douyin"},
                                                   {"BytedanceWebview", "ByteDance"},
                                                   {"baiduboxapp/", "Baidu Box App"},
                                                   {"XHSBrowser/", "Xiaohongshu"},
                                                   {"discover/", "Xiaohongshu"},
                                                   {"Quark/", "Quark"},
                                                   {"HuaweiBrowser/", "Huawei Browser"},
                                                   {"VivoBrowser/", "Vivo Browser"},
                                                   {"HeyTapBrowser/", "HeyTap Browser"},
                                                   {" QQ/", "QQ"},
                                                   {"musical_ly_", "TikTok"}}};

constexpr std::array<Marker, 3> kSystems = {
    {{"OpenHarmony ", "HarmonyOS"}, {"HarmonyOS ", "HarmonyOS"}, {"HarmonyOS", "HarmonyOS"}}};

constexpr std::string_view kVersionCharacters = "0123456789.";
constexpr std::size_t kMaxVersionBytes = 32;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_equal(std::string_view text, std::string_view in_lower_case) {
  return std::equal(text.begin(), text.end(), in_lower_case.begin(), in_lower_case.end(),
                    [](char a, char b) { return lower(a) == b; });
}

bool contains(std::string_view text, std::string_view in_lower_case) {
  return std::search(text.begin(), text.end(), in_lower_case.begin(), in_lower_case.end(),
                     [](char a, char b) { return lower(a) == b; }) != text.end();
}

std::string_view version_at(std::string_view text) {
  std::string_view version = text.substr(0, std::min(text.find_first_not_of(kVersionCharacters), text.size()));
  version = version.substr(0, kMaxVersionBytes);
  while (version.ends_with('.')) version.remove_suffix(1);
  return version;
}

template <std::size_t kCount>
std::optional<Program> marked(const std::array<Marker, kCount>& markers, std::string_view user_agent) {
  for (const Marker& marker : markers) {
    const std::size_t at = user_agent.find(marker.text);
    if (at != std::string_view::npos) {
      return Program{marker.name, version_at(user_agent.substr(at + marker.text.size()))};
    }
  }
  return std::nullopt;
}

bool is_name_character(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

}  // namespace

std::optional<Program> first_product(std::string_view user_agent) {
  constexpr std::size_t kMaxNameBytes = 64;
  const auto end = std::find_if_not(user_agent.begin(), user_agent.end(), is_name_character);
  const std::string_view name = user_agent.substr(0, static_cast<std::size_t>(end - user_agent.begin()));
  const std::string_view rest = user_agent.substr(name.size());
  const bool ends_well = rest.empty() || rest.front() == '/' || rest.front() == ' ';
  const bool begins_well = !name.empty() && lower(name.front()) >= 'a' && lower(name.front()) <= 'z';
  if (!begins_well || !ends_well || name.size() > kMaxNameBytes || name == "Mozilla") return std::nullopt;
  return Program{name, rest.starts_with('/') ? version_at(rest.substr(1)) : std::string_view()};
}

bool is_unattended(std::string_view user_agent) {
  const std::optional<Program> first = first_product(user_agent);
  const auto is_first = [&](std::string_view name) { return first && is_equal(first->name, name); };
  const auto is_within = [&](std::string_view part) { return contains(user_agent, part); };
  return std::any_of(kUnattended.begin(), kUnattended.end(), is_first) ||
         std::any_of(kUnattendedParts.begin(), kUnattendedParts.end(), is_within);
}

std::optional<Program> application_around(std::string_view user_agent) { return marked(kApplications, user_agent); }

std::optional<Program> other_system(std::string_view user_agent) { return marked(kSystems, user_agent); }

}  // namespace logs_server
