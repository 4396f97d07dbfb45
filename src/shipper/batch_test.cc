#include "src/shipper/batch.h"

#include <gtest/gtest.h>

#include <string>

#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

std::vector<Record> records_of(std::initializer_list<std::string_view> payloads) {
  std::vector<Record> records;
  for (const std::string_view payload : payloads) {
    records.push_back({{7, static_cast<std::uint32_t>(records.size())}, 1, payload});
  }
  return records;
}

std::string decompressed(const Batch& batch) {
  Decompressor decompressor(batch.encoding(), 1 << 20);
  std::string out;
  EXPECT_TRUE(decompressor.write(batch.payload(), out).ok());
  EXPECT_TRUE(decompressor.finish().ok());
  return out;
}

class BatchTest : public testing::Test {
 protected:
  SeededRandom random_;
  Compressor compressor_;
  Batch batch_;
};

TEST_F(BatchTest, joins_payloads_byte_for_byte) {
  batch_.fill(records_of({R"({"a":1})", "not even JSON", R"({"b":"中"})"}), random_);
  batch_.seal(Encoding::kIdentity, compressor_, "");
  EXPECT_EQ(batch_.payload(), R"({"logs":[{"a":1},not even JSON,{"b":"中"}]})");
  EXPECT_EQ(batch_.count(), 3U);
  EXPECT_EQ(batch_.stream(), 1);
  EXPECT_EQ(batch_.records()[2], (RecordId{7, 2}));
}

TEST_F(BatchTest, has_an_id_of_32_hex_digits_that_is_new_with_each_filling) {
  batch_.fill(records_of({"{}"}), random_);
  const std::string first = batch_.id();
  EXPECT_EQ(first.size(), 32U);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
  batch_.clear();
  batch_.fill(records_of({"{}"}), random_);
  EXPECT_NE(batch_.id(), first);
}

TEST_F(BatchTest, is_compressed_as_it_is_sealed) {
  for (const Encoding encoding : {Encoding::kZstd, Encoding::kGzip}) {
    batch_.fill(records_of({std::string(10'000, 'x')}), random_);
    batch_.seal(encoding, compressor_, "");
    EXPECT_EQ(batch_.encoding(), encoding);
    EXPECT_LT(batch_.payload().size(), 1000U);
    EXPECT_EQ(decompressed(batch_), "{\"logs\":[" + std::string(10'000, 'x') + "]}");
    batch_.clear();
  }
}

TEST_F(BatchTest, a_cleared_batch_holds_nothing_of_the_one_before) {
  batch_.fill(records_of({"{1}", "{2}"}), random_);
  batch_.seal(Encoding::kZstd, compressor_, "captured=2");
  batch_.clear();
  EXPECT_TRUE(batch_.empty());
  EXPECT_FALSE(batch_.sealed());
  batch_.fill(records_of({"{3}"}), random_);
  batch_.seal(Encoding::kIdentity, compressor_, "captured=3");
  EXPECT_EQ(batch_.payload(), "{\"logs\":[{3}]}");
  EXPECT_EQ(batch_.ledger(), "captured=3");
}

TEST(LedgerText, adds_both_storages_and_all_reasons) {
  LedgerTotals spooled{.captured = 100, .delivered = 50, .duplicate = 4, .rejected = 3, .dropped = {1, 2}};
  LedgerTotals in_memory{.captured = 10, .delivered = 5, .duplicate = 1, .rejected = 1, .dropped = {0, 0, 0, 2}};
  EXPECT_EQ(ledger_text(spooled, in_memory), "captured=110, delivered=55, duplicate=5, rejected=4, dropped=5");
}

}  // namespace
}  // namespace logs_sdk
