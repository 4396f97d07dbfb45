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
  void seal(Encoding encoding, std::string ledger = "", std::size_t max_body_bytes = SIZE_MAX) {
    batch_.seal({encoding, max_body_bytes, std::move(ledger)}, compressor_, random_);
  }
  // What travels next, uncompressed.
  std::string next(std::size_t max_body_bytes = SIZE_MAX) {
    seal(Encoding::kIdentity, "", max_body_bytes);
    return std::string(batch_.payload());
  }

  SeededRandom random_;
  Compressor compressor_;
  Batch batch_;
};

TEST_F(BatchTest, joins_payloads_byte_for_byte) {
  batch_.fill(records_of({R"({"a":1})", "not even JSON", R"({"b":"中"})"}));
  seal(Encoding::kIdentity, "");
  EXPECT_EQ(batch_.payload(), R"({"logs":[{"a":1},not even JSON,{"b":"中"}]})");
  EXPECT_EQ(batch_.count(), 3U);
  EXPECT_EQ(batch_.stream(), 1);
  EXPECT_EQ(batch_.records()[2], (RecordId{7, 2}));
}

TEST_F(BatchTest, has_an_id_of_32_hex_digits_that_is_new_with_each_sealing) {
  batch_.fill(records_of({"{}"}));
  next();
  const std::string first = batch_.id();
  EXPECT_EQ(first.size(), 32U);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
  batch_.reopen();
  next();
  EXPECT_NE(batch_.id(), first) << "other bytes, another name";
}

TEST_F(BatchTest, what_is_refused_travels_again_in_parts_and_what_is_settled_leaves) {
  batch_.fill(records_of({"{1}", "{2}", "{3}", "{4}"}));
  EXPECT_EQ(next(), R"({"logs":[{1},{2},{3},{4}]})");
  batch_.refused();
  EXPECT_EQ(next(), R"({"logs":[{1},{2}]})");
  EXPECT_EQ(batch_.entry(1), "{2}");
  batch_.taken();
  EXPECT_EQ(batch_.waiting(), 2U);
  EXPECT_EQ(next(), R"({"logs":[{3}]})");
  EXPECT_EQ(batch_.records()[0], (RecordId{7, 2}));
  EXPECT_EQ(batch_.entry(0), "{3}");
  batch_.refused();
  EXPECT_EQ(next(), R"({"logs":[{4}]})");
  EXPECT_FALSE(batch_.empty());
  batch_.taken();
  EXPECT_TRUE(batch_.empty());
}

TEST_F(BatchTest, as_much_travels_as_fits_and_at_least_one_record) {
  batch_.fill(records_of({"{1}", "{2}", "{3}", "{a larger one}"}));
  EXPECT_EQ(next(18), R"({"logs":[{1},{2}]})");
  EXPECT_EQ(batch_.body_bytes(), 18U);
  batch_.taken();
  EXPECT_EQ(next(17), R"({"logs":[{3}]})");
  batch_.taken();
  EXPECT_EQ(next(17), R"({"logs":[{a larger one}]})");
}

TEST_F(BatchTest, a_part_is_compressed_too) {
  batch_.fill(records_of({std::string(10'000, 'x'), std::string(10'000, 'y')}));
  next();
  batch_.refused();
  seal(Encoding::kZstd);
  EXPECT_EQ(decompressed(batch_), "{\"logs\":[" + std::string(10'000, 'x') + "]}");
}

TEST_F(BatchTest, is_compressed_as_it_is_sealed) {
  for (const Encoding encoding : {Encoding::kZstd, Encoding::kGzip}) {
    batch_.fill(records_of({std::string(10'000, 'x')}));
    seal(encoding, "");
    EXPECT_EQ(batch_.encoding(), encoding);
    EXPECT_LT(batch_.payload().size(), 1000U);
    EXPECT_EQ(decompressed(batch_), "{\"logs\":[" + std::string(10'000, 'x') + "]}");
    batch_.clear();
  }
}

TEST_F(BatchTest, a_cleared_batch_holds_nothing_of_the_one_before) {
  batch_.fill(records_of({"{1}", "{2}"}));
  seal(Encoding::kZstd, "captured=2");
  batch_.clear();
  EXPECT_TRUE(batch_.empty());
  EXPECT_FALSE(batch_.sealed());
  batch_.fill(records_of({"{3}"}));
  seal(Encoding::kIdentity, "captured=3");
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
