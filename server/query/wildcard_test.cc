#include "server/query/wildcard.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "testing/seeded_random.h"

namespace logs_server {
namespace {

TEST(WildcardTest, a_star_stands_for_any_run_of_characters) {
  const struct {
    std::string_view pattern, text;
    bool matches;
  } cases[] = {{"*", "", true},           {"*", "abc", true},       {"a*", "abc", true},     {"a*", "ba", false},
               {"*c", "abc", true},       {"*c", "cb", false},      {"a*c", "ac", true},     {"a*c", "abcc", true},
               {"a*a", "a", false},       {"**", "", true},         {"a**b", "ab", true},    {"*b*", "abc", true},
               {"*b*b*", "abc", false},   {"a*b*c", "aXbYc", true}, {"ab*ba", "aba", false}, {"abc", "abc", true},
               {"*ab*abc", "ababc", true}};
  for (const auto& [pattern, text, matches] : cases) {
    EXPECT_EQ(Wildcard(pattern).matches(text), matches) << pattern << " " << text;
  }
}

// The definition, with the price of its recursion.
bool matches_slowly(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() != '*') {
    return !text.empty() && text.front() == pattern.front() && matches_slowly(pattern.substr(1), text.substr(1));
  }
  for (std::size_t taken = 0; taken <= text.size(); ++taken) {
    if (matches_slowly(pattern.substr(1), text.substr(taken))) return true;
  }
  return false;
}

TEST(WildcardTest, agrees_with_the_definition_on_texts_at_random) {
  logs_sdk::SeededRandom random;
  const auto text = [&random](std::string_view letters, std::size_t most) {
    std::string made;
    for (std::size_t size = random.below(most); size > 0; --size) made += letters[random.below(letters.size())];
    return made;
  };
  for (int round = 0; round < 20'000; ++round) {
    const std::string pattern = text("ab*", 7), value = text("ab", 9);
    ASSERT_EQ(Wildcard(pattern).matches(value), matches_slowly(pattern, value)) << pattern << " " << value;
  }
}

// At the product of the lengths each of these would take minutes.
TEST(WildcardTest, hostile_megabytes_take_linear_time) {
  const std::string text(std::size_t{8} << 20, 'a');
  const std::string piece(16'000, 'a');
  EXPECT_FALSE(Wildcard("*" + piece + "b*").matches(text));
  EXPECT_FALSE(Wildcard("*" + piece + "b" + piece + "*").matches(text));
  EXPECT_FALSE(Wildcard("*b" + piece + "*").matches(text));
  std::string many = "*";
  for (int i = 0; i < 8000; ++i) many += "a*";
  EXPECT_FALSE(Wildcard(many + "b").matches(text));
  EXPECT_FALSE(Wildcard(many + "b*").matches(text));
  EXPECT_EQ(find_text(text, piece + "b"), std::string_view::npos);
}

}  // namespace
}  // namespace logs_server
