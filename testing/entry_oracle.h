// What an encoded entry has to say, computed a second time, slowly and by other means; and two independent parsers
// (RapidJSON, nlohmann) that have to read exactly that.
#ifndef LOGS_SDK_TESTING_ENTRY_ORACLE_H_
#define LOGS_SDK_TESTING_ENTRY_ORACLE_H_

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "src/entry/entry_encoder.h"
#include "src/entry/field_table.h"

namespace logs_sdk::oracle {

// -- UTF-8, from the definition of a code point instead of a table ---------------------------------------------------

// Size of the character at the beginning of `bytes`, 0 if there is none.
inline std::size_t character_size(std::string_view bytes) {
  const auto byte = [bytes](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(bytes[i])); };
  if (bytes.empty()) return 0;
  if (byte(0) < 0x80) return 1;
  const std::size_t size = byte(0) >> 5 == 6 ? 2 : byte(0) >> 4 == 14 ? 3 : byte(0) >> 3 == 30 ? 4 : 0;
  if (size == 0 || bytes.size() < size) return 0;
  unsigned point = byte(0) & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (byte(i) >> 6 != 2) return 0;
    point = point << 6 | (byte(i) & 0x3F);
  }
  const unsigned least = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point >= least && point <= 0x10FFFF && !surrogate ? size : 0;
}

// Whether some bytes behind `bytes` would make it one character: tried, not deduced.
inline bool begins_character(const std::string& bytes) {
  if (character_size(bytes) == bytes.size()) return true;
  if (bytes.size() >= 4) return false;
  for (const char next : {'\x80', '\x8F', '\x90', '\x9F', '\xA0', '\xBF'}) {
    if (begins_character(bytes + next)) return true;
  }
  return false;
}

inline std::size_t ill_formed_size(std::string_view bytes) {
  std::size_t size = 1;
  while (size < bytes.size() && begins_character(std::string(bytes.substr(0, size + 1)))) ++size;
  return size;
}

// The characters of `text`, each ill-formed part as U+FFFD. `torn`: an unfinished character at the end is dropped.
inline std::vector<std::string> characters(std::string_view text, bool torn = false) {
  std::vector<std::string> result;
  while (!text.empty()) {
    std::size_t size = character_size(text);
    if (size > 0) {
      result.emplace_back(text.substr(0, size));
    } else {
      size = ill_formed_size(text);
      const bool unfinished = size == text.size() && begins_character(std::string(text));
      if (!(torn && unfinished)) result.emplace_back("\xEF\xBF\xBD");
    }
    text.remove_prefix(size);
  }
  return result;
}

struct Cut {
  std::string text;
  std::size_t bytes;  // without the marker
  bool cut;
};

inline Cut cut_text(std::string_view text, std::size_t limit, bool torn = false) {
  Cut result{"", 0, false};
  for (const std::string& character : characters(text, torn)) {
    if (result.text.size() + character.size() > limit) {
      result.cut = true;
      break;
    }
    result.text += character;
  }
  result.bytes = result.text.size();
  if (result.cut || torn) result.text += "...[truncated]";
  return result;
}

// -- Headers ---------------------------------------------------------------------------------------------------------

using HeaderValue = std::variant<std::string, std::vector<std::string>>;
using ExpectedHeaders = std::vector<std::pair<std::string, HeaderValue>>;

inline ExpectedHeaders expected_headers(std::span<const HeaderView> pairs) {
  std::vector<std::pair<std::string, std::vector<std::string>>> grouped;
  bool complete = pairs.size() <= 512;
  for (const HeaderView& pair : pairs.first(std::min<std::size_t>(pairs.size(), 512))) {
    auto at = std::find_if(grouped.begin(), grouped.end(), [&](const auto& group) { return group.first == pair.name; });
    if (at == grouped.end()) at = grouped.insert(at, {std::string(pair.name), {}});
    at->second.emplace_back(pair.value);
  }
  ExpectedHeaders expected;
  std::size_t used = 0;
  for (const auto& [name, values] : grouped) {
    const Cut cut_name = cut_text(name, 512);
    used += cut_name.bytes;
    HeaderValue value;
    if (name == "set-cookie") {
      std::vector<std::string> list;
      for (const std::string& each : values) {
        used += cut_text(each, 4096).bytes;
        list.push_back(cut_text(each, 4096).text);
      }
      value = list;
    } else {
      std::string joined;
      for (std::size_t i = 0; i < values.size(); ++i) {
        joined += (i == 0 ? "" : name == "cookie" ? "; " : ", ") + values[i];
      }
      used += cut_text(joined, 4096).bytes;
      value = cut_text(joined, 4096).text;
    }
    if (used > 16384) {
      complete = false;
      break;
    }
    expected.emplace_back(cut_name.text, value);
  }
  if (!complete) expected.emplace_back("...", "...[truncated]");
  return expected;
}

