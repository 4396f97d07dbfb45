#include "logs_sdk/config.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "src/sdk/config_options.h"
#include "src/sdk/config_paths.h"
#include "src/sdk/endpoint_url.h"
#include "src/shipper/system_ca_file.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxShownBytes = 128;  // of a wrong value in a message

// `value` as a message may show it: short, and without control characters.
std::string shown_value(Shown shown, std::string_view value) {
  if (shown == Shown::kNever) return "(not shown)";
  std::string text = shown == Shown::kRedactedUrl ? redacted_url(value) : std::string(value);
  if (text.size() > kMaxShownBytes) text.replace(kMaxShownBytes, std::string::npos, "...");
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return "\"" + text + "\"";
}

[[noreturn]] void refuse(const ConfigOption& option, Shown shown, std::string_view value) {
  const std::string name(option.name);
  throw ConfigError(
      name, name + ": " + shown_value(shown, value) + " is not allowed; allowed: " + std::string(option.allowed));
}

[[noreturn]] void refuse_unknown(std::string_view name) {
  std::string message = shown_value(Shown::kValue, name) + " is no option; allowed:";
  for (const ConfigOption& option : config_options()) message.append(" ").append(option.name);
  throw ConfigError(std::string(name), message);
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) noexcept {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "5", "0.25", ".5": seconds with at most three decimals. 10 digits before the point keep the sum within 64 bits.
std::optional<std::chrono::milliseconds> parse_seconds(std::string_view text) noexcept {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  std::string_view decimals = text.substr(std::min(point + 1, text.size()));
  if (whole.size() > 10 || decimals.size() > 3 || whole.size() + decimals.size() == 0) return std::nullopt;
  std::int64_t total_ms = 0;
  for (const char c : whole) {
    if (c < '0' || c > '9') return std::nullopt;
    total_ms = total_ms * 10 + (c - '0') * 1000;
  }
  std::int64_t unit_ms = 100;
  for (const char c : decimals) {
    if (c < '0' || c > '9') return std::nullopt;
    total_ms += (c - '0') * unit_ms;
    unit_ms /= 10;
  }
  return std::chrono::milliseconds(total_ms);
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    items.emplace_back(item);
  }
  return items;
}

// Reads one option from text; the caller checks its range afterwards.
struct Reader {
  Config& config;
  const ConfigOption& option;
  std::string_view text;

  void operator()(const TextOption& kind) const { config.*kind.member = text; }
  void operator()(const ListOption& kind) const { config.*kind.member = split_list(text); }
  template <typename Number>
  void operator()(const NumberOption<Number>& kind) const {
    config.*kind.member = value_or_refuse(parse_number<Number>(text));
  }
  void operator()(const DurationOption<std::chrono::milliseconds>& kind) const {
    config.*kind.member = value_or_refuse(parse_seconds(text));
  }
  void operator()(const DurationOption<std::chrono::seconds>& kind) const {
    const auto duration = value_or_refuse(parse_seconds(text));
    if (duration % std::chrono::seconds(1) != std::chrono::milliseconds(0)) refuse(option, Shown::kValue, text);
    config.*kind.member = std::chrono::duration_cast<std::chrono::seconds>(duration);
  }
  void operator()(const BoolOption& kind) const {
    if (text != "true" && text != "false" && text != "1" && text != "0") refuse(option, Shown::kValue, text);
    config.*kind.member = text == "true" || text == "1";
  }
  void operator()(const SyncOption& kind) const {
    if (text != "none" && text != "interval") refuse(option, Shown::kValue, text);
    config.*kind.member = text == "interval" ? Sync::kInterval : Sync::kNone;
  }

  template <typename T>
  T value_or_refuse(const std::optional<T>& value) const {
    if (!value) refuse(option, Shown::kValue, text);
    return *value;
  }
};

// Judges the value that an option has.
struct Checker {
  const Config& config;
  const ConfigOption& option;

