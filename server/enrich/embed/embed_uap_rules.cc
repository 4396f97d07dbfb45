// Writes the C++ source of server/enrich/uap_rules.h's tables. Run by the build:
//
//     embed_uap_rules <regexes.yaml> <output.cc>
//
// A key that this program does not know is an error: a newer uap-core may have given it a meaning that changes results.
#include <yaml-cpp/yaml.h>

#include <array>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

struct Section {
  const char* key;
  const char* table;
  const char* function;
  std::array<const char*, 4> replacements;  // name, major, minor, patch
  std::set<std::string> unused;
};

const std::array<Section, 3>& sections() {
  static const std::array<Section, 3> kSections{{
      {"user_agent_parsers",
       "kBrowserRules",
       "uap_browser_rules",
       {"family_replacement", "v1_replacement", "v2_replacement", "v3_replacement"},
       {}},
      {"os_parsers",
       "kOsRules",
       "uap_os_rules",
       {"os_replacement", "os_v1_replacement", "os_v2_replacement", "os_v3_replacement"},
       {"os_v4_replacement"}},
      {"device_parsers",
       "kDeviceRules",
       "uap_device_rules",
       {"device_replacement", "", "", ""},
       {"brand_replacement", "model_replacement"}},
  }};
  return kSections;
}

// Octal escapes end after three digits, whatever follows.
std::string literal(std::string_view text) {
  std::string written = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      written += '\\';
      written += c;
    } else if (byte < 0x20 || byte >= 0x7f) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\%03o", byte);
      written += escaped;
    } else {
      written += c;
    }
  }
  return written + "\"";
}

bool is_known(const Section& section, const std::string& key) {
  if (key == "regex" || key == "regex_flag" || section.unused.count(key) != 0) return true;
  for (const char* replacement : section.replacements) {
    if (key == replacement) return true;
  }
  return false;
}

std::string text_of(const YAML::Node& rule, const std::string& key) {
  const YAML::Node value = key.empty() ? YAML::Node() : rule[key];
  return value && !value.IsNull() ? value.as<std::string>() : std::string();
}

std::string row(const Section& section, const YAML::Node& rule) {
  for (const auto& member : rule) {
    const auto key = member.first.as<std::string>();
    if (!is_known(section, key)) throw std::runtime_error(std::string(section.key) + ": unknown key " + key);
  }
  const std::string flag = text_of(rule, "regex_flag");
  if (!flag.empty() && flag != "i") throw std::runtime_error(std::string(section.key) + ": unknown flag " + flag);
  std::string written =
      "    {" + literal(rule["regex"].as<std::string>()) + ", " + (flag == "i" ? "true" : "false") + ", {";
  for (const char* replacement : section.replacements) written += literal(text_of(rule, replacement)) + ", ";
  written.resize(written.size() - 2);
  return written + "}},\n";
}

void write(const std::string& input, const std::string& output) {
  const YAML::Node rules = YAML::LoadFile(input);
  std::ofstream file(output, std::ios::trunc);
  file << "#include \"server/enrich/uap_rules.h\"\n\nnamespace logs_server {\nnamespace {\n\n";
  for (const Section& section : sections()) {
    file << "constexpr UapRule " << section.table << "[] = {\n";
    for (const YAML::Node& rule : rules[section.key]) file << row(section, rule);
    file << "};\n\n";
  }
  file << "}  // namespace\n\n";
  for (const Section& section : sections()) {
    file << "std::span<const UapRule> " << section.function << "() { return " << section.table << "; }\n";
  }
  file << "\n}  // namespace logs_server\n";
  if (!file.flush()) throw std::runtime_error(output + ": cannot be written");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    write(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::cerr << "embed_uap_rules: " << argv[1] << ": " << error.what() << '\n';
    return 1;
  }
  return 0;
}
