#include "server/query/query_parser.h"

#include <string>

#include "gtest/gtest.h"
#include "testing/seeded_random.h"

namespace logs_server {
namespace {

std::string reprinted(std::string_view text) {
  const auto parsed = parse_query_text(text);
  if (const auto* error = std::get_if<QueryError>(&parsed)) {
    return "error at " + std::to_string(error->position) + ": " + error->message;
  }
  return print(std::get<Query>(parsed));
}

struct Reading {
  std::string text;
  std::string meaning;  // as print() has it
};

class QueryReading : public ::testing::TestWithParam<Reading> {};

TEST_P(QueryReading, is_read_as_meant) { EXPECT_EQ(reprinted(GetParam().text), GetParam().meaning); }

INSTANTIATE_TEST_SUITE_P(Words, QueryReading,
                         ::testing::Values(Reading{"", ""}, Reading{" \t\r\n ", ""}, Reading{"timeout", "timeout"},
                                           Reading{"two words", "two words"}, Reading{"\"two words\"", "\"two words\""},
                                           Reading{"\"one\"", "one"}, Reading{R"("a \"b\" \\ c")", R"("a \"b\" \\ c")"},
                                           Reading{"\"\"", "\"\""}, Reading{"*", "\"\""}, Reading{"*err*", "err"},
                                           Reading{"a*b", "\"a*b\""}, Reading{"/api/v1/items", "/api/v1/items"},
                                           Reading{"12:30", "\"12:30\""}, Reading{":x", "\":x\""},
                                           Reading{"a,b", "\"a,b\""}, Reading{"x=1", "\"x=1\""},
                                           Reading{"foo\"bar\"", "foo bar"}, Reading{"\xC3\xBC", "\"\xC3\xBC\""},
                                           Reading{"and or not", "and or not"}, Reading{"TO", "\"TO\""},
                                           Reading{"ANDROID", "ANDROID"}));

INSTANTIATE_TEST_SUITE_P(Operators, QueryReading,
                         ::testing::Values(Reading{"a AND b", "a b"}, Reading{"a OR b", "a OR b"},
                                           Reading{"a b OR c d", "a b OR c d"}, Reading{"a (b OR c)", "a (b OR c)"},
                                           Reading{"(a b) c", "a b c"}, Reading{"(a OR b) OR c", "a OR b OR c"},
                                           Reading{"((a))", "a"}, Reading{"-a", "-a"}, Reading{"NOT a", "-a"},
                                           Reading{"NOT NOT a", "--a"}, Reading{"-(a b)", "-(a b)"},
                                           Reading{"-(a OR b) c", "-(a OR b) c"}, Reading{"-\"-a\"", "-\"-a\""},
                                           Reading{"a-b", "a-b"}, Reading{"a AND NOT b", "a -b"}, Reading{"( a )", "a"},
                                           Reading{"(a)(b)", "a b"}, Reading{"a(b)", "a b"},
                                           Reading{"a OR -b", "a OR -b"}));

INSTANTIATE_TEST_SUITE_P(
    Fields, QueryReading,
    ::testing::Values(
        Reading{"method:GET", "method:GET"}, Reading{"status:500", "status_code:500"},
        Reading{"duration:5", "duration_ms:5"}, Reading{"ip:::1", "client_ip:::1"}, Reading{"user:7", "user_id:7"},
        Reading{"trace:ab", "trace_id:ab"}, Reading{"route:/x", "path:/x"}, Reading{"status:=500", "status_code:500"},
        Reading{"path:=a*", "path:\"a*\""}, Reading{"status:>=500", "status_code:>=500"},
        Reading{"status:>500", "status_code:>500"}, Reading{"status:<=500", "status_code:<=500"},
        Reading{"status:<500", "status_code:<500"}, Reading{"status:[200 TO 299]", "status_code:[200 TO 299]"},
        Reading{"status:[ 200  TO  299 ]", "status_code:[200 TO 299]"},
        Reading{"status:[500 TO *]", "status_code:[500 TO *]"}, Reading{"status:[* TO 99]", "status_code:[* TO 99]"},
        Reading{"method:GET,POST", "method:GET,POST"}, Reading{"method:\"GET\",\"P Q\"", "method:GET,\"P Q\""},
        Reading{"path:/api/*", "path:/api/*"}, Reading{"path:\"/api/*\"", "path:\"/api/*\""},
        Reading{"status:5*", "status_code:5*"}, Reading{"path:*", "path:*"}, Reading{"path:\"\"", "path:\"\""},
        Reading{"path:\"a b\"", "path:\"a b\""}, Reading{"has:user", "has:user_id"}, Reading{"has:tags", "has:tags"},
        Reading{"has:tags.tier", "has:tags.tier"}, Reading{"tags.tier:gold", "tags.tier:gold"},
        Reading{"tags.n:>1.5", "tags.n:>1.5"},
        Reading{"request_headers.accept:*json*", "request_headers.accept:*json*"},
        Reading{"is_error:true", "is_error:true"}, Reading{"duration:>1.5s", "duration_ms:>1.5s"},
        Reading{"timestamp:>=2026-01-01", "timestamp:>=2026-01-01"},
        Reading{"-status:200 method:POST", "-status_code:200 method:POST"}, Reading{"path:/a\"b\"", "path:/a b"},
        Reading{"status:-1", "status_code:\"-1\""}));

INSTANTIATE_TEST_SUITE_P(
    Errors, QueryReading,
    ::testing::Values(
        Reading{"(a", "error at 2: expected \")\" for the \"(\" at 0"},
        Reading{"a)", "error at 1: expected a term or the end, not \")\" without its \"(\""},
        Reading{"()", "error at 1: expected a term"}, Reading{"(", "error at 1: expected a term, the query ends here"},
        Reading{"a OR", "error at 4: expected a term, the query ends here"},
        Reading{"OR a", "error at 0: expected a term before and after OR"},
        Reading{"a AND AND b", "error at 6: expected a term before and after AND"},
        Reading{"NOT", "error at 3: expected a term, the query ends here"},
        Reading{"-", "error at 1: expected a term, the query ends here"},
        Reading{"a - b", "error at 3: expected a term"},
        Reading{"\"abc", "error at 0: expected a closing quote for this one"},
        Reading{"a \"b\\", "error at 2: expected a closing quote for this one"},
        Reading{"\"a\\n\"", "error at 3: expected \" or \\ after \\"},
        Reading{
            "foo:bar",
            "error at 0: expected the name of a field, not \"foo\"; to search for text with a colon, put it in quotes"},
        Reading{"https://x.y",
                "error at 0: expected the name of a field, not \"https\"; to search for text with a colon, put it in "
                "quotes"},
        Reading{"path.x:1",
                "error at 0: expected the name of a field, not \"path.x\"; to search for text with a colon, put it in "
                "quotes"},
        Reading{"path:", "error at 5: expected a value"}, Reading{"path: x", "error at 5: expected a value"},
        Reading{"path:a,", "error at 7: expected a value"},
        Reading{"has:", "error at 4: expected the name of a field after has:"},
        Reading{"has:nothing", "error at 4: expected the name of a field, not \"nothing\""},
        Reading{"status:abc", "error at 7: expected a whole number for status_code"},
        Reading{"status:>x", "error at 8: expected a whole number for status_code"},
        Reading{"status:>", "error at 8: expected a value"},
        Reading{"status:200,x", "error at 11: expected a whole number for status_code"},
        Reading{"status:5e2", "error at 7: expected a whole number for status_code"},
        Reading{"status:99999999999999999999", "error at 7: expected a whole number for status_code"},
        Reading{"status:1s", "error at 7: expected a whole number for status_code"},
        Reading{"method:>GET", "error at 8: method has no order: expected a value without < and >"},
        Reading{"is_error:yes", "error at 9: expected true or false for is_error"},
        Reading{"is_error:>true", "error at 10: is_error has no order: expected a value without < and >"},
        Reading{"tags:x", "error at 5: expected the name of a tag: tags.name:value"},
        Reading{"tags.n:>x", "error at 8: expected a number"},
        Reading{"status:[200 299]", "error at 12: expected TO between the ends of a range"},
        Reading{"status:[200 TO 299", "error at 18: expected \"]\" after the end of a range"},
        Reading{"status:[* TO *]", "error at 8: expected at least one end of the range; has: asks for any value"},
        Reading{"status:[a TO 2]", "error at 8: expected a whole number for status_code"},
        Reading{
            "\xC3\xBC foo:x",
            "error at 2: expected the name of a field, not \"foo\"; to search for text with a colon, put it in quotes"},
        Reading{"ab\xFF", "error at 2: expected UTF-8"}));

std::string repeated(std::string_view piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

TEST(QueryLimits, length_depth_and_number_of_terms_are_bounded) {
  EXPECT_EQ(reprinted(std::string(kMaxQueryBytes, 'a')).size(), kMaxQueryBytes);
  EXPECT_EQ(reprinted(std::string(kMaxQueryBytes + 1, 'a')), "error at 0: expected at most 16384 bytes, not 16385");
  EXPECT_EQ(reprinted(repeated("(", kMaxQueryDepth) + "a" + repeated(")", kMaxQueryDepth)), "a");
  EXPECT_EQ(reprinted(repeated("(", kMaxQueryDepth + 1) + "a"),
            "error at 64: expected at most 64 parentheses and negations in one another");
  EXPECT_EQ(reprinted(repeated("-", kMaxQueryDepth + 1) + "a"),
            "error at 65: expected at most 64 parentheses and negations in one another");
  EXPECT_EQ(reprinted(repeated("NOT ", 4000)),
            "error at 260: expected at most 64 parentheses and negations in one another");
  EXPECT_EQ(reprinted(repeated("a ", kMaxQueryTerms)).substr(0, 5), "a a a");
  EXPECT_EQ(reprinted(repeated("a ", kMaxQueryTerms + 1)), "error at 512: expected at most 256 terms and values");
  EXPECT_EQ(reprinted("path:a" + repeated(",a", kMaxQueryTerms)),
            "error at 517: expected at most 256 terms and values");
}

// Trees as a parser makes them, at random.
class RandomQuery {
 public:
  explicit RandomQuery(logs_sdk::SeededRandom& random) : random_(random) {}

  Query tree(int depth) {
    switch (random_.below(depth > 0 ? 8 : 5)) {
      case 0:
        return {TextTerm{text()}};
      case 1:
        return {any_of()};
      case 2:
        return {Comparison{{logs_sdk::Field::kStatusCode, {}}, static_cast<Relation>(random_.below(4)), number()}};
      case 3:
        return {range()};
      case 4:
        return {HasTerm{field()}};
      case 5:
        return {NotTerm{{tree(depth - 1)}}};
      case 6:
        return {AndTerm{operands<AndTerm>(depth - 1)}};
      default:
        return {OrTerm{operands<OrTerm>(depth - 1)}};
    }
  }

 private:
  template <typename Term>
  std::vector<Query> operands(int depth) {
    std::vector<Query> result;
    while (result.size() < 2 || random_.one_in(2)) {
      Query operand = tree(depth);
      if (!std::holds_alternative<Term>(operand.term)) result.push_back(std::move(operand));
    }
    return result;
  }
  AnyOf any_of() {
    AnyOf term{field(), {}};
    while (term.field == QueryField{logs_sdk::Field::kTags, {}}) term.field = field();
    do {
      term.patterns.push_back(random_.one_in(3)
                                  ? Pattern{"/a" + repeated("*", 1 + static_cast<int>(random_.below(2))) + "<b:", true}
                                  : Pattern{text(), false});
    } while (random_.one_in(2));
    return term;
  }
  RangeTerm range() {
    RangeTerm term{{logs_sdk::Field::kDurationMs, {}}, {}, {}};
    if (random_.one_in(2)) term.low = number();
    if (!term.low || random_.one_in(2)) term.high = number();
    return term;
  }
  QueryField field() {
    static constexpr logs_sdk::Field kText[] = {logs_sdk::Field::kPath, logs_sdk::Field::kUserAgent,
                                                logs_sdk::Field::kTags};
    const logs_sdk::Field field = kText[random_.below(3)];
    return {field, field == logs_sdk::Field::kTags && random_.one_in(2) ? "some.tag-name_1" : ""};
  }
  std::string number() { return std::to_string(static_cast<std::int64_t>(random_.next())); }
  std::string text() {
    static constexpr std::string_view kPieces[] = {"a",  "B",   "7",  " ",  "\"",       "\\", "(", ")",    ":",
                                                   ",",  "*",   "-",  "[",  "]",        "<",  ">", "=",    "AND",
                                                   "OR", "NOT", "TO", "\n", "\xC3\xBC", ".",  "/", "path:"};
    std::string result;
    while (!random_.one_in(4)) result += kPieces[random_.below(std::size(kPieces))];
    return result;
  }

  logs_sdk::SeededRandom& random_;
};

TEST(QueryText, parsing_what_was_printed_yields_the_same_tree) {
  logs_sdk::SeededRandom random;
  RandomQuery queries(random);
  for (int i = 0; i < 20'000; ++i) {
    const Query query = queries.tree(4);
    const std::string text = print(query);
    const auto parsed = parse_query_text(text);
    if (const auto* error = std::get_if<QueryError>(&parsed)) {
      // The limits of the language are not those of the generator.
      ASSERT_EQ(error->message.substr(0, 16), "expected at most") << text;
      continue;
    }
    ASSERT_EQ(std::get<Query>(parsed), query) << text << "\n" << print(std::get<Query>(parsed));
  }
}

TEST(QueryText, any_text_is_a_query_or_an_error_within_it) {
  static constexpr std::string_view kPieces[] = {
      "a",    "status:", "path:", "has:", "\"",   "\\", "(",     ")",    ",",        "*",    "-",     "[", "]",
      " TO ", "<",       ">=",    "500",  " OR ", " ",  " AND ", "NOT ", "\xC3\xBC", "\xFF", "tags.", ".", ":"};
  logs_sdk::SeededRandom random;
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    while (!random.one_in(8)) text += kPieces[random.below(std::size(kPieces))];
    const auto parsed = parse_query_text(text);
    if (const auto* error = std::get_if<QueryError>(&parsed)) {
      ASSERT_LE(error->position, text.size()) << text;
      ASSERT_FALSE(error->message.empty()) << text;
    } else {
      const std::string printed = print(std::get<Query>(parsed));
      ASSERT_EQ(std::get<Query>(parse_query_text(printed)), std::get<Query>(parsed)) << text << "\n" << printed;
    }
  }
}

}  // namespace
}  // namespace logs_server
