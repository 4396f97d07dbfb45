#include "server/enrich/atom_finder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "testing/seeded_random.h"

namespace logs_server {
namespace {

using testing::UnorderedElementsAre;

std::vector<int> found_in(const std::vector<std::string>& atoms, std::string_view text) {
  std::vector<int> found;
  AtomFinder(atoms).find(text, found);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

TEST(AtomFinderTest, an_atom_within_another_and_one_across_two_are_found) {
  EXPECT_THAT(found_in({"he", "she", "hers", "his"}, "ushers"), UnorderedElementsAre(0, 1, 2));
  EXPECT_THAT(found_in({"abcd", "bc", "cde"}, "xabcdex"), UnorderedElementsAre(0, 1, 2));
}

TEST(AtomFinderTest, case_is_ignored) { EXPECT_THAT(found_in({"chrome/"}, "CHRoME/1"), UnorderedElementsAre(0)); }

TEST(AtomFinderTest, nothing_is_found_in_nothing_and_without_atoms) {
  EXPECT_THAT(found_in({"abc"}, ""), UnorderedElementsAre());
  EXPECT_THAT(found_in({}, "abc"), UnorderedElementsAre());
}

TEST(AtomFinderTest, it_finds_what_a_search_for_each_atom_finds) {
  logs_sdk::SeededRandom random;
  for (int round = 0; round < 300; ++round) {
    const auto word = [&](std::size_t longest) {
      std::string made(1 + random.below(longest), ' ');
      for (char& c : made) c = "ab\xff"[random.below(3)];
      return made;
    };
    std::vector<std::string> atoms;
    for (int i = 0; i < 12; ++i) atoms.push_back(word(4));
    std::sort(atoms.begin(), atoms.end());
    atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
    const std::string text = word(30);
    std::vector<int> expected;
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      if (text.find(atoms[i]) != std::string::npos) expected.push_back(static_cast<int>(i));
    }
    EXPECT_EQ(found_in(atoms, text), expected) << text;
  }
}

}  // namespace
}  // namespace logs_server
