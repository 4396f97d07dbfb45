#include "src/masking/entry_masker.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>
#include <variant>

#include "src/base/ascii.h"
#include "src/base/hex.h"
#include "src/entry/entry_members.h"
#include "src/json/json_checker.h"
#include "src/json/json_text.h"
#include "src/masking/body_text.h"
#include "src/masking/cut_mark.h"
#include "src/masking/error_text.h"
#include "src/masking/object_masker.h"
#include "src/masking/stack_text.h"

namespace logs_sdk::inline v1 {
namespace {

enum class Rule : std::uint8_t {
  kNone,
  kText,
  kIdentifier,
  kUrl,
  kQuery,
  kHeaders,
  kObject,
  kRequestBody,
  kResponseBody,
  kError,
  kStack
};

constexpr Rule rule_of(Field field) noexcept {
  switch (field) {
    case Field::kUuid:
    case Field::kProjectSlug:
      return Rule::kNone;
    case Field::kTraceId:
    case Field::kSpanId:
    case Field::kParentSpanId:
      return Rule::kIdentifier;
    case Field::kPath:
    case Field::kFullUrl:
    case Field::kReferer:
    case Field::kOrigin:
      return Rule::kUrl;
    case Field::kQueryString:
      return Rule::kQuery;
    case Field::kRequestHeaders:
    case Field::kResponseHeaders:
      return Rule::kHeaders;
    case Field::kLatencyBreakdown:
      return Rule::kObject;
    case Field::kRequestBody:
      return Rule::kRequestBody;
    case Field::kResponseBody:
      return Rule::kResponseBody;
    case Field::kErrorMessage:
      return Rule::kError;
    case Field::kErrorStack:
    case Field::kPanicLocation:
      return Rule::kStack;
    default:
      return Rule::kText;
  }
}

constexpr Rule rule_of(InfraField field) noexcept {
  switch (field) {
    case InfraField::kUuid:
    case InfraField::kProjectSlug:
      return Rule::kNone;
    case InfraField::kTraceId:
    case InfraField::kRelatedApiUuid:
      return Rule::kIdentifier;
    case InfraField::kMetadata:
      return Rule::kObject;
    default:
      return Rule::kText;
  }
}

// One in some ten thousand identifiers of 16 hex digits has decimal digits only; what looks like a card among those is
// none.
constexpr std::size_t kMaxIdentifierBytes = 32;
bool is_identifier(std::string_view value) noexcept { return value.size() <= kMaxIdentifierBytes && is_hex(value); }

// What stands for a body that is no text: see append_binary_body().
bool is_binary_notice(std::string_view body) noexcept {
  constexpr std::size_t kMaxNoticeBytes = 300;
  return body.size() <= kMaxNoticeBytes && body.starts_with("[binary ") && body.ends_with(" bytes]") &&
         body.find('\n') == std::string_view::npos;
}

// What was shown once is shown again: masking shortens a text, and the share of its control characters grows.
bool can_be_shown(std::string_view content_type, std::string_view body) noexcept {
  const BodyType type = body_type(content_type);
  return type == BodyType::kText ? body.find('\0') == std::string_view::npos : is_text(type, body);
}

bool mask_body(const Masker& masker, std::string_view content_type, std::string_view body, Extent extent,
               std::string& out) {
  if (body.empty()) return false;
  // Whatever the type, it is text; and anybody can write what looks like it.
  if (is_binary_notice(body)) return masker.mask_text(body, out);
  if (can_be_shown(content_type, body)) return masker.mask_body(content_type, body, extent, out);
  append_binary_body(masker, content_type, body, body.size(), out);
  return true;
}

bool mask_object(const Masker& masker, ObjectMasker::Members members, std::string_view value, Extent marked,
                 std::string& out) {
  if (value.empty() || value == "{}") return false;
  if (is_json_object(value)) return ObjectMasker(masker, members, value, marked, out).mask();
  return mask_up_to_cut(value, marked, out, [&](std::string_view text, Extent extent, std::string& to) {
    return masker.mask_text(text, to, extent);
  });
}

// A field that holds one text, up to the mark of a cut.
bool mask_text_by(Rule rule, const Masker& masker, std::string_view value, const Reading& reading, Extent extent,
                  std::string& out) {
  switch (rule) {
    case Rule::kIdentifier:
      return !is_identifier(value) && masker.mask_text(value, out, extent);
    case Rule::kUrl:
      return masker.mask_url(value, out, extent);
    case Rule::kQuery:
      return masker.mask_query(value, out, extent);
    case Rule::kRequestBody:
      return mask_body(masker, reading.request_type, value, extent, out);
    case Rule::kResponseBody:
      return mask_body(masker, reading.response_type, value, extent, out);
    case Rule::kError:
      return mask_error(masker, value, out, extent);
    case Rule::kStack:
      return mask_stack(masker, value, out, extent);
    default:
      return masker.mask_text(value, out, extent);
  }
}

bool mask_by(Rule rule, const Masker& masker, std::string_view value, const Reading& reading, std::string& out) {
  switch (rule) {
    case Rule::kNone:
      return false;
    case Rule::kHeaders:
      return mask_object(masker, ObjectMasker::Members::kHeaders, value, reading.marked, out);
    case Rule::kObject:
      return mask_object(masker, ObjectMasker::Members::kValues, value, reading.marked, out);
    default:
      return mask_up_to_cut(value, reading.marked, out, [&](std::string_view text, Extent extent, std::string& to) {
        return mask_text_by(rule, masker, text, reading, extent, to);
      });
  }
}

bool is_content_type(std::string_view name) noexcept {
  constexpr std::string_view kName = "content-type";
  return name.size() == kName.size() && std::equal(name.begin(), name.end(), kName.begin(),
                                                   [](char c, char expected) { return to_lower(c) == expected; });
}

// As JSON writes it; strings without quotes.
std::string text_of(const TagValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  constexpr std::size_t kMaxNumberBytes = 32;
  char digits[kMaxNumberBytes];
  const auto* integer = std::get_if<std::int64_t>(&value);
  const auto written = integer != nullptr ? std::to_chars(digits, digits + sizeof digits, *integer)
                                          : std::to_chars(digits, digits + sizeof digits, std::get<double>(value));
  return std::string(digits, written.ptr);
}

}  // namespace

std::string content_type_in(std::string_view headers) {
  std::string name_storage, value_storage;
  if (!is_json_object(headers)) return {};
  JsonMembers members(headers);
  for (std::string_view name, value; members.next(name, value);) {
    if (is_content_type(json_string_view(name, name_storage)) && json_type(value) == JsonType::kString) {
      return std::string(json_string_view(value, value_storage));
    }
  }
  return {};
}

bool mask_field(const Masker& masker, Field field, std::string_view value, const Reading& reading, std::string& out) {
  return mask_by(rule_of(field), masker, value, reading, out);
}

bool mask_field(const Masker& masker, InfraField field, std::string_view value, Extent marked, std::string& out) {
  return mask_by(rule_of(field), masker, value, {.marked = marked}, out);
}

bool mask_headers(const Masker& masker, std::string_view object, Extent marked, std::string& out) {
  return ObjectMasker(masker, ObjectMasker::Members::kHeaders, object, marked, out).mask();
}

bool mask_tag(const Masker& masker, std::string_view name, std::string_view value, Extent marked, std::string& out) {
  return mask_up_to_cut(value, marked, out, [&](std::string_view text, Extent extent, std::string& to) {
    return masker.mask_value(name, text, to, extent);
  });
}

bool mask_tag_name(const Masker& masker, std::string_view name, Extent marked, std::string& out) {
  return mask_by(Rule::kText, masker, name, {.marked = marked}, out);
}

bool mask_tags(const Masker& masker, decltype(LogEntry::tags)& tags, Extent marked) {
  bool changed = false;
  for (auto tag = tags.begin(); tag != tags.end();) {
    std::string name, value;
    if (mask_tag(masker, tag->first, text_of(tag->second), marked, value)) {
      tag->second = std::move(value);
      changed = true;
    }
    if (!mask_tag_name(masker, tag->first, marked, name)) {
      ++tag;
      continue;
    }
    auto renamed = tags.extract(tag++);
    renamed.key() = std::move(name);
    tags.insert(std::move(renamed));  // of two that are the same now, the first stays
    changed = true;
  }
  return changed;
}

bool mask_entry(const Masker& masker, LogEntry& entry, Extent marked) {
  // They are masked before the bodies.
  const std::string request_type = entry.content_type;
  const std::string response_type = entry.response_body.empty() ? "" : content_type_in(entry.response_headers);
  const Reading reading{.request_type = request_type, .response_type = response_type, .marked = marked};
  bool changed = false;
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto* member = std::get_if<std::string LogEntry::*>(&kEntryMembers[i]);
    std::string masked;
    if (member != nullptr && mask_field(masker, static_cast<Field>(i), entry.**member, reading, masked)) {
      entry.** member = std::move(masked);
      changed = true;
    }
  }
  return mask_tags(masker, entry.tags, marked) || changed;
}

bool mask_entry(const Masker& masker, InfraLogEntry& entry, Extent marked) {
  const std::pair<InfraField, std::string*> fields[] = {{InfraField::kTimestamp, &entry.timestamp},
                                                        {InfraField::kSourceType, &entry.source_type},
                                                        {InfraField::kSourceName, &entry.source_name},
                                                        {InfraField::kHost, &entry.host},
                                                        {InfraField::kLevel, &entry.level},
                                                        {InfraField::kMessage, &entry.message},
                                                        {InfraField::kMetadata, &entry.metadata},
                                                        {InfraField::kTraceId, &entry.trace_id},
                                                        {InfraField::kRelatedApiUuid, &entry.related_api_uuid},
                                                        {InfraField::kErrorDetail, &entry.error_detail}};
  bool changed = false;
  for (const auto& [field, value] : fields) {
    std::string masked;
    if (!mask_field(masker, field, *value, marked, masked)) continue;
    *value = std::move(masked);
    changed = true;
  }
  return changed;
}

}  // namespace logs_sdk::inline v1
