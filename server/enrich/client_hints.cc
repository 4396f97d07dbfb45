#include "server/enrich/client_hints.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <utility>
#include <vector>

#include "src/base/whole_number.h"
#include "src/json/json_checker.h"
#include "src/json/json_text.h"

namespace logs_server {
namespace {

struct Brand {
  std::string name;
  std::string version;
};

struct Renaming {
  std::string_view told;
  std::string_view name;         // as uap-core calls it
  std::string_view mobile_name;  // on phones and tablets
};

constexpr std::array<Renaming, 11> kBrands = {{{"Google Chrome", "Chrome", "Chrome Mobile"},
                                               {"Chromium", "Chromium", "Chrome Mobile"},
                                               {"Microsoft Edge", "Edge", "Edge Mobile"},
                                               {"Microsoft Edge WebView2", "Edge WebView2", "Edge WebView2"},
                                               {"Opera", "Opera", "Opera Mobile"},
                                               {"OperaMobile", "Opera Mobile", "Opera Mobile"},
                                               {"Android WebView", "Chrome Mobile WebView", "Chrome Mobile WebView"},
                                               {"YaBrowser", "Yandex Browser", "Yandex Browser"},
                                               {"Yandex", "Yandex Browser", "Yandex Browser"},
                                               {"HuaweiBrowser", "Huawei Browser", "Huawei Browser"},
                                               {"Vivaldi", "Vivaldi", "Vivaldi"}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kPlatforms = {
    {{"macOS", "Mac OS X"}, {"Chromium OS", "Chrome OS"}, {"ChromeOS", "Chrome OS"}}};

// Reads `"name";v="version", …` (RFC 8941, a list of strings with parameters); stops where it is something else.
class BrandList {
 public:
  explicit BrandList(std::string_view text) : rest_(text) {}

  bool next(Brand& out) {
    skip(" \t,");
    out = {};
    if (!take_string(out.name)) return false;
    for (skip(" \t"); rest_.starts_with(';'); skip(" \t")) {
      rest_.remove_prefix(1);
      skip(" \t");
      const bool is_version = rest_.starts_with("v=");
      rest_.remove_prefix(std::min(rest_.find_first_of("=;,"), rest_.size()));
      std::string value;
      if (rest_.starts_with('=')) {
        rest_.remove_prefix(1);
        if (!take_string(value)) rest_.remove_prefix(std::min(rest_.find_first_of(";,"), rest_.size()));
      }
      if (is_version) out.version = std::move(value);
    }
    return true;
  }

 private:
  void skip(std::string_view characters) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(characters), rest_.size()));
  }

  bool take_string(std::string& out) {
    if (!rest_.starts_with('"')) return false;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return true;
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      out += rest_[i];
    }
    return false;
  }

  std::string_view rest_;
};

// "Not A;Brand", "Not_A Brand", "(Not(A:Brand": two words with anything between, so that nobody takes the list for
// complete.
bool is_grease(std::string_view brand) {
  std::string letters;
  for (const char c : brand) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) letters += c;
  }
  return letters == "NotABrand" || letters == "NotAnyBrand";
}

std::optional<Brand> telling_brand(std::string_view list) {
  std::optional<Brand> engine;
  BrandList brands(list);
  for (Brand brand; brands.next(brand);) {
    if (brand.name.empty() || is_grease(brand.name)) continue;
    if (brand.name != "Chromium") return brand;
    engine = std::move(brand);
  }
  return engine;
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return made;
}

// The value of a header that is one string; quotes are usual, and sometimes missing.
std::string unquoted(std::string_view text) {
  if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"')) text = text.substr(1, text.size() - 2);
  return std::string(text);
}

// "14.0.0" is 14: platforms fill up with zeros.
std::string without_zeros(std::string version) {
  while (version.ends_with(".0")) version.resize(version.size() - 2);
  return version;
}

// Windows tells the version of an interface: 13 and above came with Windows 11, and those below 1 before Windows 10.
// https://learn.microsoft.com/microsoft-edge/web-platform/how-to-detect-win11
std::string windows_version(std::string_view told) {
  if (told == "0.1" || told == "0.1.0") return "7";
  if (told == "0.2" || told == "0.2.0") return "8";
  if (told == "0.3" || told == "0.3.0") return "8.1";
  const auto major = logs_sdk::parse_whole<int>(told.substr(0, told.find('.')));
  if (!major || *major < 1) return "";
  return *major >= 13 ? "11" : "10";
}

// A hint of our length, not a text of somebody's choice.
constexpr std::size_t kMaxHintBytes = 128;

