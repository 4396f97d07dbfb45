#include "server/ingest/entry_reader.h"

#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include "server/ingest/canonical_value.h"
#include "server/ingest/entry_enrichment.h"
#include "server/ingest/value_reader.h"
#include "server/store/timestamp.h"
#include "src/base/whole_number.h"
#include "src/entry/entry_members.h"
#include "src/entry/limits.h"
#include "src/json/json_text.h"
#include "src/masking/entry_masker.h"

namespace logs_server {
namespace {

using logs_sdk::EntryMember;
using logs_sdk::EntryView;
using logs_sdk::Field;
using logs_sdk::FieldKind;
using logs_sdk::json_string_value;
using logs_sdk::LogEntry;
using logs_sdk::Uuid;

// Of the member that holds the field.
IntegerRange range_of(Field field) {
  const EntryMember& member = logs_sdk::kEntryMembers[static_cast<std::size_t>(field)];
  if (std::holds_alternative<int LogEntry::*>(member)) {
    return {.min = std::numeric_limits<int>::min(), .max = std::numeric_limits<int>::max()};
  }
  if (std::holds_alternative<std::uint64_t LogEntry::*>(member)) return {.min = 0};
  return {};
}

std::int64_t integer_of(std::string_view canonical_token) {
  return logs_sdk::parse_whole<std::int64_t>(canonical_token).value_or(0);
}

bool is_lower_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// No request, no message (a manual entry has its own in the body) and no time: a row that nobody could make anything
// of, for a few bytes of whoever posts it.
bool says_nothing(const LogEntry& entry) {
  return entry.method.empty() && entry.path.empty() && entry.error_message.empty() && entry.request_body.empty() &&
         entry.timestamp.empty();
}

// The columns of an entry that was read into its 57 fields.
void move_columns(LogEntry& entry, NewEntry& out) {
  out.duration_ms = entry.duration_ms;
  out.status_code = entry.status_code;
  out.is_error = entry.is_error;
  out.interrupted = entry.error_type == "interrupted";
  out.environment = limited(std::move(entry.environment));
  out.service_name = limited(std::move(entry.service_name));
  out.method = limited(std::move(entry.method));
  out.path = limited(std::move(entry.path), logs_sdk::kMaxUrlBytes);
  out.error_type = limited(std::move(entry.error_type));
  out.client_ip = limited(std::move(entry.client_ip));
  out.trace_id = limited(std::move(entry.trace_id));
}

}  // namespace

EntryReader::EntryReader(Receipt receipt, const logs_sdk::Masker& masker)
    : receipt_(std::move(receipt)),
      masker_(masker),
      project_token_('"' + receipt_.project_slug + '"'),  // a slug holds nothing that is escaped
      encoder_(kWidestLimits, {}) {}

std::optional<std::size_t> EntryReader::find(std::string_view name) const {
  const std::optional<Field> field = logs_sdk::find_field(name);
  if (!field) return std::nullopt;
  return static_cast<std::size_t>(*field);
}

bool EntryReader::read(const RawEntry& raw, NewEntry& out) {
  out = NewEntry{};
  out.project_slug = receipt_.project_slug;
  out.received_at_us = receipt_.received_at_us;
  was_masked_ = false;
  return read_canonical(raw, out) || read_any(raw, out);
}

bool EntryReader::read_canonical(const RawEntry& raw, NewEntry& out) {
  if (raw.compact_text.empty() || !is_canonical(raw)) return false;
  const std::string_view uuid = raw[Field::kUuid];
  out.uuid = *Uuid::parse(logs_sdk::json_string_inside(uuid));
  set_times(receipt_, json_string_value(raw[Field::kTimestamp]), out);
  out.duration_ms = integer_of(raw[Field::kDurationMs]);
  out.status_code = static_cast<std::int32_t>(integer_of(raw[Field::kStatusCode]));
  out.is_error = raw[Field::kIsError] == "true";
  out.environment = json_string_value(raw[Field::kEnvironment]);
  out.service_name = json_string_value(raw[Field::kServiceName]);
  out.method = json_string_value(raw[Field::kMethod]);
  out.path = json_string_value(raw[Field::kPath]);
  out.error_type = json_string_value(raw[Field::kErrorType]);
  out.client_ip = json_string_value(raw[Field::kClientIp]);
  out.trace_id = json_string_value(raw[Field::kTraceId]);
  out.interrupted = out.error_type == "interrupted";
  if (receipt_.enricher == nullptr) {
    out.document = raw.compact_text;
  } else {
    out.document = enriched_text(*receipt_.enricher, rule_time_, raw);
  }
  return true;
}

// How its bodies are read.
void EntryReader::note_types(const RawEntry& raw) {
  const auto text = [&](Field field) {
    const bool is_string = logs_sdk::json_type(raw[field]) == logs_sdk::JsonType::kString;
    return is_string ? json_string_value(raw[field]) : std::string();
  };
  request_type_ = text(Field::kContentType);
  const bool has_response = raw[Field::kResponseBody] != "\"\"";
  response_type_ = has_response ? logs_sdk::content_type_in(text(Field::kResponseHeaders)) : "";
}

bool EntryReader::is_canonical(const RawEntry& raw) {
  note_types(raw);
  for (std::size_t i = 0; i < logs_sdk::kFieldCount; ++i) {
    if (!is_canonical(static_cast<Field>(i), raw.values[i])) return false;
  }
  return true;
}

bool EntryReader::is_canonical(Field field, std::string_view token) {
  switch (field) {
    case Field::kUuid:
      return token.size() == 34 && token.front() == '"' && is_lower_hex(token.substr(1, 32)) &&
             token.find_first_not_of('0', 1) != 33;
    case Field::kUid:
      return token == "0";  // the server's to give
    case Field::kProjectSlug:
      return token == project_token_;
    case Field::kTimestamp:
      if (token == "\"\"") return false;
      break;
    default:
      break;
  }
  switch (info(field).kind) {
    case FieldKind::kInteger:
      return is_canonical_integer(token, range_of(field));
    case FieldKind::kBoolean:
      return token == "true" || token == "false";
    case FieldKind::kObject:
      return is_canonical_tags(token) && !hides_tags(token);
    default:
      const auto text = canonical_text(info(field), token, scratch_);
      return text && !hides_text(field, *text);
  }
}

// Whether there is something to mask. Then the entry is read field by field: it has not come from one of ours, or it
// was cut in the middle of what had been masked.
bool EntryReader::hides_text(Field field, std::string_view text) {
  if (!receipt_.mask || text.empty()) return false;
  masked_.clear();
  if (field == Field::kRequestHeaders || field == Field::kResponseHeaders) {
    return logs_sdk::mask_headers(masker_, text, receipt_.cut_texts, masked_);
  }
  const logs_sdk::Reading reading{
      .request_type = request_type_, .response_type = response_type_, .marked = receipt_.cut_texts};
  return logs_sdk::mask_field(masker_, field, text, reading, masked_);
}

bool EntryReader::hides_tags(std::string_view token) const {
  if (!receipt_.mask || token == "{}") return false;
  Tags tags;
  return !read_tags(token, tags).empty() || logs_sdk::mask_tags(masker_, tags, receipt_.cut_texts);
}

bool EntryReader::read_any(const RawEntry& raw, NewEntry& out) {
  LogEntry entry;
  for (std::size_t i = 0; i < logs_sdk::kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (raw.values[i].empty() || field == Field::kUid) continue;  // the uid is the server's to give
    if (!read_field(field, raw.values[i], entry)) return false;
  }
  reason_ = settle_identity(receipt_, entry.uuid, entry.project_slug, out);
  if (reason_.empty() && says_nothing(entry)) {
    reason_ = refusal_of_silence("method, path, error_message, request_body and timestamp");
  }
  if (!reason_.empty()) return false;
  for (const auto& [name, token] : raw.unknown) {
    read_tag_value("extra." + name, token, entry.tags);
  }
  if (entry.timestamp.empty()) entry.timestamp = format_timestamp(receipt_.received_at_us);
  set_times(receipt_, entry.timestamp, out);
  if (receipt_.mask) was_masked_ = logs_sdk::mask_entry(masker_, entry, receipt_.cut_texts);
  if (receipt_.enricher != nullptr) enrich(*receipt_.enricher, rule_time_, entry);  // from what has been masked
  std::vector<logs_sdk::TagView> tags;
  encoder_.encode(view_of(entry, tags), out.document);
  move_columns(entry, out);
  return true;
}

bool EntryReader::read_field(Field field, std::string_view token, LogEntry& entry) {
  const auto read = [&](auto member) -> Problem {
    auto& value = entry.*member;
    using Value = std::remove_reference_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, std::string>) {
      return info(field).kind == FieldKind::kJsonText ? read_json_text(token, value) : read_string(token, value);
    } else if constexpr (std::is_same_v<Value, bool>) {
      return read_boolean(token, value);
    } else if constexpr (std::is_same_v<Value, Tags>) {
      return read_tags(token, value);
    } else {
      auto number = static_cast<std::int64_t>(value);
      Problem problem = read_integer(token, range_of(field), number);
      value = static_cast<Value>(number);
      return problem;
    }
  };
  const Problem problem = std::visit(read, logs_sdk::kEntryMembers[static_cast<std::size_t>(field)]);
  if (!problem.empty()) reason_ = refusal_of(info(field).name, problem);
  return problem.empty();
}

}  // namespace logs_server
