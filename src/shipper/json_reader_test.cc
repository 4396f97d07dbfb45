#include "src/shipper/json_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace logs_sdk {
namespace {

using Token = JsonReader::Token;

std::vector<Token> tokens_of(std::string_view text) {
  JsonReader reader(text);
  std::vector<Token> tokens;
  do {
    tokens.push_back(reader.next());
  } while (tokens.back() != Token::kEnd && tokens.back() != Token::kError);
  return tokens;
}

bool is_json(std::string_view text) { return tokens_of(text).back() == Token::kEnd; }

std::string string_of(std::string_view text) {
  JsonReader reader(text);
  EXPECT_EQ(reader.next(), Token::kString);
  return reader.string();
}

TEST(JsonReader, gives_the_tokens_of_a_document_in_order) {
  EXPECT_EQ(tokens_of(R"( {"a" : [1, true, false, null, "x"], "b":{}} )"),
            (std::vector<Token>{Token::kObject, Token::kName, Token::kArray, Token::kNumber, Token::kTrue,
                                Token::kFalse, Token::kNull, Token::kString, Token::kArrayEnd, Token::kName,
                                Token::kObject, Token::kObjectEnd, Token::kObjectEnd, Token::kEnd}));
}

TEST(JsonReader, takes_what_the_grammar_allows) {
  for (const char* text : {"0", "-0", "10", "-1.5e+10", "1E5", "0.0", R"("")", R"("\u00e9\n\/")", "[]", "[[],{}]",
                           "{\"\":0}", "\t\r\n true "}) {
    EXPECT_TRUE(is_json(text)) << text;
  }
}

TEST(JsonReader, refuses_what_the_grammar_does_not_allow) {
  for (const char* text : {"",        " ",           "01",       "+1",         "1.",    ".5",
                           "1e",      "-",           "tru",      "nulls",      "'x'",   "\"",
                           "\"\\x\"", "\"\\u12g4\"", "\"\\u12",  "\"a\nb\"",   "[1,]",  "[,1]",
                           "[1 2]",   "{\"a\"}",     "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1]",
                           "[1}",     "]",           "}",        "1 2",        "[] []", "{\"a\":1 \"b\":2}",
                           "[1",      "{",           "NaN"}) {
    EXPECT_FALSE(is_json(text)) << text;
  }
}

TEST(JsonReader, nests_to_its_bound_and_no_deeper) {
  const std::string opening(JsonReader::kMaxDepth, '[');
  const std::string closing(JsonReader::kMaxDepth, ']');
  EXPECT_TRUE(is_json(opening + closing));
  EXPECT_FALSE(is_json("[" + opening + closing + "]"));
  EXPECT_FALSE(is_json(std::string(1'000'000, '[')));
}

TEST(JsonReader, an_error_stays) {
  JsonReader reader("[x, 1]");
  EXPECT_EQ(reader.next(), Token::kArray);
  EXPECT_EQ(reader.next(), Token::kError);
  EXPECT_EQ(reader.next(), Token::kError);
}

TEST(JsonReader, strings_come_unescaped) {
  EXPECT_EQ(string_of(R"("a\"\\\/\b\f\n\r\t")"), "a\"\\/\b\f\n\r\t");
  EXPECT_EQ(string_of(R"("\u0041\u00e9\u4e2d\ud83d\ude00")"), "A\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80");
}

TEST(JsonReader, half_a_surrogate_pair_is_a_replacement_character) {
  EXPECT_EQ(string_of(R"("\ud83dx")"), "\xEF\xBF\xBDx");
  EXPECT_EQ(string_of(R"("\ude00")"), "\xEF\xBF\xBD");
  EXPECT_EQ(string_of(R"("\ud83d\u0041")"),
            "\xEF\xBF\xBD"
            "A");
}

TEST(JsonReader, only_natural_numbers_are_numbers_to_count_with) {
  const auto natural = [](std::string_view text) {
    JsonReader reader(text);
    EXPECT_EQ(reader.next(), Token::kNumber);
    return reader.natural();
  };
  EXPECT_EQ(natural("0"), 0U);
  EXPECT_EQ(natural("500"), 500U);
  EXPECT_EQ(natural("9223372036854775807"), 9223372036854775807U);
  for (const char* text : {"-1", "-0", "1.0", "1e2", "9223372036854775808", "99999999999999999999999"}) {
    EXPECT_FALSE(natural(text)) << text;
  }
}

TEST(JsonReader, a_value_is_skipped_with_all_that_is_in_it) {
  JsonReader reader(R"({"a":{"b":[1,{"c":"]}"}]},"d":2})");
  EXPECT_EQ(reader.next(), Token::kObject);
  EXPECT_EQ(reader.next(), Token::kName);
  EXPECT_TRUE(reader.skip(reader.next()));
  EXPECT_EQ(reader.next(), Token::kName);
  EXPECT_EQ(reader.string(), "d");
}

TEST(JsonReader, a_document_cut_at_any_byte_is_an_error) {
  const std::string whole = R"({"batch_id":"ab\u00e9","n":[1.5e3,true,null],"o":{}})";
  ASSERT_TRUE(is_json(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(is_json(whole.substr(0, size))) << size;
}

}  // namespace
}  // namespace logs_sdk
