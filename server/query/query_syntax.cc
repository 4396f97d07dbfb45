#include "server/query/query_syntax.h"

#include <array>
#include <cmath>
#include <utility>

#include "src/base/whole_number.h"

namespace logs_server {
namespace {

using logs_sdk::Field;
using logs_sdk::FieldKind;

constexpr std::array<std::string_view, 4> kKeywords = {"AND", "OR", "NOT", "TO"};

constexpr std::array<std::pair<std::string_view, Field>, 6> kAliases = {{{"status", Field::kStatusCode},
                                                                         {"duration", Field::kDurationMs},
                                                                         {"ip", Field::kClientIp},
                                                                         {"user", Field::kUserId},
                                                                         {"trace", Field::kTraceId},
                                                                         {"route", Field::kPath}}};

constexpr std::array<std::pair<std::string_view, double>, 3> kDurationUnits = {
    {{"ms", 1.0}, {"s", 1000.0}, {"m", 60'000.0}}};

// Above this a double no longer counts in ones.
constexpr double kMaxExactDouble = 9007199254740992.0;

bool has_members(FieldId field) {
  const FieldKind kind = info(field).kind;
  return kind == FieldKind::kObject || kind == FieldKind::kJsonText;
}

std::optional<FieldId> find_plain_field(std::string_view name) {
  for (const auto& [alias, field] : kAliases) {
    if (alias == name) return FieldId(field);
  }
  return find_field_id(name);
}

std::optional<std::int64_t> parse_duration_ms(std::string_view text) {
  for (const auto& [unit, milliseconds] : kDurationUnits) {
    if (!text.ends_with(unit)) continue;
    const auto number = parse_number(text.substr(0, text.size() - unit.size()));
    if (!number || std::abs(*number * milliseconds) > kMaxExactDouble) continue;
    return static_cast<std::int64_t>(std::llround(*number * milliseconds));
  }
  return std::nullopt;
}

}  // namespace

bool is_keyword(std::string_view word) {
  for (const std::string_view keyword : kKeywords) {
    if (word == keyword) return true;
  }
  return false;
}

std::string_view relation_text(Relation relation) {
  switch (relation) {
    case Relation::kLess:
      return "<";
    case Relation::kLessOrEqual:
      return "<=";
    case Relation::kGreater:
      return ">";
    case Relation::kGreaterOrEqual:
      return ">=";
  }
  return {};
}

std::optional<QueryField> find_query_field(std::string_view name) {
  if (const auto field = find_plain_field(name)) return QueryField{*field, {}};
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || dot + 1 == name.size()) return std::nullopt;
  const auto field = find_plain_field(name.substr(0, dot));
  if (!field || !has_members(*field)) return std::nullopt;
  return QueryField{*field, std::string(name.substr(dot + 1))};
}

Comparable comparable_as(const QueryField& field) {
  if (!field.member.empty()) return Comparable::kNumber;
  if (field.field == Field::kTimestamp) return Comparable::kText;
  return info(field.field).kind == FieldKind::kInteger ? Comparable::kInteger : Comparable::kNothing;
}

std::optional<std::int64_t> parse_integer(std::string_view text, const QueryField& field) {
  if (const auto number = logs_sdk::parse_whole<std::int64_t>(text)) return number;
  return field.field == Field::kDurationMs ? parse_duration_ms(text) : std::nullopt;
}

std::optional<double> parse_number(std::string_view text) {
  const auto number = logs_sdk::parse_whole<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

}  // namespace logs_server
