// Reading one JSON value as what its field is, as generously as it can be understood.
//
// Tokens are well-formed JSON. Each call returns what is wrong, "an array where a string is expected", or an empty
// string. It never holds the value. Null is the field's default: the output stays as it was.
#ifndef LOGS_SERVER_INGEST_VALUE_READER_H_
#define LOGS_SERVER_INGEST_VALUE_READER_H_

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>

#include "logs_sdk/entry.h"

namespace logs_server {

using Problem = std::string;
using Tags = std::map<std::string, logs_sdk::TagValue>;

// A string; a number or boolean as its text.
Problem read_string(std::string_view token, std::string& out);
// The same; an object as its text.
Problem read_json_text(std::string_view token, std::string& out);

struct IntegerRange {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};
// An integer; a fraction is rounded; both also as a string, an empty one being the default.
Problem read_integer(std::string_view token, IntegerRange range, std::int64_t& out);

// true, false, 0, 1; also as a string, an empty one being the default.
Problem read_boolean(std::string_view token, bool& out);

// An object; also as a JSON string, or as a JSON string within a JSON string, an empty one being no tags. Values that
// are objects or arrays become their text, null is left out.
Problem read_tags(std::string_view token, Tags& out);
// One value of tags, as above.
void read_tag_value(std::string name, std::string_view token, Tags& out);

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_VALUE_READER_H_
