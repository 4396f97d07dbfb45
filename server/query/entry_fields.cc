#include "server/query/entry_fields.h"

#include <simdjson.h>

#include "server/query/text_folding.h"

namespace logs_server {

using logs_sdk::Field;
using logs_sdk::FieldKind;

namespace {

namespace ondemand = simdjson::ondemand;

constexpr char kBetweenValues = '\xFF';

FieldValue zero_of(FieldKind kind) {
  if (kind == FieldKind::kInteger) return std::int64_t{0};
  if (kind == FieldKind::kBoolean) return false;
  return std::string_view();
}

FieldValue read_value(ondemand::value json, FieldKind kind) {
  FieldValue value = zero_of(kind);
  if (kind == FieldKind::kInteger) {
    if (std::int64_t number = 0; json.get_int64().get(number) == simdjson::SUCCESS) value = number;
  } else if (kind == FieldKind::kBoolean) {
    if (bool truth = false; json.get_bool().get(truth) == simdjson::SUCCESS) value = truth;
  } else if (kind == FieldKind::kObject) {
    ondemand::object object;
    std::string_view text;
    if (json.get_object().get(object) == simdjson::SUCCESS && object.raw_json().get(text) == simdjson::SUCCESS) {
      value = text;
    }
  } else {
    if (std::string_view text; json.get_string().get(text) == simdjson::SUCCESS) value = text;
  }
  return value;
}

// A string's own text, of everything else the JSON. Empty when it is ill-formed.
std::string_view text_of(ondemand::value json) {
  std::string_view text;
  ondemand::json_type type{};
  if (json.type().get(type) != simdjson::SUCCESS) return {};
  if (type == ondemand::json_type::string) return json.get_string().get(text) == simdjson::SUCCESS ? text : "";
  if (simdjson::to_json_string(json).get(text) != simdjson::SUCCESS) return {};
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

// A JSON text with the room behind it that the parser wants, kept from one text to the next.
class PaddedText {
 public:
  void assign(std::string_view text) {
    bytes_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    bytes_.assign(text);
  }
  simdjson::simdjson_result<ondemand::document> iterate(ondemand::parser& parser) {
    return parser.iterate(bytes_.data(), bytes_.size(), bytes_.capacity());
  }

 private:
  std::string bytes_;
};

}  // namespace

struct EntryFields::Json {
  PaddedText document, member;
  ondemand::parser document_parser, member_parser;
  ondemand::document member_document;
};

EntryFields::EntryFields() : json_(std::make_unique<Json>()) {}
EntryFields::~EntryFields() = default;

void EntryFields::load(const ScannedEntry& entry) {
  entry_ = &entry;
  parsed_ = has_folded_document_ = has_folded_text_ = false;
}

bool EntryFields::is_column(FieldId id) {
  if (id == kKindField) return true;
  if (id.index() >= logs_sdk::kFieldCount) return false;
  switch (static_cast<Field>(id.index())) {
    case Field::kUuid:
    case Field::kUid:
    case Field::kDurationMs:
    case Field::kProjectSlug:
    case Field::kEnvironment:
    case Field::kServiceName:
    case Field::kMethod:
    case Field::kPath:
    case Field::kStatusCode:
    case Field::kClientIp:
    case Field::kTraceId:
    case Field::kIsError:
    case Field::kErrorType:
      return true;
    default:
      return false;
  }
}

std::optional<FieldValue> EntryFields::column(FieldId id) {
  const EntryColumns& columns = entry_->columns();
  if (id == kKindField) return kind_name(columns.kind);
  if (id.index() >= logs_sdk::kFieldCount) return std::nullopt;
  switch (static_cast<Field>(id.index())) {
    case Field::kUuid:
      columns.uuid.to_hex(*reinterpret_cast<char(*)[32]>(uuid_digits_.data()));
      return std::string_view(uuid_digits_.data(), uuid_digits_.size());
    case Field::kUid:
      return static_cast<std::int64_t>(entry_->uid());
    case Field::kDurationMs:
      return columns.duration_ms;
    case Field::kProjectSlug:
      return std::string_view(columns.project_slug);
    case Field::kEnvironment:
      return std::string_view(columns.environment);
    case Field::kServiceName:
      return std::string_view(columns.service_name);
    case Field::kMethod:
      return std::string_view(columns.method);
    case Field::kPath:
      return std::string_view(columns.path);
    case Field::kStatusCode:
      return std::int64_t{columns.status_code};
    case Field::kClientIp:
      return std::string_view(columns.client_ip);
    case Field::kTraceId:
      return std::string_view(columns.trace_id);
    case Field::kIsError:
      return columns.is_error;
    case Field::kErrorType:
      return std::string_view(columns.error_type);
    default:
      return std::nullopt;
  }
}

std::optional<FieldValue> EntryFields::value(FieldId field) {
  if (!has_field(kind(), field)) return std::nullopt;
  if (const auto free = column(field)) return free;
  parse();
  return values_[field.index()];
}

void EntryFields::parse() {
  if (parsed_) return;
  parsed_ = true;
  for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = zero_of(kQueryFields[i].field.kind);
  json_->document.assign(entry_->document());
  ondemand::document document;
  ondemand::object fields;
  if (json_->document.iterate(json_->document_parser).get(document) != simdjson::SUCCESS) return;
  if (document.get_object().get(fields) != simdjson::SUCCESS) return;
  std::size_t expected = 0;  // of entries, fields come in table order
  for (auto field : fields) {
    std::string_view name;
    ondemand::value json;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS || field.value().get(json) != simdjson::SUCCESS) return;
    if (expected >= values_.size() || kQueryFields[expected].field.name != name) {
      const auto found = find_field_id(name);
      if (!found) continue;
      expected = found->index();
    }
    values_[expected] = read_value(json, kQueryFields[expected].field.kind);
    ++expected;
  }
}

std::optional<std::string_view> EntryFields::member(FieldId field, std::string_view name) {
  const std::optional<FieldValue> whole = value(field);
  const auto* text = whole ? std::get_if<std::string_view>(&*whole) : nullptr;
  if (text == nullptr || text->empty()) return std::nullopt;
  json_->member.assign(*text);
  ondemand::object members;
  if (json_->member.iterate(json_->member_parser).get(json_->member_document) != simdjson::SUCCESS) return std::nullopt;
  if (json_->member_document.get_object().get(members) != simdjson::SUCCESS) return std::nullopt;
  for (auto each : members) {
    std::string_view key;
    ondemand::value json;
    if (each.unescaped_key().get(key) != simdjson::SUCCESS || each.value().get(json) != simdjson::SUCCESS) break;
    if (key == name) return text_of(json);
  }
  return std::nullopt;
}

std::string_view EntryFields::folded_document() {
  if (!has_folded_document_) {
    folded_document_.clear();
    append_folded(entry_->document(), folded_document_);
    has_folded_document_ = true;
  }
  return folded_document_;
}

std::string_view EntryFields::folded_text() {
  if (has_folded_text_) return folded_text_;
  has_folded_text_ = true;
  folded_text_.clear();
  for (std::size_t i = 0; i < kQueryFields.size(); ++i) {
    const FieldId field(i);
    const std::optional<FieldValue> each = value(field);
    if (!each || field == Field::kUid || field == kKindField) continue;
    folded_text_ += kBetweenValues;
    if (field == Field::kTags) {
      append_tags(folded_text_);
      continue;
    }
    if (const auto* text = std::get_if<std::string_view>(&*each)) append_folded(*text, folded_text_);
    if (const auto* number = std::get_if<std::int64_t>(&*each)) folded_text_ += std::to_string(*number);
  }
  return folded_text_;
}

void EntryFields::append_tags(std::string& to) {
  const std::optional<FieldValue> tags = value(Field::kTags);
  json_->member.assign(std::get<std::string_view>(*tags));
  ondemand::object members;
  if (json_->member.iterate(json_->member_parser).get(json_->member_document) != simdjson::SUCCESS) return;
  if (json_->member_document.get_object().get(members) != simdjson::SUCCESS) return;
  for (auto each : members) {
    ondemand::value json;
    if (each.value().get(json) != simdjson::SUCCESS) return;
    const std::string_view text = text_of(json);
    if (text == "true" || text == "false") continue;
    append_folded(text, to);
    to += kBetweenValues;
  }
}

}  // namespace logs_server
