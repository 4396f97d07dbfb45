#include "src/sdk/config_options.h"

#include <algorithm>
#include <array>

#include "src/capture/trusted_proxies.h"
#include "src/sdk/endpoint_url.h"

namespace logs_sdk::inline v1 {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool any_text(std::string_view) { return true; }

bool endpoint(std::string_view value) {
  const auto url = EndpointUrl::parse(value);
  return url && !url->user_info && !url->fragment;
}

constexpr std::string_view kSocksSchemes[] = {"socks5://", "socks5h://", "socks4://", "socks4a://"};

// A socks URL has the form of an http one.
bool proxy_url(std::string_view value) {
  std::string url(value);
  for (const std::string_view scheme : kSocksSchemes) {
    if (value.starts_with(scheme)) url = "http://" + std::string(value.substr(scheme.size()));
  }
  const auto parts = EndpointUrl::parse(url);
  return value.empty() || (parts && !parts->fragment);
}

// A key travels as the value of a header: anything but visible ASCII could end the line or be trimmed away.
bool header_value(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool slug(std::string_view value) {
  const auto first = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto later = [&](char c) { return first(c) || c == '.' || c == '_' || c == '-'; };
  return !value.empty() && value.size() <= 64 && first(value.front()) && std::all_of(value.begin(), value.end(), later);
}

// An embedded NUL would end the path early.
bool file_path(std::string_view value) { return value.find('\0') == value.npos; }

bool secret_name(std::string_view value) {
  if (value.starts_with('*')) value.remove_prefix(1);
  if (value.ends_with('*')) value.remove_suffix(1);
  return !value.empty() && value.find('*') == value.npos;
}

bool excluded_path(std::string_view value) {
  if (value.ends_with('*')) value.remove_suffix(1);
  return value.starts_with('/');
}

bool trusted_proxy(std::string_view value) { return TrustedProxies::parse({std::string(value)}).ok(); }

constexpr std::string_view kBody = "a number of bytes from 0 to 65536";
constexpr std::string_view kBoolean = "true, false, 1 or 0";
constexpr std::string_view kNames = "names, '*' only at either end";

constexpr std::array kOptions = {
    ConfigOption{"endpoint", "an http or https URL with a host, without user info and fragment, at most 512 bytes",
                 TextOption{&Config::endpoint, endpoint, Shown::kRedactedUrl, true}},
    ConfigOption{"api_key", "1 to 512 visible ASCII characters",
                 TextOption{&Config::api_key, header_value, Shown::kNever, true}},
    ConfigOption{"api_secret", "1 to 512 visible ASCII characters",
                 TextOption{&Config::api_secret, header_value, Shown::kNever, true}},
    ConfigOption{"project_slug", "[a-z0-9][a-z0-9._-]{0,63}",
                 TextOption{&Config::project_slug, slug, Shown::kValue, true}},
    ConfigOption{"environment", "at most 512 bytes", TextOption{&Config::environment, any_text}},
    ConfigOption{"service_name", "at most 512 bytes", TextOption{&Config::service_name, any_text}},
    ConfigOption{"buffer_size", "a number of entries from 1 to 1000000",
                 NumberOption<std::size_t>{&Config::buffer_size, 1, 1'000'000}},
    ConfigOption{"flush_interval", "0.05 to 3600 seconds, in steps of 0.001",
                 DurationOption<milliseconds>{&Config::flush_interval, milliseconds(50), seconds(3600)}},
    ConfigOption{"max_retries", "a number from 0 to 20", NumberOption<int>{&Config::max_retries, 0, 20}},
    ConfigOption{"max_body_size", kBody, NumberOption<std::size_t>{&Config::max_body_size, 0, 65'536}},
    ConfigOption{"max_stack_size", kBody, NumberOption<std::size_t>{&Config::max_stack_size, 0, 65'536}},
    ConfigOption{"capture_bodies", kBoolean, BoolOption{&Config::capture_bodies}},
    ConfigOption{"mask_extra", kNames, ListOption{&Config::mask_extra, secret_name}},
    ConfigOption{"mask_allow", kNames, ListOption{&Config::mask_allow, secret_name}},
    ConfigOption{"exclude_paths", "paths that begin with '/', '*' at the end matches every continuation",
                 ListOption{&Config::exclude_paths, excluded_path}},
    ConfigOption{"offline_dir", "a path of at most 512 bytes", TextOption{&Config::offline_dir, file_path}},
    ConfigOption{"offline_max_bytes", "a number of bytes from 1048576 to 1099511627776",
                 NumberOption<std::uint64_t>{&Config::offline_max_bytes, 1ull << 20, 1ull << 40}},
    ConfigOption{"offline_max_age", "60 to 31536000 whole seconds",
                 DurationOption<seconds>{&Config::offline_max_age, seconds(60), seconds(31'536'000)}},
    ConfigOption{"sync", "none or interval", SyncOption{&Config::sync}},
    ConfigOption{"timeout", "0.1 to 600 seconds, in steps of 0.001",
                 DurationOption<milliseconds>{&Config::timeout, milliseconds(100), seconds(600)}},
    ConfigOption{"ca_file", "empty, or a PEM file of certificates, a path of at most 512 bytes",
                 TextOption{&Config::ca_file, file_path}},
    ConfigOption{"proxy", "empty, or an http, https or socks URL of at most 512 bytes",
                 TextOption{&Config::proxy, proxy_url, Shown::kRedactedUrl}},
    ConfigOption{"allow_http", kBoolean, BoolOption{&Config::allow_http}},
    ConfigOption{"trusted_proxies", "IPv4 or IPv6 addresses or CIDRs, and the word unix",
                 ListOption{&Config::trusted_proxies, trusted_proxy}},
    ConfigOption{"max_in_flight", "a number of slots from 0 to 65536",
                 NumberOption<std::size_t>{&Config::max_in_flight, 0, 65'536}},
};

}  // namespace

std::span<const ConfigOption> config_options() noexcept { return kOptions; }

const ConfigOption* find_config_option(std::string_view name) noexcept {
  const auto at = std::find_if(kOptions.begin(), kOptions.end(), [&](const ConfigOption& o) { return o.name == name; });
  return at == kOptions.end() ? nullptr : &*at;
}

}  // namespace logs_sdk::inline v1
