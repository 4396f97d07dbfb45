// From the text of a query to its tree.
//
//   query     := and { "OR" and }
//   and       := not { ["AND"] not }
//   not       := { "NOT" | "-" } primary
//   primary   := "(" query ")" | "has:" field | field ":" condition | phrase | word
//   condition := ("<" | "<=" | ">" | ">=" | "=") value | "[" end "TO" end "]" | value { "," value }
//
// Nothing at all asks for every entry. A phrase stands in quotes, where \" and \\ stand for the characters themselves.
#ifndef LOGS_SERVER_QUERY_QUERY_PARSER_H_
#define LOGS_SERVER_QUERY_QUERY_PARSER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "server/query/query.h"

namespace logs_server {

inline constexpr std::size_t kMaxQueryBytes = 16 * 1024;  // longer than anything a person types or an address holds
inline constexpr int kMaxQueryDepth = 64;                 // parentheses and negations within one another: stack
inline constexpr int kMaxQueryTerms = 256;                // terms and listed values: each may cost a pass over an entry

// Where the text stopped making sense, and what was expected there.
struct QueryError {
  std::size_t position = 0;  // in characters (code points), from 0
  std::string message;
};

std::variant<Query, QueryError> parse_query_text(std::string_view text);

}  // namespace logs_server

#endif  // LOGS_SERVER_QUERY_QUERY_PARSER_H_
