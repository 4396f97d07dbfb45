// JSON text in small: tokens, their types and values, and the members of an object.
//
// A token is the text of one value, without spaces around it. Every call is safe with any text: what is said here of
// "well formed" decides what comes back, not whether reading stays within the text.
// The server takes the structure of a posted batch from simdjson and the values from here, because a posted entry must
// survive what simdjson refuses (a lone surrogate becomes U+FFFD).
#ifndef LOGS_SDK_JSON_JSON_TEXT_H_
#define LOGS_SDK_JSON_JSON_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "src/json/json_cursor.h"

namespace logs_sdk::inline v1 {

// `text` without the white space of JSON at both ends.
std::string_view trim_json_spaces(std::string_view text) noexcept;

enum class JsonType { kString, kNumber, kBoolean, kNull, kObject, kArray };

// By the first byte of a value; a number when it begins none.
JsonType json_type(std::string_view token) noexcept;
// "a string", "a number", …: for reasons.
std::string_view json_type_name(JsonType type);

struct StringForm {
  bool valid = true;      // every escape is one of JSON
  bool canonical = true;  // as our encoder writes it: no escape that is not needed, no lone surrogate
};

// What stands between the quotes of `token`, a string; nothing when it is too short for two.
std::string_view json_string_inside(std::string_view token) noexcept;

// Appends the value of `token`, a string with its quotes and without raw control characters, to `out`.
StringForm decode_json_string(std::string_view token, std::string& out);
// The same of what stands between the quotes.
StringForm decode_json_escapes(std::string_view inside, std::string& out);

// The value as a text of its own; and as a view of `token`, or of `storage` when something in it is escaped.
std::string json_string_value(std::string_view token);
std::string_view json_string_view(std::string_view token, std::string& storage);

// Appends `value`, which is UTF-8, as a string token, with its quotes.
void append_json_string(std::string_view value, std::string& out);

// Whether `token` is one well-formed value without spaces around it. Of a string it is taken for granted that it is
// closed, UTF-8, and without raw control characters: only its escapes are checked.
bool is_json_value(std::string_view token);

// Walks over the members of an object, or the elements of an array, which may have spaces around it. A text that is
// neither has none; one that is malformed ends at the latest where it is.
class JsonMembers {
 public:
  explicit JsonMembers(std::string_view text) noexcept;

  // The next member; false at the end. `name` is a string token, empty in an array.
  bool next(std::string_view& name, std::string_view& value) noexcept;

 private:
  bool take_name(std::string_view& name) noexcept;
  bool take_token(std::string_view& token) noexcept;

  JsonCursor cursor_;
  char closing_;  // the bracket that ends it; '\0': it has ended
  bool first_ = true;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_JSON_JSON_TEXT_H_
