// What a query can ask for: the fields of both kinds of entries, and the kind itself.
//
// An entry has only the fields of its kind. What it does not have is not empty but absent: no value matches it.
#ifndef LOGS_SERVER_QUERY_QUERY_FIELD_H_
#define LOGS_SERVER_QUERY_QUERY_FIELD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "server/store/stored_entry.h"
#include "src/entry/field_table.h"
#include "src/entry/infra_field_table.h"

namespace logs_server {

// One of kQueryFields.
class FieldId {
 public:
  constexpr FieldId() = default;
  // Every field of an entry is one.
  constexpr FieldId(logs_sdk::Field field) : index_(static_cast<std::uint8_t>(field)) {}  // implicit
  constexpr explicit FieldId(std::size_t index) : index_(static_cast<std::uint8_t>(index)) {}

  constexpr std::size_t index() const { return index_; }
  friend constexpr bool operator==(FieldId, FieldId) = default;

 private:
  std::uint8_t index_ = 0;
};

struct QueryFieldInfo {
  logs_sdk::FieldInfo field;
  bool of_entries = false;
  bool of_infra = false;
};

// Of the infrastructure, whether entries have a field of that name too; then it is the same one.
constexpr std::optional<std::size_t> shared_index(std::string_view name) {
  for (std::size_t i = 0; i < logs_sdk::kFieldCount; ++i) {
    if (logs_sdk::kFieldTable[i].name == name) return i;
  }
  return std::nullopt;
}

inline constexpr std::size_t kQueryFieldCount = [] {
  std::size_t count = logs_sdk::kFieldCount + 1;
  for (const auto& field : logs_sdk::kInfraFieldTable) count += shared_index(field.name) ? 0U : 1U;
  return count;
}();

// The fields of entries, in their order; then the kind; then what only infrastructure entries have.
inline constexpr std::array<QueryFieldInfo, kQueryFieldCount> kQueryFields = [] {
  using logs_sdk::Field;
  std::array<QueryFieldInfo, kQueryFieldCount> fields{};
  for (std::size_t i = 0; i < logs_sdk::kFieldCount; ++i) fields[i] = {logs_sdk::kFieldTable[i], true, false};
  std::size_t next = logs_sdk::kFieldCount;
  fields[next++] = {{"kind", logs_sdk::FieldKind::kString, logs_sdk::FieldLimit::kNone, ""}, true, true};
  for (const auto& field : logs_sdk::kInfraFieldTable) {
    if (const auto shared = shared_index(field.name)) {
      fields[*shared].of_infra = true;
    } else {
      fields[next++] = {field, false, true};
    }
  }
  // Ingest adds these.
  for (const Field added : {Field::kUid, Field::kTags}) fields[static_cast<std::size_t>(added)].of_infra = true;
  return fields;
}();

inline constexpr FieldId kKindField{logs_sdk::kFieldCount};

constexpr const logs_sdk::FieldInfo& info(FieldId field) { return kQueryFields[field.index()].field; }

constexpr bool has_field(EntryKind kind, FieldId field) {
  const QueryFieldInfo& found = kQueryFields[field.index()];
  return kind == EntryKind::kInfra ? found.of_infra : found.of_entries;
}

constexpr std::string_view kind_name(EntryKind kind) { return kind == EntryKind::kInfra ? "infra" : "entry"; }

inline std::optional<FieldId> find_field_id(std::string_view name) {
  if (const auto field = logs_sdk::find_field(name)) return FieldId(*field);
  for (std::size_t i = logs_sdk::kFieldCount; i < kQueryFields.size(); ++i) {
    if (kQueryFields[i].field.name == name) return FieldId(i);
  }
  return std::nullopt;
}

}  // namespace logs_server

#endif  // LOGS_SERVER_QUERY_QUERY_FIELD_H_
