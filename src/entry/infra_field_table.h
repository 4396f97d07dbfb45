// The 13 fields of an infrastructure entry, in the order of the wire. The one table from which encoder, server and
// documentation take names, kinds and limits.
#ifndef LOGS_SDK_ENTRY_INFRA_FIELD_TABLE_H_
#define LOGS_SDK_ENTRY_INFRA_FIELD_TABLE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "src/entry/field_table.h"

namespace logs_sdk::inline v1 {

enum class InfraField : unsigned char {
  kUuid,
  kTimestamp,
  kProjectSlug,
  kSourceType,
  kSourceName,
  kHost,
  kLevel,
  kMessage,
  kMetadata,
  kTraceId,
  kRelatedApiUuid,
  kIsError,
  kErrorDetail,
};
inline constexpr std::size_t kInfraFieldCount = 13;

// Indexed by InfraField.
inline constexpr std::array<FieldInfo, kInfraFieldCount> kInfraFieldTable{{
    {"uuid", FieldKind::kString, FieldLimit::kString, ""},
    {"timestamp", FieldKind::kString, FieldLimit::kString, ""},
    {"project_slug", FieldKind::kString, FieldLimit::kString, ""},
    {"source_type", FieldKind::kString, FieldLimit::kString, ""},
    {"source_name", FieldKind::kString, FieldLimit::kString, ""},
    {"host", FieldKind::kString, FieldLimit::kString, ""},
    {"level", FieldKind::kString, FieldLimit::kString, "info"},
    {"message", FieldKind::kString, FieldLimit::kBody, ""},
    {"metadata", FieldKind::kJsonText, FieldLimit::kHeaders, "{}"},
    {"trace_id", FieldKind::kString, FieldLimit::kString, ""},
    {"related_api_uuid", FieldKind::kString, FieldLimit::kString, ""},
    {"is_error", FieldKind::kBoolean, FieldLimit::kNone, ""},
    {"error_detail", FieldKind::kString, FieldLimit::kStack, ""},
}};

constexpr const FieldInfo& info(InfraField field) noexcept { return kInfraFieldTable[static_cast<std::size_t>(field)]; }

constexpr std::optional<InfraField> find_infra_field(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kInfraFieldCount; ++i) {
    if (kInfraFieldTable[i].name == name) return static_cast<InfraField>(i);
  }
  return std::nullopt;
}

// The levels of a message, from the least to the worst.
inline constexpr std::array<std::string_view, 5> kInfraLevels{"debug", "info", "warn", "error", "fatal"};

constexpr bool is_infra_level(std::string_view text) noexcept {
  return std::find(kInfraLevels.begin(), kInfraLevels.end(), text) != kInfraLevels.end();
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_INFRA_FIELD_TABLE_H_
