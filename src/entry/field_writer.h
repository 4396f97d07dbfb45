// Writing one field of a field table by its kind and limit: what the encoders of all kinds of entries are made of.
//
// `kField` is a Field or an InfraField; info(kField) knows the rest at compile time, so that each call is straight-line
// code with its name ready made. Used by the encoders alone.
#ifndef LOGS_SDK_ENTRY_FIELD_WRITER_H_
#define LOGS_SDK_ENTRY_FIELD_WRITER_H_

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>

#include "src/entry/field_table.h"
#include "src/entry/header_json.h"
#include "src/entry/infra_field_table.h"
#include "src/entry/json_writer.h"
#include "src/entry/limits.h"

namespace logs_sdk::inline v1 {

constexpr bool is_quoted(const FieldInfo& field) {
  return field.kind == FieldKind::kString || field.kind == FieldKind::kJsonText;
}

constexpr std::size_t prefix_size(const FieldInfo& field) { return field.name.size() + (is_quoted(field) ? 5 : 4); }

// `,"name":`, with the quote that opens the value where it is a string; '{' in place of ',' before the first.
template <auto kField>
inline constexpr auto kPrefix = [] {
  std::array<char, prefix_size(info(kField))> prefix;
  std::size_t size = 0;
  prefix[size++] = static_cast<std::size_t>(kField) == 0 ? '{' : ',';
  prefix[size++] = '"';
  for (const char c : info(kField).name) prefix[size++] = c;
  prefix[size++] = '"';
  prefix[size++] = ':';
  if (is_quoted(info(kField))) prefix[size++] = '"';
  return prefix;
}();

// JsonWriter's rule: all fields together, each an integer, or the words of a boolean and tags, stay within the
// headroom.
template <std::size_t kCount>
constexpr bool within_headroom(const std::array<FieldInfo, kCount>& table) {
  std::size_t size = 0;
  for (const FieldInfo& field : table) size += prefix_size(field) + 24;
  return size < JsonWriter::kHeadroomBytes;
}
static_assert(within_headroom(kFieldTable) && within_headroom(kInfraFieldTable));

// 0: none, or the configuration's.
constexpr std::size_t limit_of(const FieldInfo& field) {
  switch (field.limit) {
    case FieldLimit::kString:
      return kMaxStringBytes;
    case FieldLimit::kUrl:
      return kMaxUrlBytes;
    case FieldLimit::kHeaders:
      return kMaxHeadersBytes;
    case FieldLimit::kUserAgent:
      return kMaxUserAgentBytes;
    case FieldLimit::kErrorMessage:
      return kMaxErrorMessageBytes;
    default:
      return 0;
  }
}

template <auto kField>
void put(JsonWriter& json, std::string_view text) {
  static_assert(info(kField).kind == FieldKind::kString && limit_of(info(kField)) > 0);
  json.raw(kPrefix<kField>);
  json.text(text, limit_of(info(kField)));
  json.raw("\"");
}

// A text whose limit the configuration decides.
template <auto kField>
void put(JsonWriter& json, std::string_view text, std::size_t limit) {
  static_assert(info(kField).limit == FieldLimit::kBody || info(kField).limit == FieldLimit::kStack);
  json.raw(kPrefix<kField>);
  json.text(text, limit);
  json.raw("\"");
}

template <auto kField, std::integral Integer>
void put(JsonWriter& json, Integer value) noexcept {
  static_assert(info(kField).kind == FieldKind::kInteger);
  json.raw(kPrefix<kField>);
  json.number(value);
}

template <auto kField>
void put_boolean(JsonWriter& json, bool value) noexcept {
  static_assert(info(kField).kind == FieldKind::kBoolean);
  json.raw(kPrefix<kField>);
  value ? json.raw("true") : json.raw("false");
}

// JSON as text cannot be cut: it would be JSON no more. Too long, it is left out as a whole, which its one name tells.
template <auto kField>
void put_json_text(JsonWriter& json, std::string_view text) {
  static_assert(info(kField).kind == FieldKind::kJsonText);
  json.raw(kPrefix<kField>);
  const std::size_t before = json.position();
  TextBudget budget{limit_of(info(kField))};
  json.piece(text.empty() ? std::string_view("{}") : text, budget);
  if (budget.cut) {
    json.rewind(before);
    write_omission(json);
  }
  json.raw("\"");
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_FIELD_WRITER_H_
