#include "server/ingest/rejection_counts.h"

#include <gtest/gtest.h>

#include <string>

namespace logs_server {
namespace {

TEST(RejectionCounts, follow_the_reasons_that_the_parser_gives) {
  std::string body =
      R"({"logs":[7, {"project_slug":"bank"}, {"project_slug":{}}, {"status_code":[]}, {}, {"path":"/"}]})";
  ParsedBatch batch;
  ASSERT_FALSE(BatchParser().parse(body, {.project_slug = "shop", .received_at_us = 1}, batch));
  ASSERT_EQ(batch.rejected.size(), 5u);
  RejectionCounts counts;
  counts.add(batch.rejected);
  EXPECT_EQ(counts.of(RejectionClass::kNotAnEntry), 1u);
  EXPECT_EQ(counts.of(RejectionClass::kOtherProject), 1u);
  EXPECT_EQ(counts.of(RejectionClass::kField), 2u);
  EXPECT_EQ(counts.of(RejectionClass::kSaysNothing), 1u);
}

}  // namespace
}  // namespace logs_server
