#include "src/masking/entry_masker.h"

#include <charconv>
#include <cstdint>
#include <utility>
#include <variant>

#include "src/base/hex.h"
#include "src/entry/entry_members.h"
#include "src/entry/json_object.h"
#include "src/entry/json_text.h"
#include "src/masking/body_text.h"

namespace logs_sdk::inline v1 {
namespace {

enum class Rule : std::uint8_t { kNone, kText, kIdentifier, kUrl, kQuery, kHeaders, kObject, kRequestBody };

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

bool mask_request_body(const Masker& masker, std::string_view content_type, std::string_view body, std::string& out) {
  if (body.empty()) return false;
  // Whatever the type, it is text; and anybody can write what looks like it.
  if (is_binary_notice(body)) return masker.mask_text(body, out);
  if (is_text_body(content_type, {}, body)) return masker.mask_body(content_type, body, Extent::kWhole, out);
  append_binary_body(content_type, body.size(), out);
  return true;
}

// Replaces values within one JSON object and keeps every other byte, so that JSON stays JSON.
class ObjectMasker {
 public:
  // What the members of the object are: a header that comes more than once is a list of its values.
  enum class Members : std::uint8_t { kHeaders, kValues };

  ObjectMasker(const Masker& masker, Members members, std::string_view object, std::string& out)
      : masker_(masker), members_(members), object_(object), out_(out) {}

  bool mask() {
    mask_members(object_, {});
    if (done_ > 0) out_.append(object_.substr(done_));
    return done_ > 0;
  }

 private:
  // `name`: of the list, which its elements have too.
  void mask_members(std::string_view container, std::string_view name) {
    JsonMembers members(container);
    std::string storage;
    for (std::string_view own_name, value; members.next(own_name, value);) {
      mask_value(own_name.empty() ? name : decoded(own_name, storage), value);
    }
  }

  void mask_value(std::string_view name, std::string_view token) {
    const JsonType type = json_type(token);
    if (type == JsonType::kString) return mask_string(name, token);
    masked_.clear();
    if (type != JsonType::kObject && type != JsonType::kArray) {
      if (masker_.mask_value(name, token, masked_)) replace(token);
    } else if (masker_.is_secret_name(name) && (type == JsonType::kObject || members_ != Members::kHeaders)) {
      masked_ = kMasked;
      replace(token);
    } else {
      mask_members(token, name);
    }
  }

  void mask_string(std::string_view name, std::string_view token) {
    const std::string_view value = decoded(token, value_storage_);
    masked_.clear();
    const bool changed = members_ == Members::kHeaders ? masker_.mask_header(name, value, masked_)
                                                       : masker_.mask_value(name, value, masked_);
    if (changed) replace(token);
  }

  // `token` by masked_ as a string.
  void replace(std::string_view token) {
    const auto begin = static_cast<std::size_t>(token.data() - object_.data());
    out_.append(object_.substr(done_, begin - done_));
    append_json_string(masked_, out_);
    done_ = begin + token.size();
  }

  // The value of a string token; in `storage` when it is escaped.
  static std::string_view decoded(std::string_view token, std::string& storage) {
    const std::string_view inside = token.substr(1, token.size() - 2);
    if (inside.find('\\') == std::string_view::npos) return inside;
    storage.clear();
    decode_json_string(token, storage);
    return storage;
  }

  const Masker& masker_;
  const Members members_;
  const std::string_view object_;
  std::string& out_;
  std::size_t done_ = 0;  // bytes of object_ that stand in out_, masked
  std::string value_storage_, masked_;
};

bool mask_by(Rule rule, const Masker& masker, std::string_view value, std::string_view content_type, std::string& out) {
  switch (rule) {
    case Rule::kNone:
      return false;
    case Rule::kIdentifier:
      return !is_identifier(value) && masker.mask_text(value, out);
    case Rule::kUrl:
      return masker.mask_url(value, out);
    case Rule::kQuery:
      return masker.mask_query(value, out);
    case Rule::kHeaders:
      return is_json_object(value) ? mask_headers(masker, value, out) : masker.mask_text(value, out);
    case Rule::kObject:
      return is_json_object(value) ? ObjectMasker(masker, ObjectMasker::Members::kValues, value, out).mask()
                                   : masker.mask_text(value, out);
    case Rule::kRequestBody:
      return mask_request_body(masker, content_type, value, out);
    case Rule::kText:
      return masker.mask_text(value, out);
  }
  return false;
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

bool mask_field(const Masker& masker, Field field, std::string_view value, std::string_view content_type,
                std::string& out) {
  return mask_by(rule_of(field), masker, value, content_type, out);
}

bool mask_field(const Masker& masker, InfraField field, std::string_view value, std::string& out) {
  return mask_by(rule_of(field), masker, value, {}, out);
}

bool mask_headers(const Masker& masker, std::string_view object, std::string& out) {
  return ObjectMasker(masker, ObjectMasker::Members::kHeaders, object, out).mask();
}

bool mask_tags(const Masker& masker, decltype(LogEntry::tags)& tags) {
  bool changed = false;
  for (auto tag = tags.begin(); tag != tags.end();) {
    std::string name, value;
    if (masker.mask_value(tag->first, text_of(tag->second), value)) {
      tag->second = std::move(value);
      changed = true;
    }
    if (!masker.mask_text(tag->first, name)) {
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

void mask_entry(const Masker& masker, LogEntry& entry) {
  const std::string content_type = entry.content_type;  // masked before the body
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto* member = std::get_if<std::string LogEntry::*>(&kEntryMembers[i]);
    std::string masked;
    if (member != nullptr && mask_field(masker, static_cast<Field>(i), entry.**member, content_type, masked)) {
      entry.** member = std::move(masked);
    }
  }
  mask_tags(masker, entry.tags);
}

void mask_entry(const Masker& masker, InfraLogEntry& entry) {
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
  for (const auto& [field, value] : fields) {
    std::string masked;
    if (mask_field(masker, field, *value, masked)) *value = std::move(masked);
  }
}

}  // namespace logs_sdk::inline v1
