#include "server/query/query_parser.h"

#include <algorithm>
#include <utility>

#include "server/query/query_syntax.h"
#include "src/json/utf8.h"

namespace logs_server {
namespace {

using logs_sdk::Field;
using logs_sdk::FieldKind;

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::string_view kWordEnds = " \t\r\n()\"";
constexpr std::string_view kValueEnds = " \t\r\n()\",";
constexpr std::string_view kRangeEnds = " \t\r\n()\"]";

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
}

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

// A recursive descent. The first error ends it: it is carried by an exception that never leaves this file, so that the
// rules read like the grammar.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Query parse() {
    skip_spaces();
    if (at_end()) return {AndTerm{}};
    Query query = parse_or();
    if (!at_end()) fail("expected a term or the end, not \")\" without its \"(\"");
    return query;
  }

  struct Failure {
    std::size_t offset;
    std::string message;
  };

 private:
  [[noreturn]] void fail(std::string message) const { throw Failure{at_, std::move(message)}; }
  [[noreturn]] static void fail_at(std::size_t offset, std::string message) {
    throw Failure{offset, std::move(message)};
  }

  // Characters.
  bool at_end() const { return at_ == text_.size(); }
  bool next_is(char c) const { return !at_end() && text_[at_] == c; }
  bool take(std::string_view token) {
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  void skip_spaces() { at_ = std::min(text_.find_first_not_of(kSpaces, at_), text_.size()); }
  std::string_view peek_until(std::string_view ends) const {
    return text_.substr(at_, std::min(text_.find_first_of(ends, at_), text_.size()) - at_);
  }
  std::string_view take_until(std::string_view ends) {
    const std::string_view taken = peek_until(ends);
    at_ += taken.size();
    return taken;
  }
  bool take_keyword(std::string_view keyword) {
    if (peek_until(kWordEnds) != keyword) return false;
    at_ += keyword.size();
    skip_spaces();
    return true;
  }

  // The grammar of query_parser.h, a function per line. Each leaves the position after the spaces that follow it.
  Query parse_or() {
    std::vector<Query> operands;
    do {
      operands.push_back(parse_and());
    } while (take_keyword("OR"));
    return operands.size() == 1 ? std::move(operands.front()) : Query{OrTerm{flattened<OrTerm>(std::move(operands))}};
  }

  Query parse_and() {
    std::vector<Query> operands;
    do {
      operands.push_back(parse_not());
    } while (take_keyword("AND") || (!at_end() && !next_is(')') && peek_until(kWordEnds) != "OR"));
    return operands.size() == 1 ? std::move(operands.front()) : Query{AndTerm{flattened<AndTerm>(std::move(operands))}};
  }

  Query parse_not() {
    const bool negated = take_keyword("NOT") || take("-");
    if (!negated) return parse_primary();
    const Deeper deeper(*this);
    std::vector<Query> operand;
    operand.push_back(parse_not());
    return {NotTerm{std::move(operand)}};
  }

  Query parse_primary() {
    if (next_is('(')) return parse_parentheses();
    count_term();
    Query query = parse_term();
    skip_spaces();
    return query;
  }

  Query parse_parentheses() {
    const Deeper deeper(*this);
    const std::size_t opened_at = at_++;
    skip_spaces();
    Query query = parse_or();
    if (!take(")"))
      fail("expected \")\" for the \"(\" at " + std::to_string(count_characters(text_.substr(0, opened_at))));
    skip_spaces();
    return query;
  }

  Query parse_term() {
    if (next_is('"')) return {TextTerm{take_quoted()}};
    const std::string_view word = peek_until(kWordEnds);
    if (word.empty()) fail(at_end() ? "expected a term, the query ends here" : "expected a term");
    if (is_keyword(word) && word != "TO") fail("expected a term before and after " + std::string(word));
    const auto name_end = std::find_if_not(word.begin(), word.end(), is_name_character);
    const bool is_field =
        name_end != word.begin() && name_end != word.end() && *name_end == ':' && !is_digit(word.front());
    return is_field ? parse_field_term(word.substr(0, static_cast<std::size_t>(name_end - word.begin())))
                    : parse_word();
  }

  // A word finds its piece of a text anywhere, so * at its ends asks for nothing more.
  Query parse_word() {
    std::string_view word = take_until(kWordEnds);
    while (word.starts_with('*')) word.remove_prefix(1);
    while (word.ends_with('*')) word.remove_suffix(1);
    return {TextTerm{std::string(word)}};
  }

  Query parse_field_term(std::string_view name) {
    const std::size_t name_at = at_;
    at_ += name.size() + 1;
    if (name == "has") return parse_has();
    const auto field = find_query_field(name);
    if (!field) fail_at(name_at, unknown_field(name) + "; to search for text with a colon, put it in quotes");
    if (take("[")) return parse_range(*field);
    constexpr std::pair<std::string_view, Relation> kRelations[] = {{"<=", Relation::kLessOrEqual},
                                                                    {">=", Relation::kGreaterOrEqual},
                                                                    {"<", Relation::kLess},
                                                                    {">", Relation::kGreater}};
    for (const auto& [token, relation] : kRelations) {
      if (take(token)) return parse_comparison(*field, relation);
    }
    return parse_any_of(*field);
  }

  Query parse_has() {
    const std::size_t name_at = at_;
    const std::string_view name = take_until(kValueEnds);
    const auto field = find_query_field(name);
    if (!field) fail_at(name_at, name.empty() ? "expected the name of a field after has:" : unknown_field(name));
    return {HasTerm{*field}};
  }

  Query parse_comparison(const QueryField& field, Relation relation) {
    const std::size_t value_at = at_;
    std::string value = take_value(kValueEnds);
    check_comparable(field, value, value_at);
    return {Comparison{field, relation, std::move(value)}};
  }

  Query parse_range(const QueryField& field) {
    const std::size_t range_at = at_;
    RangeTerm range{field, parse_range_end(field), {}};
    if (!take_keyword("TO")) fail("expected TO between the ends of a range");
    range.high = parse_range_end(field);
    if (!take("]")) fail("expected \"]\" after the end of a range");
    if (!range.low && !range.high) fail_at(range_at, "expected at least one end of the range; has: asks for any value");
    return {std::move(range)};
  }

  std::optional<std::string> parse_range_end(const QueryField& field) {
    skip_spaces();
    const std::size_t value_at = at_;
    const bool open = peek_until(kRangeEnds) == "*" && take("*");
    std::optional<std::string> value;
    if (!open) value = take_value(kRangeEnds);
    if (value) check_comparable(field, *value, value_at);
    skip_spaces();
    return value;
  }

  Query parse_any_of(const QueryField& field) {
    if (info(field.field).kind == FieldKind::kObject && field.member.empty()) {
      fail("expected the name of a tag: tags.name:value");
    }
    const bool literal = take("=");
    AnyOf any_of{field, {}};
    do {
      if (!any_of.patterns.empty()) count_term();
      const std::size_t value_at = at_;
      const bool quoted = next_is('"');
      std::string value = take_value(kValueEnds);
      const bool wildcard = !quoted && !literal && value.find('*') != std::string::npos;
      if (!wildcard) check_equal(field, value, value_at);
      any_of.patterns.push_back({std::move(value), wildcard});
    } while (take(","));
    return {std::move(any_of)};
  }

  // Values.
  std::string take_value(std::string_view ends) {
    if (next_is('"')) return take_quoted();
    const std::string_view value = take_until(ends);
    if (value.empty()) fail("expected a value");
    return std::string(value);
  }

  std::string take_quoted() {
    const std::size_t opened_at = at_++;
    std::string value;
    while (!next_is('"')) {
      const bool escaped = take("\\");
      if (at_end()) fail_at(opened_at, "expected a closing quote for this one");
      if (escaped && !next_is('"') && !next_is('\\')) fail("expected \" or \\ after \\");
      value += text_[at_++];
    }
    ++at_;
    return value;
  }

  void check_equal(const QueryField& field, std::string_view value, std::size_t value_at) const {
    if (!field.member.empty()) return;
    const FieldKind kind = info(field.field).kind;
    if (kind == FieldKind::kInteger) check_comparable(field, value, value_at);
    if (kind == FieldKind::kBoolean && value != "true" && value != "false") {
      fail_at(value_at, "expected true or false for " + name_of(field));
    }
  }

  static void check_comparable(const QueryField& field, std::string_view value, std::size_t value_at) {
    switch (comparable_as(field)) {
      case Comparable::kInteger:
        if (!parse_integer(value, field)) fail_at(value_at, "expected a whole number for " + name_of(field));
        return;
      case Comparable::kNumber:
        if (!parse_number(value)) fail_at(value_at, "expected a number");
        return;
      case Comparable::kText:
        return;
      case Comparable::kNothing:
        fail_at(value_at, name_of(field) + " has no order: expected a value without < and >");
    }
  }

  static std::string name_of(const QueryField& field) { return std::string(info(field.field).name); }
  static std::string unknown_field(std::string_view name) {
    return "expected the name of a field, not " + in_quotes(name);
  }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  // (a b) c and a b c are the same tree.
  template <typename Term>
  static std::vector<Query> flattened(std::vector<Query> operands) {
    std::vector<Query> flat;
    for (Query& operand : operands) {
      if (auto* inner = std::get_if<Term>(&operand.term)) {
        std::move(inner->operands.begin(), inner->operands.end(), std::back_inserter(flat));
      } else {
        flat.push_back(std::move(operand));
      }
    }
    return flat;
  }

  // Limits.
  class Deeper {
   public:
    explicit Deeper(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxQueryDepth) {
        parser_.fail("expected at most " + std::to_string(kMaxQueryDepth) +
                     " parentheses and negations in one another");
      }
    }
    ~Deeper() { --parser_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Parser& parser_;
  };

  void count_term() {
    if (++terms_ > kMaxQueryTerms) fail("expected at most " + std::to_string(kMaxQueryTerms) + " terms and values");
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int terms_ = 0;
};

}  // namespace

std::variant<Query, QueryError> parse_query_text(std::string_view text) {
  if (text.size() > kMaxQueryBytes) {
    return QueryError{
        0, "expected at most " + std::to_string(kMaxQueryBytes) + " bytes, not " + std::to_string(text.size())};
  }
  if (const std::size_t valid = logs_sdk::valid_utf8_prefix(text); valid != text.size()) {
    return QueryError{count_characters(text.substr(0, valid)), "expected UTF-8"};
  }
  try {
    return Parser(text).parse();
  } catch (const Parser::Failure& failure) {
    return QueryError{count_characters(text.substr(0, failure.offset)), failure.message};
  }
}

}  // namespace logs_server
