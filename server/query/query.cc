#include "server/query/query.h"

#include <algorithm>
#include <string_view>

#include "server/query/query_syntax.h"

namespace logs_server {

bool operator==(const NotTerm& left, const NotTerm& right) { return left.operand == right.operand; }
bool operator==(const AndTerm& left, const AndTerm& right) { return left.operands == right.operands; }
bool operator==(const OrTerm& left, const OrTerm& right) { return left.operands == right.operands; }
bool operator==(const Query& left, const Query& right) { return left.term == right.term; }

namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') result += '\\';
    result += character;
  }
  return result + '"';
}

// Letters, digits and what of punctuation means nothing anywhere in the language.
bool is_plain(std::string_view text, std::string_view also) {
  return !text.empty() && text.front() != '-' && !is_keyword(text) &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  also.find(c) != std::string_view::npos;
         });
}

std::string print_value(std::string_view value) {
  return is_plain(value, "_./-:@%+") ? std::string(value) : quoted(value);
}

std::string print_field(const QueryField& field) {
  std::string name(info(field.field).name);
  return field.member.empty() ? name : name + "." + field.member;
}

class Printer {
 public:
  std::string operator()(const AndTerm& term) const { return join(term.operands, " ", Binding::kAnd); }
  std::string operator()(const OrTerm& term) const { return join(term.operands, " OR ", Binding::kOr); }
  std::string operator()(const NotTerm& term) const { return "-" + nested(term.operand.front(), Binding::kNot); }
  std::string operator()(const TextTerm& term) const {
    return is_plain(term.text, "_./-") ? term.text : quoted(term.text);
  }
  std::string operator()(const AnyOf& term) const {
    std::string values;
    for (const Pattern& pattern : term.patterns) {
      if (!values.empty()) values += ',';
      values += pattern.wildcard ? pattern.text : print_value(pattern.text);
    }
    return print_field(term.field) + ":" + values;
  }
  std::string operator()(const Comparison& term) const {
    return print_field(term.field) + ":" + std::string(relation_text(term.relation)) + print_value(term.value);
  }
  std::string operator()(const RangeTerm& term) const {
    const auto end = [](const std::optional<std::string>& value) { return value ? print_value(*value) : "*"; };
    return print_field(term.field) + ":[" + end(term.low) + " TO " + end(term.high) + "]";
  }
  std::string operator()(const HasTerm& term) const { return "has:" + print_field(term.field); }

 private:
  enum class Binding { kOr, kAnd, kNot };

  static Binding binding_of(const Query& query) {
    if (std::holds_alternative<OrTerm>(query.term)) return Binding::kOr;
    return std::holds_alternative<AndTerm>(query.term) ? Binding::kAnd : Binding::kNot;
  }
  std::string nested(const Query& query, Binding outer) const {
    const std::string text = std::visit(*this, query.term);
    return binding_of(query) < outer ? "(" + text + ")" : text;
  }
  std::string join(const std::vector<Query>& operands, std::string_view between, Binding binding) const {
    std::string text;
    for (const Query& operand : operands) {
      if (!text.empty()) text += between;
      text += nested(operand, binding);
    }
    return text;
  }
};

}  // namespace

std::string print(const Query& query) { return std::visit(Printer(), query.term); }

}  // namespace logs_server
