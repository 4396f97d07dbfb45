#include "src/entry/field_table.h"

#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>
#include <vector>

#include "gtest/gtest.h"
#include "src/entry/infra_field_table.h"

namespace logs_sdk {
namespace {

TEST(FieldTable, each_field_is_found_by_its_name_and_nothing_else_is) {
  for (std::size_t i = 0; i < kFieldCount; ++i) EXPECT_EQ(find_field(kFieldTable[i].name), static_cast<Field>(i));
  for (const char* name : {"", "uui", "uuidx", "UUID", "tags ", "zzz"})
    EXPECT_EQ(find_field(name), std::nullopt) << name;
}

TEST(FieldTable, the_last_enumerator_is_the_last_row) {
  EXPECT_EQ(static_cast<std::size_t>(Field::kTags) + 1, kFieldCount);
  EXPECT_EQ(info(Field::kTags).name, "tags");
}

std::string_view kind_word(FieldKind kind) {
  switch (kind) {
    case FieldKind::kString:
      return "string";
    case FieldKind::kJsonText:
      return "JSON text";
    case FieldKind::kInteger:
      return "integer";
    case FieldKind::kBoolean:
      return "boolean";
    case FieldKind::kObject:
      break;
  }
  return "object";
}

std::string_view limit_word(FieldLimit limit) {
  switch (limit) {
    case FieldLimit::kNone:
      return "–";
    case FieldLimit::kString:
      return "512";
    case FieldLimit::kUrl:
    case FieldLimit::kErrorMessage:
      return "4,096";
    case FieldLimit::kHeaders:
      return "headers";
    case FieldLimit::kBody:
      return "`max_body_size`";
    case FieldLimit::kUserAgent:
      return "1,024";
    case FieldLimit::kStack:
      return "`max_stack_size`";
    case FieldLimit::kTags:
      break;
  }
  return "tags";
}

std::string default_word(const FieldInfo& field) {
  switch (field.kind) {
    case FieldKind::kInteger:
      return "`0`";
    case FieldKind::kBoolean:
      return "`false`";
    case FieldKind::kObject:
      return "`{}`";
    default:
      return "`\"" + std::string(field.default_text) + "\"`";
  }
}

// Cells of the rows `| name | type | default | limit | …` of the documentation.
std::vector<std::vector<std::string>> documented_rows(const char* page) {
  std::ifstream file(std::filesystem::path(LOGS_SDK_SOURCE_DIR) / "docs/formats" / page);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    std::vector<std::string>& cells = rows.emplace_back();
    std::istringstream row(line.substr(2));
    for (std::string cell; std::getline(row, cell, '|');) {
      cells.push_back(
          cell.substr(cell.find_first_not_of(' '), cell.find_last_not_of(' ') - cell.find_first_not_of(' ') + 1));
    }
  }
  return rows;
}

void expect_documented(const char* page, std::span<const FieldInfo> fields) {
  const auto rows = documented_rows(page);
  ASSERT_EQ(rows.size(), fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const FieldInfo& field = fields[i];
    ASSERT_GE(rows[i].size(), 6u) << field.name;
    EXPECT_EQ(rows[i][0], "`" + std::string(field.name) + "`");
    EXPECT_EQ(rows[i][1], kind_word(field.kind)) << field.name;
    EXPECT_EQ(rows[i][2], default_word(field)) << field.name;
    EXPECT_EQ(rows[i][3], limit_word(field.limit)) << field.name;
  }
}

TEST(FieldTable, the_documentation_has_the_same_rows_in_the_same_order) {
  expect_documented("entry.md", kFieldTable);
  expect_documented("infra_entry.md", kInfraFieldTable);
}

TEST(FieldTable, each_field_of_an_infrastructure_entry_is_found_by_its_name_and_nothing_else_is) {
  for (std::size_t i = 0; i < kInfraFieldCount; ++i) {
    EXPECT_EQ(find_infra_field(kInfraFieldTable[i].name), static_cast<InfraField>(i));
  }
  for (const char* name : {"", "uid", "tags", "LEVEL"}) EXPECT_EQ(find_infra_field(name), std::nullopt) << name;
  EXPECT_EQ(static_cast<std::size_t>(InfraField::kErrorDetail) + 1, kInfraFieldCount);
}

TEST(FieldTable, an_infrastructure_entry_has_one_of_five_levels) {
  for (const char* level : {"debug", "info", "warn", "error", "fatal"}) EXPECT_TRUE(is_infra_level(level)) << level;
  for (const char* level : {"", "warning", "INFO", "info ", "trace"}) EXPECT_FALSE(is_infra_level(level)) << level;
}

}  // namespace
}  // namespace logs_sdk