  void operator()(const TextOption& kind) const {
    const std::string& value = config.*kind.member;
    if (kind.required && value.empty()) {
      throw ConfigError(std::string(option.name),
                        std::string(option.name) + ": missing; required: " + std::string(option.allowed));
    }
    if (value.size() > kMaxOptionBytes || !kind.accepts(value)) refuse(option, kind.shown, value);
  }
  void operator()(const ListOption& kind) const {
    const std::vector<std::string>& items = config.*kind.member;
    if (items.size() > kMaxOptionItems) refuse(option, Shown::kValue, std::to_string(items.size()) + " items");
    for (const std::string& item : items) {
      if (item.empty() || item.size() > kMaxOptionBytes || !kind.accepts(item)) refuse(option, Shown::kValue, item);
    }
  }
  template <typename Number>
  void operator()(const NumberOption<Number>& kind) const {
    const Number value = config.*kind.member;
    if (value < kind.min || value > kind.max) refuse(option, Shown::kValue, std::to_string(value));
  }
  template <typename Duration>
  void operator()(const DurationOption<Duration>& kind) const {
    const Duration value = config.*kind.member;
    if (value >= kind.min && value <= kind.max) return;
    refuse(option, Shown::kValue, std::to_string(std::chrono::duration<double>(value).count()) + " s");
  }
  void operator()(const BoolOption&) const {}
  void operator()(const SyncOption& kind) const {
    const Sync value = config.*kind.member;
    if (value != Sync::kNone && value != Sync::kInterval) {
      refuse(option, Shown::kValue, std::to_string(static_cast<int>(value)));
    }
  }
};

void check(const Config& config, const ConfigOption& option) { std::visit(Checker{config, option}, option.kind); }

void check_plain_http(const Config& config) {
  const auto url = EndpointUrl::parse(config.endpoint);
  if (!url || url->https || config.allow_http || url->loopback()) return;
  throw ConfigError("endpoint", "endpoint: " + shown_value(Shown::kRedactedUrl, config.endpoint) +
                                    " would send the keys in plain text; allowed: https, http to a loopback host, or "
                                    "http with allow_http = true");
}

// The keys would reach the proxy in plain text, although the endpoint is on this machine.
void check_proxy_of_plain_http(const Config& config) {
  const auto endpoint = EndpointUrl::parse(config.endpoint);
  if (config.proxy.empty() || !endpoint || endpoint->https || config.allow_http) return;
  const auto proxy = EndpointUrl::parse(config.proxy);
  if (proxy && proxy->loopback()) return;
  throw ConfigError("proxy", "proxy: " + shown_value(Shown::kRedactedUrl, config.proxy) +
                                 " would be sent the keys in plain text; allowed for an http endpoint: empty, or "
                                 "allow_http = true");
}

void check_ca_file(const Config& config) {
  if (config.ca_file.empty()) return;
  if (const auto read = read_ca_file(config.ca_file); !read.ok()) {
    throw ConfigError("ca_file", "ca_file: " + shown_value(Shown::kValue, config.ca_file) +
                                     " is not allowed: " + read.status().message() +
                                     "; allowed: " + std::string(find_config_option("ca_file")->allowed));
  }
}

}  // namespace

ConfigError::ConfigError(std::string option, const std::string& message)
    : std::invalid_argument(message), option_(std::move(option)) {}

ConfigError::~ConfigError() = default;

Config Config::from_environment() {
  Config config;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || !text.starts_with(kEnvironmentPrefix)) continue;
    std::string name(text.substr(kEnvironmentPrefix.size(), equals - kEnvironmentPrefix.size()));
    // Upper case only: LOGS_SDK_timeout is a mistake, and on_message has no text form.
    if (std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; })) {
      refuse_unknown(text.substr(0, equals));
    }
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (find_config_option(name) == nullptr) refuse_unknown(text.substr(0, equals));
    config.set(name, text.substr(equals + 1));
  }
  return config;
}

void Config::set(std::string_view name, std::string_view value) {
  const ConfigOption* option = find_config_option(name);
  if (option == nullptr) refuse_unknown(name);
  Config changed = *this;  // so that a refused value leaves everything as it was
  std::visit(Reader{changed, *option, value}, option->kind);
  const auto* text = std::get_if<TextOption>(&option->kind);
  if (text == nullptr || !text->required || !value.empty()) check(changed, *option);
  *this = std::move(changed);
}

void Config::validate() const {
  for (const ConfigOption& option : config_options()) check(*this, option);
  check_plain_http(*this);
  check_proxy_of_plain_http(*this);
  check_ca_file(*this);
}

}  // namespace logs_sdk::inline v1
