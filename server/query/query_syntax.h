// The words and names of the query language that parser and printer share.
#ifndef LOGS_SERVER_QUERY_QUERY_SYNTAX_H_
#define LOGS_SERVER_QUERY_QUERY_SYNTAX_H_

#include <optional>
#include <string_view>

#include "server/query/query.h"

namespace logs_server {

// AND, OR, NOT, TO; in capitals only, so that "and" can be searched for.
bool is_keyword(std::string_view word);

// "<", "<=", ">", ">="
std::string_view relation_text(Relation relation);

// A field by its name or its alias (status, duration, ip, user, trace, route), with or without `.member`.
std::optional<QueryField> find_query_field(std::string_view name);

// What values of the field are compared as.
enum class Comparable { kNothing, kInteger, kNumber, kText };
Comparable comparable_as(const QueryField& field);

// Whole numbers, of duration_ms also with a unit: 1500, 1500ms, 1.5s, 2m. None: not a number of that kind.
std::optional<std::int64_t> parse_integer(std::string_view text, const QueryField& field);
std::optional<double> parse_number(std::string_view text);

}  // namespace logs_server

#endif  // LOGS_SERVER_QUERY_QUERY_SYNTAX_H_
