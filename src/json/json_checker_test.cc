#include "src/json/json_checker.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

std::string nested(int depth) {
  return "{\"a\":" + std::string(static_cast<std::size_t>(depth), '[') +
         std::string(static_cast<std::size_t>(depth), ']') + "}";
}

TEST(JsonChecker, the_first_error_is_where_the_text_stops_being_json) {
  const struct {
    std::string_view text;
    std::optional<std::size_t> offset;
  } cases[] = {
      {"{}", {}},
      {" [1, -0.5e+3, \"\\u00e9\\n\", true, null, {\"a\":[]}] ", {}},
      {"\"\\ud800\"", {}},  // a lone surrogate is JSON by its grammar
      {"", 0},
      {"  ", 2},
      {"{\"logs\":[}", 9},
      {"[1,]", 3},
      {"[1 2]", 3},
      {"{\"a\" 1}", 5},
      {"{a:1}", 1},
      {"{\"a\":1,}", 7},
      {"tru", 3},
      {"trux", 3},
      {"01", 1},
      {"-", 1},
      {"1.", 2},
      {"1e", 2},
      {"+1", 0},
      {"NaN", 0},
      {"\"a", 2},
      {"\"\\x\"", 2},
      {"\"\\u12g4\"", 5},
      {"\"\x01\"", 1},
      {"\"\xc3(\"", 1},
      {"\"\xed\xa0\x80\"", 1},
      {"{} {}", 3},
      {"[}", 1},
      {"{]", 1},
  };
  for (const auto& [text, offset] : cases) EXPECT_EQ(first_json_error(text), offset) << text;
}

TEST(JsonChecker, nesting_cannot_exhaust_the_stack) {
  const std::string open(1 << 20, '[');
  EXPECT_EQ(first_json_error(open), open.size());
  EXPECT_FALSE(first_json_error(open + std::string(1 << 20, ']')));
}

TEST(JsonChecker, an_independent_parser_agrees_on_damaged_texts) {
  const std::string text = R"({"logs":[{"uuid":"a\n\u00e9","n":-12.5e3,"b":[true,false,null],"o":{"x":"é"}},{}]})";
  for (std::size_t i = 0; i <= text.size(); ++i) {
    std::vector<std::string> damaged{text.substr(0, i)};
    for (const char c : std::string_view("\"\\{}[],:0-eu \x01\xff")) {
      std::string flipped = text;
      if (i < text.size()) flipped[i] = c;
      damaged.push_back(flipped);
      damaged.push_back(text.substr(0, i) + c + text.substr(i));
    }
    for (const std::string& candidate : damaged) {
      EXPECT_EQ(!first_json_error(candidate), nlohmann::json::accept(candidate)) << candidate;
    }
  }
}

TEST(JsonObject, objects_are_accepted_with_everything_they_may_hold) {
  for (const char* text :
       {"{}", " { } \n", R"({"a":1})", R"({"a":[-0.5e+10,0,12E3,true,false,null,"\u00e9\n\"\\\/"],"b":{}})"}) {
    EXPECT_TRUE(is_json_object(text)) << text;
  }
}

TEST(JsonObject, anything_else_is_refused) {
  for (const char* text : {"",
                           " ",
                           "[]",
                           "1",
                           "\"{}\"",
                           "null",
                           "{",
                           "}",
                           "{}{}",
                           "{},",
                           "{a:1}",
                           "{'a':1}",
                           R"({"a"})",
                           R"({"a":})",
                           R"({"a":1,})",
                           R"({,"a":1})",
                           R"({"a":01})",
                           R"({"a":1.})",
                           R"({"a":.5})",
                           R"({"a":+1})",
                           R"({"a":1e})",
                           R"({"a":tru})",
                           R"({"a":NaN})",
                           R"({"a":"\x"})",
                           R"({"a":"\u12g4"})",
                           R"({"a":"\u12)",
                           "{\"a\":\"\n\"}",
                           R"({"a":[1,]})",
                           R"({"a":[1 2]})",
                           R"({"a":[1})",
                           R"({"a":1]})",
                           "{\"a\":1} x"}) {
    EXPECT_FALSE(is_json_object(text)) << text;
  }
  EXPECT_FALSE(is_json_object(std::string_view("{}\0", 3)));
}

TEST(JsonObject, depth_is_bounded) {
  EXPECT_TRUE(is_json_object(nested(kMaxJsonDepth - 1)));
  EXPECT_FALSE(is_json_object(nested(kMaxJsonDepth)));
  EXPECT_FALSE(is_json_object(nested(1'000'000)));
}

// What another parser says; nothing where it gives up at a number beyond a double, which the grammar allows.
std::optional<bool> is_object_elsewhere(const std::string& text) {
  try {
    return nlohmann::json::parse(text).is_object();
  } catch (const nlohmann::json::out_of_range&) {
    return std::nullopt;
  } catch (const nlohmann::json::parse_error&) {
    return false;
  }
}

TEST(JsonObject, agrees_with_another_parser_on_damaged_texts) {
  SeededRandom random;
  const std::string whole = R"({"a":[1,-2.5e3,"x\n\u0041",{"b":null}],"c":true,"d":{"e":[]}})";
  constexpr std::string_view kBytes = "{}[]\",:\\0123456789.eE+-truefalsn \n";
  for (int i = 0; i < 50'000; ++i) {
    std::string text = whole;
    for (std::uint64_t changes = 1 + random.below(3); changes > 0; --changes) {
      const std::size_t at = random.below(text.size());
      if (random.one_in(3)) {
        text.erase(at, 1 + random.below(4));
      } else if (random.one_in(2)) {
        text.insert(at, 1, kBytes[random.below(kBytes.size())]);
      } else {
        text[at] = kBytes[random.below(kBytes.size())];
      }
    }
    if (const std::optional<bool> expected = is_object_elsewhere(text)) {
      ASSERT_EQ(is_json_object(text), *expected) << text;
    }
  }
}

}  // namespace
}  // namespace logs_sdk
