// The table of options: one row for each, from which set(), from_environment(), validate() and the test of
// docs/configuration.md take names, ranges and wording.
#ifndef LOGS_SDK_SDK_CONFIG_OPTIONS_H_
#define LOGS_SDK_SDK_CONFIG_OPTIONS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "logs_sdk/config.h"

namespace logs_sdk::inline v1 {

inline constexpr std::string_view kEnvironmentPrefix = "LOGS_SDK_";
inline constexpr std::size_t kMaxOptionBytes = 512;  // of a text and of each item of a list
inline constexpr std::size_t kMaxOptionItems =
    1'024;  // of a list; far above any real one, so that a matcher stays short

// How the value of a row may be shown in a message.
enum class Shown : std::uint8_t { kValue, kRedactedUrl, kNever };

// The kinds of values. `accepts` judges one value, or one item of a list, beyond its length.
using TextRule = bool (*)(std::string_view value);
struct TextOption {
  std::string Config::*member;
  TextRule accepts;
  Shown shown = Shown::kValue;
  bool required = false;
};
struct ListOption {
  std::vector<std::string> Config::*member;
  TextRule accepts;
};
template <typename Number>
struct NumberOption {
  Number Config::*member;
  Number min, max;
};
template <typename Duration>
struct DurationOption {
  Duration Config::*member;
  Duration min, max;
};
struct BoolOption {
  bool Config::*member;
};
struct SyncOption {
  Sync Config::*member;
};

struct ConfigOption {
  std::string_view name;
  std::string_view allowed;  // completes "allowed: …"
  std::variant<TextOption, ListOption, NumberOption<std::size_t>, NumberOption<int>,
               DurationOption<std::chrono::milliseconds>, DurationOption<std::chrono::seconds>, BoolOption, SyncOption>
      kind;
};

// In the order of the documentation.
std::span<const ConfigOption> config_options() noexcept;
const ConfigOption* find_config_option(std::string_view name) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_CONFIG_OPTIONS_H_
