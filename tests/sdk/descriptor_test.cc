// What a program inherits that the application starts: nothing of the library's, however it is started and whatever the
// library does at the moment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "testing/file_bytes.h"
#include "testing/platform_sink.h"
#include "testing/temporary_folder.h"
#include "testing/tls_front.h"
#include "tests/sdk/victim_process.h"

namespace logs_sdk {
namespace {

using ::testing::HasSubstr;

class DescriptorTest : public ::testing::Test {
 protected:
  std::string run(std::vector<std::string> arguments, const std::string& endpoint) const {
    arguments.insert(arguments.begin(), SDK_STARTER);
    VictimProcess starter = VictimProcess::running(
        std::move(arguments),
        {"LOGS_SDK_ENDPOINT=" + endpoint, "LOGS_SDK_API_KEY=k", "LOGS_SDK_API_SECRET=s", "LOGS_SDK_PROJECT_SLUG=test",
         "LOGS_SDK_FLUSH_INTERVAL=0.05", "LOGS_SDK_OFFLINE_DIR=" + folder_.file("spool"), "LOGS_SDK_ALLOW_HTTP=true",
         "LOGS_SDK_CA_FILE=" + ca_file_, "no_proxy=*"});
    std::string said = starter.read_all();
    EXPECT_EQ(starter.wait(), 0) << said;
    return said;
  }
  // That the programs started with the library inherit what those started without it do.
  static void expect_the_same(const std::string& said) {
    const std::size_t with = said.find("with\n");
    ASSERT_NE(with, std::string::npos) << said;
    EXPECT_THAT(said, HasSubstr("0 "));
    EXPECT_EQ(said.substr(with + 5), said.substr(0, with));
  }

  TemporaryFolder folder_;
  PlatformSink sink_;
  std::string ca_file_;
};

TEST_F(DescriptorTest, a_program_started_while_the_library_ships_inherits_nothing_of_it) {
  expect_the_same(run({"ship"}, sink_.url()));
  EXPECT_EQ(sink_.entries().size(), 1u);
}

TEST_F(DescriptorTest, nor_does_one_started_while_it_ships_over_https) {
  const TestAuthority authority;
  const TlsFront front(sink_.server().port(), authority.issue());
  ca_file_ = folder_.file("ca.pem");
  replace_file(ca_file_, authority.certificate());
  expect_the_same(run({"ship"}, front.url()));
  EXPECT_EQ(sink_.entries().size(), 1u);
}

TEST_F(DescriptorTest, nor_does_one_started_while_the_platforms_name_is_looked_up) {
  const std::string url = "http://platform.test:" + std::to_string(sink_.server().port()) + "/api/v1/ingest/logs";
  expect_the_same(run({"look-up"}, url));
  EXPECT_EQ(sink_.entries().size(), 1u);
}

TEST_F(DescriptorTest, nor_do_those_that_are_forked_and_started_in_the_middle_of_its_start_and_end) {
  constexpr std::size_t kRounds = 100;
  std::istringstream said(run({"race", std::to_string(kRounds)}, sink_.url()));
  int started = 0, inherited = -1;
  said >> started >> inherited;
  EXPECT_EQ(inherited, 0) << "descriptors in " << started << " programs";
  EXPECT_GT(started, 0);
  EXPECT_EQ(sink_.entries().size(), kRounds);
}

// A list as long as that of a distribution, so that reading it takes its time.
TEST_F(DescriptorTest, nor_do_those_that_are_started_while_the_authorities_are_read) {
  const TestAuthority authority;
  const TlsFront front(sink_.server().port(), authority.issue());
  ca_file_ = folder_.file("ca.pem");
  std::string list;
  for (int i = 0; i < 300; ++i) list += authority.certificate();
  replace_file(ca_file_, list);
  constexpr std::size_t kRounds = 20;
  std::istringstream said(run({"race", std::to_string(kRounds)}, front.url()));
  int started = 0, inherited = -1;
  said >> started >> inherited;
  EXPECT_EQ(inherited, 0) << "descriptors in " << started << " programs";
  EXPECT_EQ(sink_.entries().size(), kRounds);
}

}  // namespace
}  // namespace logs_sdk
