// Query: what a person asks for, as a tree of plain values. Parsed from text by query_parser.h, matched against entries
// by matcher.h. docs/query.md tells the language to its users.
//
// Text and tree correspond: parsing what print() returns yields an equal tree.
#ifndef LOGS_SERVER_QUERY_QUERY_H_
#define LOGS_SERVER_QUERY_QUERY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "server/query/query_field.h"

namespace logs_server {

// A field, or a named member of one that is a JSON object: tags.tier, request_headers.accept.
struct QueryField {
  FieldId field;
  std::string member;  // empty: the field itself
  friend bool operator==(const QueryField&, const QueryField&) = default;
};

// word, "several words": a piece of the text of any value, ASCII letters in either case.
struct TextTerm {
  std::string text;
  friend bool operator==(const TextTerm&, const TextTerm&) = default;
};

// With `wildcard`, each * stands for any run of characters; without, every character for itself.
struct Pattern {
  std::string text;
  bool wildcard = false;
  friend bool operator==(const Pattern&, const Pattern&) = default;
};

// field:value, field:a,b, field:pre*: the whole value is one of these, ASCII letters in either case.
struct AnyOf {
  QueryField field;
  std::vector<Pattern> patterns;  // at least one
  friend bool operator==(const AnyOf&, const AnyOf&) = default;
};

enum class Relation : std::uint8_t { kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

// field:>=500
struct Comparison {
  QueryField field;
  Relation relation{};
  std::string value;
  friend bool operator==(const Comparison&, const Comparison&) = default;
};

// field:[200 TO 299], both ends included; an end may be open (*), not both.
struct RangeTerm {
  QueryField field;
  std::optional<std::string> low, high;
  friend bool operator==(const RangeTerm&, const RangeTerm&) = default;
};

// has:field: the value is not the one that stands for nothing (empty, 0, false, {}, the field's default).
struct HasTerm {
  QueryField field;
  friend bool operator==(const HasTerm&, const HasTerm&) = default;
};

struct Query;

struct NotTerm {
  std::vector<Query> operand;  // exactly one
};

// All of these; none at all: every entry. Two or more, none of them an AndTerm, where a parser made it.
struct AndTerm {
  std::vector<Query> operands;
};

// One of these; two or more, none of them an OrTerm.
struct OrTerm {
  std::vector<Query> operands;
};

struct Query {
  std::variant<AndTerm, OrTerm, NotTerm, TextTerm, AnyOf, Comparison, RangeTerm, HasTerm> term;
};

bool operator==(const NotTerm& left, const NotTerm& right);
bool operator==(const AndTerm& left, const AndTerm& right);
bool operator==(const OrTerm& left, const OrTerm& right);
bool operator==(const Query& left, const Query& right);

// The query in the language it was asked in.
std::string print(const Query& query);

}  // namespace logs_server

#endif  // LOGS_SERVER_QUERY_QUERY_H_
