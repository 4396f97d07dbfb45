#include "src/audit/entry_audit.h"

#include <array>
#include <cstddef>
#include <span>

#include "src/base/uuid7.h"
#include "src/entry/field_table.h"
#include "src/entry/infra_field_table.h"
#include "src/json/json_checker.h"
#include "src/json/json_text.h"
#include "src/masking/entry_masker.h"

namespace logs_sdk::inline v1 {
namespace {

// An infrastructure entry of the store has them too: ingest puts there what it does not know.
constexpr std::string_view kTags = "tags";

std::string text_of(std::string_view token) {
  return json_type(token) == JsonType::kString ? json_string_value(token) : std::string();
}

// Whatever it is that somebody sent, only digits are shown.
std::string shown_uuid(std::string_view token) {
  const std::optional<Uuid> uuid = Uuid::parse(text_of(token));
  if (!uuid) return {};
  char hex[32];
  uuid->to_hex(hex);
  return std::string(hex, sizeof hex);
}

class Audit {
 public:
  Audit(const Masker& masker, EntryForm form, std::string_view document) : masker_(masker), form_(form) {
    JsonMembers members(document);
    for (std::string_view name, value; members.next(name, value);) {
      const std::string field = text_of(name);
      if (field == kTags) tags_ = value;
      if (const auto index = index_of(field)) values_[*index] = value;
    }
  }

  EntryFindings findings() {
    EntryFindings found{.uuid = shown_uuid(values_[0]), .fields = {}};
    request_type_ = form_ == EntryForm::kEntry ? text_of(value_of(Field::kContentType)) : "";
    response_type_ = form_ == EntryForm::kEntry ? content_type_in(text_of(value_of(Field::kResponseHeaders))) : "";
    const std::size_t count = form_ == EntryForm::kEntry ? kFieldCount : kInfraFieldCount;
    for (std::size_t i = 0; i < count; ++i) {
      if (hides_text(i)) found.fields.push_back(name_of(i));
    }
    if (hides_tags()) found.fields.push_back(kTags);
    return found;
  }

 private:
  std::optional<std::size_t> index_of(std::string_view name) const {
    if (form_ == EntryForm::kEntry) {
      const auto field = find_field(name);
      return field ? std::optional(static_cast<std::size_t>(*field)) : std::nullopt;
    }
    const auto field = find_infra_field(name);
    return field ? std::optional(static_cast<std::size_t>(*field)) : std::nullopt;
  }
  std::string_view name_of(std::size_t index) const {
    return form_ == EntryForm::kEntry ? kFieldTable[index].name : kInfraFieldTable[index].name;
  }
  std::string_view value_of(Field field) const { return values_[static_cast<std::size_t>(field)]; }

  bool hides_text(std::size_t index) {
    const std::string text = text_of(values_[index]);
    if (text.empty()) return false;
    masked_.clear();
    if (form_ == EntryForm::kInfra) {
      return mask_field(masker_, static_cast<InfraField>(index), text, Extent::kWhole, masked_);
    }
    const Reading reading{.request_type = request_type_, .response_type = response_type_, .marked = Extent::kWhole};
    return mask_field(masker_, static_cast<Field>(index), text, reading, masked_);
  }

  bool hides_tags() {
    if (tags_.empty() || json_type(tags_) != JsonType::kObject) return false;
    JsonMembers members(tags_);
    for (std::string_view name_token, token; members.next(name_token, token);) {
      const std::string name = text_of(name_token);
      const std::string text = json_type(token) == JsonType::kString ? text_of(token) : std::string(token);
      masked_.clear();
      if (mask_tag_name(masker_, name, Extent::kWhole, masked_)) return true;
      if (mask_tag(masker_, name, text, Extent::kWhole, masked_)) return true;
    }
    return false;
  }

  const Masker& masker_;
  const EntryForm form_;
  std::array<std::string_view, kFieldCount> values_{};  // JSON tokens, by field
  std::string_view tags_;
  std::string request_type_, response_type_, masked_;
};

}  // namespace

std::optional<EntryFindings> audit_entry(const Masker& masker, EntryForm form, std::string_view document) {
  if (!document.starts_with('{') || first_json_error(document)) return std::nullopt;
  return Audit(masker, form, document).findings();
}

}  // namespace logs_sdk::inline v1
