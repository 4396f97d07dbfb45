// JSON text in small: where a text stops being JSON, and the values of tokens that are known to be well formed.
//
// The server takes the structure of a posted batch from simdjson and the values from here, because a posted entry must
// survive what simdjson refuses (a lone surrogate becomes U+FFFD), and because refusals name an offset.
#ifndef LOGS_SDK_ENTRY_JSON_TEXT_H_
#define LOGS_SDK_ENTRY_JSON_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "src/entry/json_checker.h"  // kJsonSpaces

namespace logs_sdk::inline v1 {

// The offset of the first byte at which `text` cannot go on as one JSON value (RFC 8259, UTF-8), text.size() when it
// ends too early; none when it is one. Nesting is not limited.
std::optional<std::size_t> first_json_error(std::string_view text);

enum class JsonType { kString, kNumber, kBoolean, kNull, kObject, kArray };

// By the first byte of a value.
JsonType json_type(std::string_view token);
// "a string", "a number", …: for reasons.
std::string_view json_type_name(JsonType type);

struct StringForm {
  bool valid = true;      // every escape is one of JSON
  bool canonical = true;  // as our encoder writes it: no escape that is not needed, no lone surrogate
};

// Appends the value of `token`, a string with its quotes and without raw control characters, to `out`.
StringForm decode_json_string(std::string_view token, std::string& out);

// The same of what stands between the quotes.
StringForm decode_json_escapes(std::string_view inside, std::string& out);

// Appends `value`, which is UTF-8, as a string token, with its quotes.
void append_json_string(std::string_view value, std::string& out);

// Whether `token` is one well-formed value without spaces around it. Of a string it is taken for granted that it is
// closed, UTF-8, and without raw control characters: only its escapes are checked.
bool is_json_value(std::string_view token);

// Walks over the members of an object, or the elements of an array, that is known to be well formed.
class JsonMembers {
 public:
  // `text`: the object or array with its brackets.
  explicit JsonMembers(std::string_view text);

  // The next member; false at the end. `name` is a string token, empty in an array.
  bool next(std::string_view& name, std::string_view& value);

 private:
  std::string_view take_value();
  void skip_spaces();

  std::string_view rest_;
  const bool in_object_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_JSON_TEXT_H_
