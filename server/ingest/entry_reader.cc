#include "server/ingest/entry_reader.h"

#include <charconv>
#include <chrono>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include "server/ingest/value_reader.h"
#include "server/store/timestamp.h"
#include "src/entry/entry_members.h"
#include "src/entry/json_object.h"
#include "src/entry/json_text.h"
#include "src/entry/limits.h"
#include "src/entry/utf8.h"

namespace logs_server {
namespace {

using logs_sdk::EntryMember;
using logs_sdk::EntryView;
using logs_sdk::Field;
using logs_sdk::FieldInfo;
using logs_sdk::FieldKind;
using logs_sdk::FieldLimit;
using logs_sdk::JsonType;
using logs_sdk::LogEntry;
using logs_sdk::StringForm;
using logs_sdk::Uuid;

// The most that a client's configuration can ask for (contract 6); what is longer was not cut by one of ours.
constexpr logs_sdk::EntryLimits kWidestLimits{.max_body_bytes = 65'536, .max_stack_bytes = 65'536};
// Headers as JSON text: names and values are limited one by one before they are joined, and escaping doubles at most
// what is usual. Beyond this the encoder looks at them again.
constexpr std::size_t kMaxHeadersTextBytes = 4 * logs_sdk::kMaxHeadersBytes;

// A client's clock is believed within these (contract 1).
constexpr std::int64_t kMaxPastUs = std::chrono::microseconds(std::chrono::days(30)).count();
constexpr std::int64_t kMaxFutureUs = std::chrono::microseconds(std::chrono::hours(24)).count();

std::size_t limit_bytes(FieldLimit limit) {
  switch (limit) {
    case FieldLimit::kNone:
      return std::numeric_limits<std::size_t>::max();
    case FieldLimit::kString:
      return logs_sdk::kMaxStringBytes;
    case FieldLimit::kUrl:
      return logs_sdk::kMaxUrlBytes;
    case FieldLimit::kHeaders:
      return kMaxHeadersTextBytes;
    case FieldLimit::kBody:
      return kWidestLimits.max_body_bytes;
    case FieldLimit::kUserAgent:
      return logs_sdk::kMaxUserAgentBytes;
    case FieldLimit::kErrorMessage:
      return logs_sdk::kMaxErrorMessageBytes;
    case FieldLimit::kStack:
      return kWidestLimits.max_stack_bytes;
    case FieldLimit::kTags:
      return 0;
  }
  return 0;
}

bool within_limit(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return true;
  return text.size() <= limit + logs_sdk::kTruncated.size() && text.ends_with(logs_sdk::kTruncated);
}

// "-12", "0", "7": as std::to_chars writes it, within `range`.
bool is_canonical_integer(std::string_view token, IntegerRange range) {
  std::int64_t value = 0;
  const char* const end = token.data() + token.size();
  const auto parsed = std::from_chars(token.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || value < range.min || value > range.max) return false;
  char text[24];
  const auto written = std::to_chars(text, text + sizeof text, value);
  return token == std::string_view(text, static_cast<std::size_t>(written.ptr - text));
}

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
  std::int64_t value = 0;
  std::from_chars(canonical_token.data(), canonical_token.data() + canonical_token.size(), value);
  return value;
}

std::string hex_of(const Uuid& uuid) {
  char hex[32];
  uuid.to_hex(hex);
  return std::string(hex, sizeof hex);
}

bool is_lower_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Cut as the encoder cuts it: a column must not differ from its field in the document.
std::string limited(std::string text, std::size_t limit = logs_sdk::kMaxStringBytes) {
  if (text.size() <= limit) return text;
  text.resize(logs_sdk::utf8_boundary(text, limit));
  return text.append(logs_sdk::kTruncated);
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

EntryReader::EntryReader(Receipt receipt)
    : receipt_(std::move(receipt)),
      project_token_('"' + receipt_.project_slug + '"'),  // a slug holds nothing that is escaped
      encoder_(kWidestLimits, {}) {}

bool EntryReader::read(const RawEntry& raw, NewEntry& out) {
  out = NewEntry{};
  out.project_slug = receipt_.project_slug;
  out.received_at_us = receipt_.received_at_us;
  return read_canonical(raw, out) || read_any(raw, out);
}

std::string EntryReader::sent_uuid(const RawEntry& raw) {
  const std::string_view token = raw[Field::kUuid];
  std::string text;
  if (token.empty() || logs_sdk::json_type(token) != JsonType::kString ||
      !logs_sdk::decode_json_string(token, text).valid)
    return {};
  const std::optional<Uuid> uuid = Uuid::parse(text);
  return uuid ? hex_of(*uuid) : std::string();
}

bool EntryReader::read_canonical(const RawEntry& raw, NewEntry& out) {
  if (raw.compact_text.empty()) return false;
  for (std::size_t i = 0; i < logs_sdk::kFieldCount; ++i) {
    if (!is_canonical(static_cast<Field>(i), raw.values[i])) return false;
  }
  const std::string_view uuid = raw[Field::kUuid];
  out.uuid = *Uuid::parse(uuid.substr(1, uuid.size() - 2));
  set_times(decoded(raw[Field::kTimestamp]), out);
  out.duration_ms = integer_of(raw[Field::kDurationMs]);
  out.status_code = static_cast<std::int32_t>(integer_of(raw[Field::kStatusCode]));
  out.is_error = raw[Field::kIsError] == "true";
  out.environment = decoded(raw[Field::kEnvironment]);
  out.service_name = decoded(raw[Field::kServiceName]);
  out.method = decoded(raw[Field::kMethod]);
  out.path = decoded(raw[Field::kPath]);
  out.error_type = decoded(raw[Field::kErrorType]);
  out.client_ip = decoded(raw[Field::kClientIp]);
  out.trace_id = decoded(raw[Field::kTraceId]);
  out.interrupted = out.error_type == "interrupted";
  out.document = raw.compact_text;
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
  const FieldInfo& field_info = info(field);
  switch (field_info.kind) {
    case FieldKind::kInteger:
      return is_canonical_integer(token, range_of(field));
    case FieldKind::kBoolean:
      return token == "true" || token == "false";
    case FieldKind::kObject:
      return token == "{}";
    default:
      return is_canonical_string(field_info, token);
  }
}

bool EntryReader::is_canonical_string(const FieldInfo& field, std::string_view token) {
  if (token.front() != '"') return false;
  const std::size_t limit = limit_bytes(field.limit);
  if (field.kind == FieldKind::kJsonText && token == "\"{}\"") return true;
  const std::string_view inside = token.substr(1, token.size() - 2);
  const bool escaped = inside.find('\\') != std::string_view::npos;
  if (!escaped && field.kind != FieldKind::kJsonText) return within_limit(inside, limit);
  scratch_.clear();
  const StringForm form = logs_sdk::decode_json_string(token, scratch_);
  if (!form.valid || !form.canonical || !within_limit(scratch_, limit)) return false;
  return field.kind != FieldKind::kJsonText || logs_sdk::is_json_object(scratch_);
}

bool EntryReader::read_any(const RawEntry& raw, NewEntry& out) {
  LogEntry entry;
  for (std::size_t i = 0; i < logs_sdk::kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (raw.values[i].empty() || field == Field::kUid) continue;  // the uid is the server's to give
    if (!read_field(field, raw.values[i], entry)) return false;
  }
  for (const auto& [name, token] : raw.unknown) {
    read_tag_value("extra." + name, token, entry.tags);
  }
  if (!read_identity(entry, out)) return false;
  if (entry.timestamp.empty()) entry.timestamp = format_timestamp(receipt_.received_at_us);
  set_times(entry.timestamp, out);
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
  return problem.empty() || refuse(field, problem);
}

// Project and uuid: who it belongs to, and by what it is known again.
bool EntryReader::read_identity(LogEntry& entry, NewEntry& out) {
  if (entry.project_slug.empty()) entry.project_slug = receipt_.project_slug;
  if (entry.project_slug != receipt_.project_slug) return refuse(Field::kProjectSlug, "not the project of this key");
  const std::optional<Uuid> uuid = Uuid::parse(entry.uuid);
  if (entry.uuid.empty() || uuid == Uuid{}) {  // the nil UUID says that there is none (RFC 9562 5.9)
    out.uuid = logs_sdk::next_uuid7(logs_sdk::WallTime{std::chrono::microseconds{receipt_.received_at_us}});
  } else if (uuid) {
    out.uuid = *uuid;
  } else {
    return refuse(Field::kUuid, "a string that is not a UUID");
  }
  entry.uuid = hex_of(out.uuid);
  return true;
}

bool EntryReader::refuse(Field field, const std::string& problem) {
  reason_ = std::string("field ").append(info(field).name).append(": ").append(problem);
  return false;
}

void EntryReader::set_times(std::string_view timestamp, NewEntry& out) const {
  out.timestamp_us = parse_timestamp(timestamp).value_or(0);
  const std::int64_t received = receipt_.received_at_us;
  const bool believable = out.timestamp_us >= received - kMaxPastUs && out.timestamp_us <= received + kMaxFutureUs;
  out.ordered_at_us = believable ? out.timestamp_us : received;
}

std::string EntryReader::decoded(std::string_view token) {
  std::string text;
  logs_sdk::decode_json_string(token, text);
  return text;
}

}  // namespace logs_server
