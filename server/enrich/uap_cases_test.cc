// The test cases that uap-core publishes for its rules, against what we make of its rules.
//
// They are read where the package has put them. Each file prints the share that agrees.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "server/enrich/uap_rule_set.h"

namespace logs_server {
namespace {

struct UapCase {
  std::string user_agent;
  UapName expected;
};

std::string text_of(const YAML::Node& node) { return node && !node.IsNull() ? node.as<std::string>() : std::string(); }

std::vector<UapCase> read_cases(const std::string& file) {
  std::vector<UapCase> cases;
  for (const YAML::Node& node : YAML::LoadFile(std::string(UAP_CORE_FOLDER "/").append(file))["test_cases"]) {
    if (node["js_ua"]) continue;  // needs what a script in the browser tells as well
    cases.push_back(
        {text_of(node["user_agent_string"]),
         {text_of(node["family"]), {text_of(node["major"]), text_of(node["minor"]), text_of(node["patch"])}}});
  }
  return cases;
}

// Prints the shares, and returns that of the names.
double share_that_agrees(const UapRuleSet& rules, const std::string& file) {
  const std::vector<UapCase> cases = read_cases(file);
  std::size_t names = 0, versions = 0;
  for (const UapCase& each : cases) {
    const UapName named = rules.name(each.user_agent);
    const bool same = named.name == each.expected.name;
    names += same;
    versions += same && named.version == each.expected.version;
    if (!same)
      std::printf("  %s: %s, not %s\n", each.user_agent.c_str(), named.name.c_str(), each.expected.name.c_str());
  }
  const double share = 100.0 * static_cast<double>(names) / static_cast<double>(cases.size());
  std::printf("%s: %zu of %zu names agree (%.2f %%); with their versions %zu\n", file.c_str(), names, cases.size(),
              share, versions);
  EXPECT_GT(cases.size(), 20U) << file;
  return share;
}

TEST(UapCasesTest, names_of_browsers_agree_with_the_published_cases) {
  const UapRuleSet rules(uap_browser_rules());
  for (const char* file : {"tests/test_ua.yaml", "test_resources/firefox_user_agent_strings.yaml",
                           "test_resources/opera_mini_user_agent_strings.yaml", "test_resources/pgts_browser_list.yaml",
                           "test_resources/podcasting_user_agent_strings.yaml"}) {
    EXPECT_GE(share_that_agrees(rules, file), 99.0) << file;
  }
  EXPECT_EQ(rules.left_out(), 0U);
}

TEST(UapCasesTest, names_of_systems_agree_with_the_published_cases) {
  const UapRuleSet rules(uap_os_rules());
  for (const char* file : {"tests/test_os.yaml", "test_resources/additional_os_tests.yaml"}) {
    EXPECT_GE(share_that_agrees(rules, file), 99.0) << file;
  }
  EXPECT_EQ(rules.left_out(), 0U);
}

TEST(UapCasesTest, names_of_devices_agree_with_the_published_cases) {
  const UapRuleSet rules(uap_device_rules());
  EXPECT_GE(share_that_agrees(rules, "tests/test_device.yaml"), 99.0);
  EXPECT_EQ(rules.left_out(), 0U);
}

}  // namespace
}  // namespace logs_server