// -- The whole entry -------------------------------------------------------------------------------------------------

struct Context {
  EntryLimits limits;
  ProcessIdentity identity;
};

// Strings as they have to be read back, in table order; other kinds are compared one by one below.
inline std::vector<std::pair<Field, std::string>> expected_strings(const EntryView& e, const Context& context) {
  const auto plain = [](std::string_view text) { return cut_text(text, 512).text; };
  const auto url = [](std::string_view text) { return cut_text(text, 4096).text; };
  const auto identity = [&](std::string_view own, const std::string& other) {
    return plain(own.empty() ? other : own);
  };
  const auto body = [&](const BodyView& view) {
    return cut_text(view.text, context.limits.max_body_bytes, view.cut).text;
  };
  return {{Field::kUuid, plain(e.uuid)},
          {Field::kTimestamp, plain(e.timestamp)},
          {Field::kProjectSlug, identity(e.project_slug, context.identity.project_slug)},
          {Field::kEnvironment, identity(e.environment, context.identity.environment)},
          {Field::kServiceName, identity(e.service_name, context.identity.service_name)},
          {Field::kHost, identity(e.host, context.identity.host)},
          {Field::kProcessId, identity(e.process_id, context.identity.process_id)},
          {Field::kMethod, plain(e.method)},
          {Field::kScheme, plain(e.scheme)},
          {Field::kHostHeader, plain(e.host_header)},
          {Field::kPath, url(e.path)},
          {Field::kQueryString, url(e.query_string)},
          {Field::kFullUrl, url(e.full_url)},
          {Field::kOrigin, plain(e.origin)},
          {Field::kRequestBody, body(e.request_body)},
          {Field::kResponseBody, body(e.response_body)},
          {Field::kContentType, plain(e.content_type)},
          {Field::kClientIp, plain(e.client_ip)},
          {Field::kClientIpChain, plain(e.client_ip_chain)},
          {Field::kClientType, plain(e.client_type)},
          {Field::kClientCountry, plain(e.client_country)},
          {Field::kClientProvince, plain(e.client_province)},
          {Field::kClientCity, plain(e.client_city)},
          {Field::kClientIsp, plain(e.client_isp)},
          {Field::kUserAgent, cut_text(e.user_agent, 1024).text},
          {Field::kReferer, url(e.referer)},
          {Field::kDeviceType, plain(e.device_type)},
          {Field::kBrowser, plain(e.browser)},
          {Field::kBrowserVersion, plain(e.browser_version)},
          {Field::kOsName, plain(e.os_name)},
          {Field::kOsVersion, plain(e.os_version)},
          {Field::kTlsVersion, plain(e.tls_version)},
          {Field::kTlsCipher, plain(e.tls_cipher)},
          {Field::kProto, plain(e.proto)},
          {Field::kApiVersion, plain(e.api_version)},
          {Field::kRequestId, plain(e.request_id)},
          {Field::kTraceId, plain(e.trace_id)},
          {Field::kSpanId, plain(e.span_id)},
          {Field::kParentSpanId, plain(e.parent_span_id)},
          {Field::kUserId, plain(e.user_id)},
          {Field::kSessionId, plain(e.session_id)},
          {Field::kErrorType, plain(e.error_type)},
          {Field::kErrorMessage, cut_text(e.error_message, 4096).text},
          {Field::kErrorStack, cut_text(e.error_stack, context.limits.max_stack_bytes).text},
          {Field::kPanicLocation, plain(e.panic_location)}};
}

inline std::string_view text_of(const rapidjson::Value& value) { return {value.GetString(), value.GetStringLength()}; }

