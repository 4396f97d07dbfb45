#include "src/base/status.h"

#include <cerrno>
#include <memory>

#include "gtest/gtest.h"

namespace logs_sdk {
namespace {

TEST(Status, is_ok_unless_told_otherwise) {
  EXPECT_TRUE(Status().ok());
  EXPECT_FALSE(Status(Code::kRetry, "later").ok());
}

TEST(Status, errno_status_names_the_thing_the_reason_and_the_number) {
  const Status status = errno_status(Code::kConfiguration, "open /var/spool/x", EACCES);
  EXPECT_EQ(status.code(), Code::kConfiguration);
  EXPECT_EQ(status.message(), "open /var/spool/x: Permission denied (errno 13)");
}

TEST(Result, holds_a_value_that_can_be_moved_out) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(*std::move(result).value(), 7);
}

TEST(Result, holds_the_status_when_there_is_no_value) {
  const Result<int> result(Status(Code::kGiveUp, "segment 3: bad checksum"));
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.status().message(), "segment 3: bad checksum");
}

}  // namespace
}  // namespace logs_sdk
