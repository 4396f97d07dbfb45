#include "src/json/json_cursor.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

struct Call {
  const char* name;
  std::function<Span(JsonCursor&)> make;
};

const std::vector<Call>& calls() {
  static const std::vector<Call> all = {
      {"take_string",
       [](JsonCursor& cursor) {
         const std::size_t begin = cursor.at();
         const JsonString string = cursor.take_string();
         EXPECT_GE(string.inside.begin, begin);
         EXPECT_EQ(cursor.at(), string.end());
         return string.inside;
       }},
      {"take_plain_string",
       [](JsonCursor& cursor) {
         return cursor.take_plain_string(8, [](char c) { return c != 'x'; }).value_or(Span{});
       }},
      {"take_comment", [](JsonCursor& cursor) { return cursor.take_comment(); }},
      {"take_word", [](JsonCursor& cursor) { return cursor.take_word(); }},
      {"take_rest_of_value", [](JsonCursor& cursor) { return cursor.take_rest_of_value(); }},
      {"take_brackets", [](JsonCursor& cursor) { return cursor.take_brackets(); }},
      {"take_value", [](JsonCursor& cursor) { return cursor.take_value(); }},
      {"skip_spaces", [](JsonCursor& cursor) { return cursor.skip_spaces(), Span{}; }},
      {"skip_any_spaces", [](JsonCursor& cursor) { return cursor.skip_any_spaces(), Span{}; }},
      {"skip", [](JsonCursor& cursor) { return cursor.skip(3), Span{}; }},
      {"skip far", [](JsonCursor& cursor) { return cursor.skip(std::string::npos), Span{}; }},
      {"take", [](JsonCursor& cursor) { return cursor.take(cursor.peek()), Span{}; }},
  };
  return all;
}

// The invariant, for every call at every place of texts that hold all that matters to JSON, torn anywhere. The text is
// on the heap and of its exact size, so that the address sanitizer sees every byte that is read beyond it.
TEST(JsonCursor, no_call_leaves_the_text_wherever_it_is_made) {
  SeededRandom random;
  constexpr std::string_view kBytes = "{}[]\",:\\'0-e.x/*#\n \x1E";
  for (int i = 0; i < 3'000; ++i) {
    std::string made;
    for (std::uint64_t left = random.below(40); left > 0; --left) made += kBytes[random.below(kBytes.size())];
    const std::vector<char> text(made.begin(), made.end());
    for (std::size_t at = 0; at <= text.size() + 1; ++at) {
      for (const Call& call : calls()) {
        JsonCursor cursor(std::string_view(text.data(), text.size()));
        cursor.go_to(at);
        const std::size_t before = cursor.at();
        const Span span = call.make(cursor);
        ASSERT_LE(cursor.at(), text.size()) << call.name << " at " << at << " of " << made;
        ASSERT_GE(cursor.at(), before) << call.name << " at " << at << " of " << made;
        ASSERT_LE(span.begin, span.end) << call.name << " at " << at << " of " << made;
        ASSERT_LE(span.end, text.size()) << call.name << " at " << at << " of " << made;
      }
    }
  }
}

TEST(JsonCursor, behind_the_end_nothing_begins) {
  JsonCursor cursor("1");
  cursor.skip(9);
  EXPECT_TRUE(cursor.at_end());
  EXPECT_EQ(cursor.peek(), '\0');
  EXPECT_FALSE(cursor.take('\0'));
  EXPECT_FALSE(cursor.at_quote());
  EXPECT_FALSE(cursor.take_string().closed);
  EXPECT_TRUE(cursor.take_value().empty());
  EXPECT_EQ(cursor.view({0, 9}), "1");
  EXPECT_EQ(cursor.view({7, 9}), "");
}

TEST(JsonCursor, values_are_taken_whole) {
  const struct {
    std::string_view text, value;
  } cases[] = {{R"("a\"]" ,)", R"("a\"]")"},
               {R"([1,"]",{"a":[]}]])", R"([1,"]",{"a":[]}])"},
               {R"({"a":"}"}})", R"({"a":"}"})"},
               {"-1.5e+3,", "-1.5e+3"},
               {"null}", "null"},
               {"}", ""},
               {",1", ""},
               {"\"a", ""},
               {"[1", "[1"}};
  for (const auto& [text, value] : cases) {
    JsonCursor cursor(text);
    EXPECT_EQ(cursor.view(cursor.take_value()), value) << text;
  }
}

}  // namespace
}  // namespace logs_sdk
