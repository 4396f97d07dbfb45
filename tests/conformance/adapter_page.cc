#include "tests/conformance/adapter_page.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <ostream>
#include <vector>

#include "tests/conformance/exchange_case.h"

namespace logs_sdk::conformance {
namespace {

constexpr char kPage[] = LOGS_SDK_SOURCE_DIR "/docs/adapters.md";

bool asserts(const ExchangeCase& exchange, Sight sight) {
  return std::ranges::any_of(exchange.entries, [&](const ExpectedEntry& entry) {
    return entry.only_if == sight || std::ranges::count(entry.sightings, sight, &Sighting::sight) > 0;
  });
}

std::vector<std::string> cases_of(Sight sight) {
  std::vector<std::string> names;
  for (const ExchangeCase& exchange : exchange_cases()) {
    if (asserts(exchange, sight)) names.push_back(exchange.name);
  }
  return names;
}

// "yes", "no" and the reason, or why nobody can tell.
std::string verdict(const AdapterDescription& adapter, Sight sight, const std::vector<std::string>& cases) {
  if (std::ranges::all_of(cases, [&](const std::string& name) { return adapter.not_run.contains(name); })) {
    return "– " + adapter.not_run.at(cases.front());
  }
  if (const auto reason = adapter.unseen.find(sight); reason != adapter.unseen.end()) return "no: " + reason->second;
  const auto remark = adapter.remarks.find(sight);
  return remark == adapter.remarks.end() ? "yes" : "yes: " + remark->second;
}

std::string readable(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string row(std::string_view what, const std::string& seen, const std::string& by) {
  return "| " + std::string(what) + " | " + seen + " | " + by + " |\n";
}

std::string begin_line(const AdapterDescription& adapter) {
  return "<!-- Made by the conformance suite (CONTRIBUTING.md): " + adapter.title + " -->\n";
}
std::string end_line(const AdapterDescription& adapter) { return "<!-- End: " + adapter.title + " -->\n"; }

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool test_exists(const std::string& full_name) {
  const ::testing::UnitTest& tests = *::testing::UnitTest::GetInstance();
  for (int i = 0; i < tests.total_test_suite_count(); ++i) {
    const ::testing::TestSuite& suite = *tests.GetTestSuite(i);
    for (int j = 0; j < suite.total_test_count(); ++j) {
      if (suite.name() + std::string(".") + suite.GetTestInfo(j)->name() == full_name) return true;
    }
  }
  return false;
}

}  // namespace

std::string page_section(const AdapterDescription& adapter) {
  std::string text = begin_line(adapter) + "## " + adapter.title + "\n\n" + adapter.prose + "\n";
  text += "| what | seen | shown by |\n|---|---|---|\n";
  for (const Sight sight : all_sights()) {
    const std::vector<std::string> cases = cases_of(sight);
    std::string by;
    for (const std::string& name : cases) by += (by.empty() ? "" : ", ") + readable(name);
    text += row(text_of(sight), verdict(adapter, sight, cases), by);
  }
  for (const OwnRow& own : adapter.rows) {
    text += row(own.what, own.how, readable(own.test.substr(own.test.find('.') + 1)));
  }
  for (const auto& [name, reason] : adapter.not_run) text += "\nNot run, *" + readable(name) + "*: " + reason + ".\n";
  return text + end_line(adapter);
}

std::string page_with(std::string page, const AdapterDescription& adapter) {
  const std::size_t begin = page.find(begin_line(adapter)), end = page.find(end_line(adapter));
  if (begin == std::string::npos || end == std::string::npos) return page + "\n" + page_section(adapter);
  return page.replace(begin, end + end_line(adapter).size() - begin, page_section(adapter));
}

TEST_P(AdapterPageTest, the_page_in_the_tree_says_what_the_suite_shows) {
  const std::string in_tree = content(kPage), made = page_with(in_tree, GetParam());
  if (write) std::ofstream(kPage) << made;
  EXPECT_EQ(content(kPage), made) << "make it anew: ninja -C build/release adapters_page";
}

TEST_P(AdapterPageTest, every_row_is_asserted_by_a_case_or_a_test) {
  for (const Sight sight : all_sights()) EXPECT_FALSE(cases_of(sight).empty()) << text_of(sight);
  for (const OwnRow& own : GetParam().rows) EXPECT_TRUE(test_exists(own.test)) << own.test;
}

TEST_P(AdapterPageTest, a_case_that_is_not_run_is_one_of_the_suite) {
  for (const auto& [name, reason] : GetParam().not_run) {
    EXPECT_EQ(std::ranges::count(exchange_cases(), name, &ExchangeCase::name), 1) << name;
    EXPECT_FALSE(reason.empty()) << name;
  }
}

}  // namespace logs_sdk::conformance
