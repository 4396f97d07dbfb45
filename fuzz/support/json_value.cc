#include "fuzz/support/json_value.h"

namespace logs_sdk::fuzz {

rapidjson::Document parse_json(std::string_view text, Numbers numbers) {
  constexpr unsigned kStrict = rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag;
  rapidjson::Document document;
  // Neither is JSON; the parser takes the one for the end of the text, and passes over the other.
  if (text.find('\0') != std::string_view::npos || text.starts_with("\xEF\xBB\xBF")) text = {};
  if (numbers == Numbers::kByValue) {
    document.Parse<kStrict>(text.data(), text.size());
  } else {
    document.Parse<kStrict | rapidjson::kParseNumbersAsStringsFlag>(text.data(), text.size());
  }
  return document;
}

}  // namespace logs_sdk::fuzz
