// What the golden exchanges cover: every field, more than once, and no file that nobody runs.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "src/entry/field_table.h"
#include "testing/file_bytes.h"
#include "testing/golden_exchange.h"

namespace logs_sdk {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLeastValues = 3;

// Values of each field over all cases, those that the server fills in place of the empty ones.
std::map<std::string, std::set<Json>> values_by_field() {
  std::map<std::string, std::set<Json>> values;
  for (const golden::Exchange& exchange : golden::exchanges()) {
    Json entry = Json::parse(file_bytes(golden::entry_file(exchange)));
    for (const auto& [field, value] : exchange.stored) entry[field] = value;
    for (const auto& [field, value] : entry.items()) values[field].insert(value);
  }
  return values;
}

TEST(GoldenFields, have_three_values_each) {
  const auto values = values_by_field();
  for (const FieldInfo& field : kFieldTable) {
    if (field.name == "uid") continue;  // each case has another: its place among all (tests/golden/stored_entries.py)
    const std::size_t possible = field.kind == FieldKind::kBoolean ? 2 : kLeastValues;
    EXPECT_GE(values.at(std::string(field.name)).size(), possible) << field.name;
  }
}

TEST(GoldenFields, are_57_in_every_entry_and_every_uuid_is_another) {
  std::set<std::string> uuids;
  for (const golden::Exchange& exchange : golden::exchanges()) {
    EXPECT_EQ(Json::parse(file_bytes(golden::entry_file(exchange))).size(), kFieldCount) << exchange.name;
    EXPECT_TRUE(uuids.insert(exchange.uuid).second) << exchange.name;
  }
}

TEST(GoldenFields, come_from_cases_that_clients_can_make_happen) {
  const auto& all = golden::exchanges();
  const auto over_http = std::ranges::count_if(all, [](const auto& each) { return each.not_over_http.empty(); });
  EXPECT_GE(2 * static_cast<std::size_t>(over_http), all.size()) << "most cases are to be run on every adapter";
}

TEST(GoldenFiles, stand_in_pairs_and_nothing_else_lies_between_them) {
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(LOGS_SDK_SOURCE_DIR) / "testing/golden/exchanges")) {
    std::filesystem::path other = file.path();
    EXPECT_TRUE(file.path().extension() == ".txt" || file.path().extension() == ".json") << file.path();
    other.replace_extension(file.path().extension() == ".txt" ? ".json" : ".txt");
    EXPECT_TRUE(std::filesystem::exists(other)) << file.path() << " is run by nobody";
  }
}

}  // namespace
}  // namespace logs_sdk
