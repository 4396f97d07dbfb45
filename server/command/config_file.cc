#include "server/command/config_file.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <fstream>
#include <sstream>
#include <toml.hpp>
#include <utility>

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::Result;
using logs_sdk::Status;
using Kind = ConfigValue::Kind;

// The parser's messages go on for several lines, with the text around.
std::string first_line(std::string_view message) { return std::string(message.substr(0, message.find('\n'))); }

Result<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxConfigFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) {
    return logs_sdk::errno_status(Code::kConfiguration, path + ": cannot be read", errno);
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxConfigFileBytes) {
    return Status(Code::kConfiguration, path + ": is larger than " + std::to_string(kMaxConfigFileBytes) + " bytes");
  }
  return text;
}

// The parser calls itself for each level, and has no bound of its own. Brackets in strings and comments count, too.
constexpr int kMaxNesting = 64;
bool is_nested_too_deep(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > kMaxNesting) return true;
  }
  return false;
}

ConfigValue value_of(const std::string& name, const toml::value& value) {
  ConfigValue read{.name = name, .line = value.location().line()};
  if (value.is_boolean()) {
    read.kind = Kind::kBoolean;
    read.texts.emplace_back(value.as_boolean() ? "true" : "false");
  } else if (value.is_integer()) {
    read.kind = Kind::kInteger;
    read.texts.push_back(std::to_string(value.as_integer()));
  } else if (value.is_string()) {
    read.kind = Kind::kString;
    read.texts.push_back(value.as_string().str);
  } else if (value.is_array()) {
    const auto& elements = value.as_array();
    if (!std::all_of(elements.begin(), elements.end(), [](const toml::value& each) { return each.is_string(); })) {
      return read;
    }
    read.kind = Kind::kStrings;
    for (const toml::value& each : elements) read.texts.push_back(each.as_string().str);
  }
  return read;
}

}  // namespace

Result<std::vector<ConfigValue>> read_config_file(const std::string& path) {
  const auto text = read_text(path);
  if (!text.ok()) return text.status();
  if (is_nested_too_deep(text.value())) return Status(Code::kConfiguration, path + ": is nested too deep");
  std::istringstream stream(text.value());
  std::vector<ConfigValue> values;
  try {
    const toml::value root = toml::parse(stream, path);
    for (const auto& [name, value] : root.as_table()) values.push_back(value_of(name, value));
  } catch (const toml::exception& error) {
    return Status(Code::kConfiguration,
                  path + ":" + std::to_string(error.location().line()) + ": is not TOML: " + first_line(error.what()));
  } catch (const std::exception& error) {
    return Status(Code::kConfiguration, path + ": is not TOML: " + first_line(error.what()));
  }
  std::sort(values.begin(), values.end(), [](const ConfigValue& a, const ConfigValue& b) { return a.line < b.line; });
  return values;
}

std::string kind_name(Kind kind) {
  switch (kind) {
    case Kind::kBoolean:
      return "true or false";
    case Kind::kInteger:
      return "an integer";
    case Kind::kString:
      return "a string";
    case Kind::kStrings:
      return "a list of strings";
    case Kind::kOther:
      return "something else";
  }
  return "something else";
}

}  // namespace logs_server
