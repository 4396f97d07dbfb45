#include "src/entry/field_table.h"

#include <algorithm>

namespace logs_sdk::inline v1 {
namespace {

struct NamedField {
  std::string_view name;
  Field field;
};

constexpr std::array<NamedField, kFieldCount> kByName = [] {
  std::array<NamedField, kFieldCount> fields;
  for (std::size_t i = 0; i < kFieldCount; ++i) fields[i] = {kFieldTable[i].name, static_cast<Field>(i)};
  std::sort(fields.begin(), fields.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return fields;
}();

}  // namespace

std::optional<Field> find_field(std::string_view name) noexcept {
  const auto at =
      std::lower_bound(kByName.begin(), kByName.end(), name,
                       [](const NamedField& field, std::string_view wanted) { return field.name < wanted; });
  if (at == kByName.end() || at->name != name) return std::nullopt;
  return at->field;
}

}  // namespace logs_sdk::inline v1
