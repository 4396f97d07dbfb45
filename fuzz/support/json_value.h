// JSON by a parser that is not ours (RapidJSON), as the fuzzers read it.
#ifndef LOGS_SDK_FUZZ_SUPPORT_JSON_VALUE_H_
#define LOGS_SDK_FUZZ_SUPPORT_JSON_VALUE_H_

#include <rapidjson/document.h>

#include <string_view>

namespace logs_sdk::fuzz {

// kAsText: JSON knows no largest number, a parser that makes them values does.
enum class Numbers { kByValue, kAsText };

// Strict JSON in UTF-8, nested without bound. HasParseError() for anything else.
rapidjson::Document parse_json(std::string_view text, Numbers numbers = Numbers::kByValue);

inline std::string_view text_of(const rapidjson::Value& value) { return {value.GetString(), value.GetStringLength()}; }

// Calls `visit(name, value)` with each member of an object. By "<": C++20 finds two ways to compare RapidJSON's
// iterators by "!=".
template <typename Visit>
void each_member(const rapidjson::Value& object, Visit visit) {
  for (auto at = object.MemberBegin(); at < object.MemberEnd(); ++at) visit(text_of(at->name), at->value);
}

}  // namespace logs_sdk::fuzz

#endif  // LOGS_SDK_FUZZ_SUPPORT_JSON_VALUE_H_