void take_hint(std::string_view name, std::string_view value, ClientHints& hints) {
  const auto take_brand = [&](bool full) {
    auto brand = telling_brand(value);
    if (!brand || (hints.is_full_version && !full) || brand->name.size() > kMaxHintBytes) return;
    hints.brand = std::move(brand->name);
    hints.brand_version = brand->version.size() <= kMaxHintBytes ? std::move(brand->version) : "";
    hints.is_full_version = full;
  };
  if (name == "sec-ch-ua") return take_brand(false);
  if (name == "sec-ch-ua-full-version-list") return take_brand(true);
  if (value.size() > kMaxHintBytes) return;
  if (name == "sec-ch-ua-mobile") {
    if (value == "?0" || value == "?1") hints.mobile = value == "?1";
  } else if (name == "sec-ch-ua-platform") {
    hints.platform = unquoted(value);
  } else if (name == "sec-ch-ua-platform-version") {
    hints.platform_version = unquoted(value);
  } else if (name == "sec-ch-ua-model") {
    hints.model = unquoted(value);
  }
}

// By a name as it stands in the text; an escaped one is no header's.
bool is_hint(std::string_view name_token) {
  constexpr std::string_view kPrefix = "\"sec-ch-ua";
  return name_token.size() > kPrefix.size() && lower(name_token.substr(0, kPrefix.size())) == kPrefix;
}

// Names and values of the hints among the headers. Values that are masked or lists are none.
bool read_hints(std::string_view headers, ClientHints& hints) {
  bool found = false;
  logs_sdk::JsonMembers members(headers);
  for (std::string_view name_token, value_token; members.next(name_token, value_token);) {
    if (!is_hint(name_token) || !value_token.starts_with('"')) continue;
    take_hint(lower(logs_sdk::json_string_inside(name_token)), logs_sdk::json_string_value(value_token), hints);
    found = true;
  }
  return found;
}

bool is_handheld(std::string_view device_type) { return device_type == kMobile || device_type == kTablet; }

void apply_platform(const ClientHints& hints, ClientDescription& told) {
  if (hints.platform.empty() || hints.platform == "Unknown") return;
  std::string_view name = hints.platform;
  for (const auto& [platform, renamed] : kPlatforms) {
    if (name == platform) name = renamed;
  }
  // The user agent names the distribution, the hint only what all of them are.
  const bool says_less = name == "Linux" && is_desktop_system(told.os_name) && told.os_name != "Windows" &&
                         !told.os_name.starts_with("Mac") && told.os_name != "Chrome OS";
  if (says_less) return;
  if (told.os_name != name) told.os_version.clear();
  told.os_name = name;
  const std::string version =
      name == "Windows" ? windows_version(hints.platform_version) : without_zeros(hints.platform_version);
  if (!version.empty()) told.os_version = version;
}

void apply_device(const ClientHints& hints, ClientDescription& told) {
  if (!hints.mobile) return;
  // Desktops tell no model.
  const bool tablet = !hints.model.empty() || told.os_name == "Android" || told.device_type == kTablet;
  told.device_type = *hints.mobile                     ? kMobile
                     : tablet                          ? kTablet
                     : is_desktop_system(told.os_name) ? kDesktop
                                                       : told.device_type;
}

void apply_brand(const ClientHints& hints, ClientDescription& told) {
  if (hints.brand.empty()) return;
  std::string_view name = hints.brand;
  for (const Renaming& each : kBrands) {
    if (name == each.told) name = is_handheld(told.device_type) ? each.mobile_name : each.name;
  }
  const bool is_engine =
      hints.brand == "Chromium" || hints.brand == "Google Chrome" || hints.brand == "Android WebView";
  const bool is_chrome = told.browser.empty() || told.browser.starts_with("Chrom");
  // Browsers and applications that are built on it often keep its brands; the user agent then says whose they are.
  if (is_engine && !is_chrome) return;
  const bool same_major = told.browser_version.substr(0, told.browser_version.find('.')) == hints.brand_version;
  told.browser = name;
  // A major version alone is less than what the user agent said, if that agrees.
  if (hints.is_full_version || !same_major) told.browser_version = hints.brand_version;
}

}  // namespace

bool may_hold_client_hints(std::string_view request_headers) {
  constexpr std::array<std::string_view, 3> kSpellings = {"sec-ch-ua", "Sec-CH-UA", "Sec-Ch-Ua"};
  return std::any_of(kSpellings.begin(), kSpellings.end(), [&](std::string_view name) {
    return ::memmem(request_headers.data(), request_headers.size(), name.data(), name.size()) != nullptr;
  });
}

std::optional<ClientHints> read_client_hints(std::string_view request_headers) {
  if (!may_hold_client_hints(request_headers)) return std::nullopt;
  ClientHints hints;
  if (!logs_sdk::is_json_object(request_headers) || !read_hints(request_headers, hints)) return std::nullopt;
  return hints;
}

void apply(const ClientHints& hints, ClientDescription& told) {
  if (told.device_type == kBot) return;
  apply_platform(hints, told);
  apply_device(hints, told);
  apply_brand(hints, told);
}

}  // namespace logs_server
