#include "src/entry/json_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace logs_sdk {
namespace {

TEST(JsonTextTest, the_first_error_is_where_the_text_stops_being_json) {
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

TEST(JsonTextTest, nesting_cannot_exhaust_the_stack) {
  const std::string open(1 << 20, '[');
  EXPECT_EQ(first_json_error(open), open.size());
  EXPECT_FALSE(first_json_error(open + std::string(1 << 20, ']')));
}

TEST(JsonTextTest, an_independent_parser_agrees_on_damaged_texts) {
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

TEST(JsonTextTest, strings_are_decoded_and_their_form_is_judged) {
  const struct {
    std::string_view token;
    std::string value;
    bool canonical;
  } cases[] = {
      {R"("")", "", true},
      {R"("a\"\\\b\f\n\r\té")", "a\"\\\b\f\n\r\té", true},
      {R"("\u0001\u001f")", "\x01\x1f", true},
      {R"("\u001F")", "\x1f", false},
      {R"("\u000a")", "\n", false},
      {R"("\/")", "/", false},
      {R"("\u4e2d")", "中", false},
      {R"("\ud83d\ude00")", "😀", false},
      {R"("\ud83dx")", "\xef\xbf\xbdx", false},
      {R"("\ude00\ud83d")", "\xef\xbf\xbd\xef\xbf\xbd", false},
      {R"("\ud83d\n")", "\xef\xbf\xbd\n", false},
  };
  for (const auto& [token, value, canonical] : cases) {
    std::string out;
    const StringForm form = decode_json_string(token, out);
    EXPECT_TRUE(form.valid) << token;
    EXPECT_EQ(form.canonical, canonical) << token;
    EXPECT_EQ(out, value) << token;
    EXPECT_TRUE(is_json_value(token)) << token;
  }
}

TEST(JsonTextTest, escapes_that_json_does_not_know_are_no_values) {
  for (const char* token :
       {R"("\x")", R"("\u12")", R"("\u12g4")", R"("a\")", R"(")", "12a", "tru", " 1", "1 ", "", "{]"}) {
    EXPECT_FALSE(is_json_value(token)) << token;
  }
}

TEST(JsonTextTest, members_are_walked_as_they_stand) {
  const std::string_view text = R"( { "a" : "}\"," , "b":[1,{"c":2}] ,"d":{},"e":-1.5e3 } )";
  JsonMembers members(text.substr(1, text.size() - 2));
  std::vector<std::pair<std::string_view, std::string_view>> seen;
  std::string_view name;
  std::string_view value;
  while (members.next(name, value)) seen.emplace_back(name, value);
  const std::vector<std::pair<std::string_view, std::string_view>> expected{
      {R"("a")", R"("}\",")"}, {R"("b")", R"([1,{"c":2}])"}, {R"("d")", "{}"}, {R"("e")", "-1.5e3"}};
  EXPECT_EQ(seen, expected);
}

}  // namespace
}  // namespace logs_sdk
