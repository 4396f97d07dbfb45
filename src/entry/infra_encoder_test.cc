// Infrastructure entries as bytes: exact lines (testing/golden/infra, read as testing/golden_file.h says), and hostile
// values at random, read back by two parsers.
#include "src/entry/infra_encoder.h"

#include <filesystem>
#include <map>

#include "gtest/gtest.h"
#include "testing/golden_file.h"
#include "testing/infra_oracle.h"
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

std::filesystem::path folder() { return std::filesystem::path(LOGS_SDK_SOURCE_DIR) / "testing/golden/infra"; }

std::map<std::string, std::string*> members_of(InfraLogEntry& entry) {
  return {{"uuid", &entry.uuid},
          {"timestamp", &entry.timestamp},
          {"project_slug", &entry.project_slug},
          {"source_type", &entry.source_type},
          {"source_name", &entry.source_name},
          {"host", &entry.host},
          {"level", &entry.level},
          {"message", &entry.message},
          {"metadata", &entry.metadata},
          {"trace_id", &entry.trace_id},
          {"related_api_uuid", &entry.related_api_uuid},
          {"error_detail", &entry.error_detail}};
}

std::string encoded(const InfraLogEntry& entry, const oracle::InfraContext& context) {
  ByteBuffer bytes;
  InfraEncoder(context.limits, context.project_slug, context.host).encode(entry, bytes);
  return std::string(bytes.view());
}

class GoldenInfraEntry : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Cases, GoldenInfraEntry, ::testing::ValuesIn(golden::case_names(folder())),
                         [](const auto& case_info) { return case_info.param; });

TEST_P(GoldenInfraEntry, is_encoded_to_the_exact_line_and_read_back_by_two_parsers) {
  InfraLogEntry entry;
  oracle::InfraContext context{{}, "web-shop", "node-1"};
  for (const auto& [name, value] : golden::assignments(folder() / (GetParam() + ".txt"))) {
    if (name == "is_error") {
      entry.is_error = value == "true";
    } else if (name == "limits.body") {
      context.limits.max_body_bytes = std::stoull(value);
    } else if (name == "limits.stack") {
      context.limits.max_stack_bytes = std::stoull(value);
    } else {
      *members_of(entry).at(name) = value;
    }
  }
  const std::string line = encoded(entry, context);
  EXPECT_EQ(line + "\n", golden::expected_line(folder() / (GetParam() + ".json"), line));
  oracle::check_infra_entry(line, entry, context);
}

TEST(InfraEncoder, hostile_values_at_random_are_read_back_by_two_parsers) {
  SeededRandom random;
  const oracle::InfraContext context{{.max_body_bytes = 40, .max_stack_bytes = 60}, "web-shop", "node-1"};
  for (int round = 0; round < 3'000 && !::testing::Test::HasFatalFailure(); ++round) {
    InfraLogEntry entry;
    for (const auto& [name, member] : members_of(entry)) {
      if (random.one_in(3)) continue;
      const std::uint64_t size = random.one_in(100) ? random.below(20'000) : random.below(80);
      // Half of it ASCII, where escapes stand; half of any byte, where broken UTF-8 stands.
      const bool ascii = random.one_in(2);
      member->clear();
      for (std::uint64_t i = 0; i < size; ++i) *member += static_cast<char>(random.next() & (ascii ? 0x7F : 0xFF));
    }
    entry.is_error = random.one_in(2);
    oracle::check_infra_entry(encoded(entry, context), entry, context);
  }
}

}  // namespace
}  // namespace logs_sdk
