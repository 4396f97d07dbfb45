#include "src/json/json_text.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

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

using Member = std::pair<std::string_view, std::string_view>;

std::vector<Member> members_of(std::string_view text) {
  std::vector<Member> seen;
  JsonMembers members(text);
  for (std::string_view name, value; members.next(name, value);) seen.emplace_back(name, value);
  return seen;
}

TEST(JsonTextTest, members_are_walked_as_they_stand) {
  const std::vector<Member> expected{
      {R"("a")", R"("}\",")"}, {R"("b")", R"([1,{"c":2}])"}, {R"("d")", "{}"}, {R"("e")", "-1.5e3"}};
  EXPECT_EQ(members_of(R"({ "a" : "}\"," , "b":[1,{"c":2}] ,"d":{},"e":-1.5e3 })"), expected);
  EXPECT_EQ(members_of(R"(["a", [] ,null])"), (std::vector<Member>{{"", R"("a")"}, {"", "[]"}, {"", "null"}}));
  for (const char* text : {"", " ", "{}", " [ ] ", "1", "\"{}\"", "null"})
    EXPECT_TRUE(members_of(text).empty()) << text;
}

// As encoders of streams and pretty printers write it.
TEST(JsonTextTest, white_space_around_an_object_belongs_to_no_member) {
  const std::vector<Member> expected{{R"("a")", R"("b")"}, {R"("c")", "[1,2]"}};
  for (const std::string space : {" ", "\n", "\r\n", "\t \n\n"}) {
    const std::string object = R"({"a":"b","c":[1,2]})";
    EXPECT_EQ(members_of(object + space), expected);
    EXPECT_EQ(members_of(space + object), expected);
    EXPECT_EQ(members_of(space + object + space), expected);
  }
}

// On the heap and of its exact size, so that the address sanitizer sees every byte that is read beyond it.
TEST(JsonTextTest, members_of_a_damaged_text_lie_within_it) {
  SeededRandom random;
  constexpr std::string_view kBytes = "{}[]\",:\\'0-e. \n\t";
  for (int i = 0; i < 50'000; ++i) {
    std::string made = random.one_in(2) ? "{" : "";
    for (std::uint64_t left = random.below(24); left > 0; --left) made += kBytes[random.below(kBytes.size())];
    const std::vector<char> text(made.begin(), made.end());
    for (const auto& [name, value] : members_of({text.data(), text.size()})) {
      const auto end = [&](std::string_view token) { return token.data() + token.size() - text.data(); };
      ASSERT_FALSE(value.empty()) << made;
      ASSERT_LE(end(value), static_cast<std::ptrdiff_t>(text.size())) << made;
      ASSERT_TRUE(name.empty() || end(name) < end(value)) << made;
    }
  }
}

TEST(JsonTextTest, what_is_no_token_is_read_as_nothing) {
  std::string storage;
  for (const char* token : {"", "\"", "x", "\"\""}) {
    EXPECT_EQ(json_string_inside(token), "") << token;
    EXPECT_EQ(json_string_value(token), "") << token;
    EXPECT_EQ(json_string_view(token, storage), "") << token;
  }
  EXPECT_EQ(json_type(""), JsonType::kNumber);
  EXPECT_EQ(trim_json_spaces(" \r\n"), "");
  EXPECT_EQ(trim_json_spaces("\t{ } \n"), "{ }");
}

}  // namespace
}  // namespace logs_sdk