inline void check_headers(const std::string& json, const ExpectedHeaders& expected) {
  ASSERT_TRUE(nlohmann::json::accept(json)) << json;
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
  ASSERT_TRUE(document.IsObject()) << json;
  ASSERT_EQ(document.MemberCount(), expected.size()) << json;
  std::size_t i = 0;
  // By "<": C++20 finds two ways to compare these iterators by "!=".
  for (auto at = document.MemberBegin(); at < document.MemberEnd(); ++at) {
    const auto& member = *at;
    const auto& [name, value] = expected[i++];
    ASSERT_EQ(text_of(member.name), name);
    if (const auto* text = std::get_if<std::string>(&value)) {
      ASSERT_EQ(text_of(member.value), *text) << name;
      continue;
    }
    const auto& list = std::get<std::vector<std::string>>(value);
    ASSERT_TRUE(member.value.IsArray());
    ASSERT_EQ(member.value.Size(), list.size());
    for (rapidjson::SizeType k = 0; k < member.value.Size(); ++k) ASSERT_EQ(text_of(member.value[k]), list[k]);
  }
}

inline void check_tag(const rapidjson::Value& value, const TagView& tag) {
  switch (tag.kind) {
    case TagView::Kind::kText:
      ASSERT_EQ(text_of(value), cut_text(tag.text, 1024).text);
      break;
    case TagView::Kind::kInteger:
      ASSERT_EQ(value.GetInt64(), tag.integer);
      break;
    case TagView::Kind::kReal:
      if (std::isfinite(tag.real)) {
        ASSERT_EQ(value.GetDouble(), tag.real);
      } else {
        ASSERT_EQ(text_of(value), std::isnan(tag.real) ? "NaN" : tag.real > 0 ? "Infinity" : "-Infinity");
      }
      break;
    case TagView::Kind::kBoolean:
      ASSERT_EQ(value.GetBool(), tag.boolean);
      break;
  }
}

inline void check_tags(const rapidjson::Value& object, std::span<const TagView> tags) {
  ASSERT_EQ(object.MemberCount(), std::min<std::size_t>(tags.size(), 64));
  std::size_t i = 0;
  for (const auto& member : object.GetObject()) {
    ASSERT_EQ(text_of(member.name), cut_text(tags[i].name, 64).text);
    check_tag(member.value, tags[i++]);
  }
}

inline void check_numbers(const rapidjson::Value& object, const EntryView& entry) {
  EXPECT_EQ(object["uid"].GetUint64(), entry.uid);
  EXPECT_EQ(object["duration_ms"].GetInt64(), entry.duration_ms);
  EXPECT_EQ(object["request_body_size"].GetUint64(), entry.request_body_size);
  EXPECT_EQ(object["response_body_size"].GetUint64(), entry.response_body_size);
  EXPECT_EQ(object["status_code"].GetInt64(), entry.status_code);
  EXPECT_EQ(object["client_port"].GetInt64(), entry.client_port);
  EXPECT_EQ(object["upstream_status"].GetInt64(), entry.upstream_status);
  EXPECT_EQ(object["is_error"].GetBool(), entry.is_error);
}

// Fails the running test unless `line` is `entry`, whole and nothing else, to both parsers.
inline void check_entry(const std::string& line, const EntryView& entry, const Context& context) {
  ASSERT_EQ(line.find_first_of(std::string_view("\0\n\r", 3)), std::string::npos) << "not one line";
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag>(line.data(), line.size());
  ASSERT_FALSE(document.HasParseError()) << line;
  const nlohmann::json other = nlohmann::json::parse(line, nullptr, false);
  ASSERT_FALSE(other.is_discarded()) << line;
  ASSERT_EQ(document.MemberCount(), kFieldCount);
  ASSERT_EQ(other.size(), kFieldCount);
  std::size_t i = 0;
  for (auto at = document.MemberBegin(); at < document.MemberEnd(); ++at) {
    ASSERT_EQ(text_of(at->name), kFieldTable[i++].name);
  }
  for (const auto& [field, text] : expected_strings(entry, context)) {
    const std::string name(info(field).name);
    ASSERT_EQ(text_of(document[name.c_str()]), text) << name;
    ASSERT_EQ(other[name].get_ref<const std::string&>(), text) << name;
  }
  check_numbers(document, entry);
  if (entry.request_headers.json_text.empty()) {
    check_headers(other["request_headers"], expected_headers(entry.request_headers.pairs));
  }
  if (entry.response_headers.json_text.empty()) {
    check_headers(other["response_headers"], expected_headers(entry.response_headers.pairs));
  }
  for (const char* name : {"request_headers", "response_headers", "latency_breakdown"}) {
    ASSERT_TRUE(nlohmann::json::parse(other[name].get<std::string>(), nullptr, false).is_object()) << name;
  }
  check_tags(document["tags"], entry.tags);
}

}  // namespace logs_sdk::oracle

#endif  // LOGS_SDK_TESTING_ENTRY_ORACLE_H_
