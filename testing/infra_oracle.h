// What an encoded infrastructure entry has to say, by the means of the oracle of entries: two independent parsers have
// to read exactly that.
#ifndef LOGS_SDK_TESTING_INFRA_ORACLE_H_
#define LOGS_SDK_TESTING_INFRA_ORACLE_H_

#include <string>
#include <utility>
#include <vector>

#include "logs_sdk/infra_entry.h"
#include "src/entry/infra_field_table.h"
#include "src/entry/limits.h"
#include "testing/entry_oracle.h"

namespace logs_sdk::oracle {

struct InfraContext {
  EntryLimits limits;
  std::string project_slug, host;
};

inline std::vector<std::pair<InfraField, std::string>> expected_strings(const InfraLogEntry& e,
                                                                        const InfraContext& context) {
  const auto plain = [](const std::string& text) { return cut_text(text, 512).text; };
  return {{InfraField::kUuid, plain(e.uuid)},
          {InfraField::kTimestamp, plain(e.timestamp)},
          {InfraField::kProjectSlug, plain(e.project_slug.empty() ? context.project_slug : e.project_slug)},
          {InfraField::kSourceType, plain(e.source_type)},
          {InfraField::kSourceName, plain(e.source_name)},
          {InfraField::kHost, plain(e.host.empty() ? context.host : e.host)},
          {InfraField::kLevel, plain(e.level)},
          {InfraField::kMessage, cut_text(e.message, context.limits.max_body_bytes).text},
          {InfraField::kTraceId, plain(e.trace_id)},
          {InfraField::kRelatedApiUuid, plain(e.related_api_uuid)},
          {InfraField::kErrorDetail, cut_text(e.error_detail, context.limits.max_stack_bytes).text}};
}

// Metadata is always the text of a JSON object: what was given, or a notice that it was too long, or its text.
inline void check_metadata(const std::string& read, const std::string& given) {
  const nlohmann::json object = nlohmann::json::parse(read, nullptr, false);
  ASSERT_TRUE(object.is_object()) << read;
  const Cut whole = cut_text(given.empty() ? "{}" : given, 16384);
  if (read == whole.text && !whole.cut) return;
  if (object.contains("text")) {
    ASSERT_EQ(object["text"].get<std::string>(), whole.text);
  } else {
    ASSERT_TRUE(whole.cut) << read;
    ASSERT_EQ(read, R"({"...":"...[truncated]"})");
  }
}

// Fails the running test unless `line` is `entry`, whole and nothing else, to both parsers.
inline void check_infra_entry(const std::string& line, const InfraLogEntry& entry, const InfraContext& context) {
  ASSERT_EQ(line.find_first_of(std::string_view("\0\n\r", 3)), std::string::npos) << "not one line";
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
  ASSERT_FALSE(document.HasParseError()) << line;
  const nlohmann::json other = nlohmann::json::parse(line, nullptr, false);
  ASSERT_FALSE(other.is_discarded()) << line;
  ASSERT_EQ(document.MemberCount(), kInfraFieldCount);
  ASSERT_EQ(other.size(), kInfraFieldCount);
  std::size_t i = 0;
  // By "<": C++20 finds two ways to compare these iterators by "!=".
  for (auto at = document.MemberBegin(); at < document.MemberEnd(); ++at) {
    ASSERT_EQ(text_of(at->name), kInfraFieldTable[i++].name);
  }
  for (const auto& [field, text] : expected_strings(entry, context)) {
    const std::string name(info(field).name);
    ASSERT_EQ(text_of(document[name.c_str()]), text) << name;
    ASSERT_EQ(other[name].get_ref<const std::string&>(), text) << name;
  }
  ASSERT_EQ(document["is_error"].GetBool(), entry.is_error);
  check_metadata(other["metadata"], entry.metadata);
}

}  // namespace logs_sdk::oracle

#endif  // LOGS_SDK_TESTING_INFRA_ORACLE_H_
